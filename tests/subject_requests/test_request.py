"""A request: what is taken, by when it is to be answered, and what may be done with it in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from consent_gateway.subject_requests.request import (
    CLEAR,
    NewRequest,
    NotPossible,
    SubjectRequest,
    Unacceptable,
    address,
    due,
    joined,
    sealed_part,
)

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)


def new(**values: object) -> NewRequest:
    given: dict[str, object] = {
        "kind": "erase",
        "reply_to": "anna@example.com",
        "message": "Please erase my account.",
        "language": "de",
        "host": "www.example.com",
        "received": NOW,
    }
    return NewRequest(**given | values)  # type: ignore[arg-type]


@pytest.fixture
def request_(now: datetime) -> SubjectRequest:
    return SubjectRequest.of(new(), 3, now)


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("kind", "delete", "must be one of access, rectify, erase, restrict, object"),
        ("channel", "fax", "must be one of form, post, e-mail, phone"),
        ("reply_to", "", "must not be empty"),
        ("reply_to", "   ", "must not be empty"),
        ("reply_to", "a" * 321, "must have 320 characters at most"),
        ("reply_to", "anna@example.com\nBcc: all@example.com", "must not have control characters"),
        ("reply_to", "an\u2028na", "must not have control characters"),
        ("message", "a" * 10_001, "must have 10000 characters at most"),
        ("message", "\x1b[2J", "must not have control characters"),
        ("message", "\ud800", "must not have control characters"),
        ("received", datetime(2026, 11, 24), "must say its time zone"),  # noqa: DTZ001
    ],
)
def test_what_is_not_taken_is_named_with_field_and_reason(field: str, value: object, reason: str) -> None:
    with pytest.raises(Unacceptable) as raised:
        new(**{field: value})
    assert raised.value.field == field and reason in raised.value.reason


def test_the_longest_are_taken_and_lines_are_of_one_kind() -> None:
    assert new(reply_to="a" * 320, message="b" * 10_000).message == "b" * 10_000
    assert new(message="one\r\ntwo\rthree\n\tfour").message == "one\ntwo\nthree\n\tfour"
    assert new(message="").message == ""


@pytest.mark.parametrize(
    ("received", "months", "day"),
    [
        ("2026-11-24", 1, "2026-12-24"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-08-31", 3, "2026-11-30"),
        ("2026-12-31", 2, "2027-02-28"),
    ],
)
def test_due_is_one_calendar_month_after_receipt(received: str, months: int, day: str) -> None:
    """PRC-09"""
    assert due(datetime.fromisoformat(received).replace(tzinfo=UTC), months) == date.fromisoformat(day)


def test_the_day_of_receipt_is_that_of_utc() -> None:
    east = datetime(2026, 11, 25, 0, 30, tzinfo=timezone(timedelta(hours=2)))
    assert due(east, 1) == date(2026, 12, 24)


def test_a_new_one_is_open_and_has_a_key_of_its_own(request_: SubjectRequest, now: datetime) -> None:
    """PRC-09"""
    assert (request_.status, request_.due) == ("open", date(2026, 12, 24))
    assert [step.what for step in request_.steps] == ["received"]
    assert len(request_.key) == 22 and request_.key != SubjectRequest.of(new(), 3, now).key


def test_it_is_overdue_the_day_after_and_only_while_it_is_open(request_: SubjectRequest) -> None:
    """PRC-09"""
    assert not request_.is_overdue(date(2026, 12, 24)) and request_.is_overdue(date(2026, 12, 25))
    assert (request_.days_left(date(2026, 12, 1)), request_.days_left(date(2026, 12, 26))) == (23, -2)
    assert not request_.answered("Done.", NOW).is_overdue(date(2027, 12, 25))


def test_an_extension_is_by_two_months_at_most_with_a_reason_within_the_first(
    request_: SubjectRequest,
) -> None:
    """PRC-09"""
    last_day = datetime(2026, 12, 24, 23, 59, tzinfo=UTC)
    extended = request_.extended(2, "many systems", last_day)
    assert (extended.status, extended.due, extended.steps[-1].text) == ("extended", date(2027, 2, 24), "many systems")  # fmt: skip
    with pytest.raises(NotPossible, match="within a month of receipt"):
        request_.extended(1, "many systems", last_day + timedelta(minutes=1))
    for months in (0, 3):
        with pytest.raises(Unacceptable, match="months: must be 1 to 2"):
            request_.extended(months, "many systems", NOW)
    with pytest.raises(Unacceptable, match="reason: must not be empty"):
        request_.extended(1, " ", NOW)
    with pytest.raises(NotPossible, match="already extended"):
        extended.extended(1, "once more", NOW)


def test_an_answer_closes_it_also_after_its_day_and_once(request_: SubjectRequest) -> None:
    late = NOW + timedelta(days=90)
    answered = request_.extended(1, "many systems", NOW).answered("Erased.", late)
    assert (answered.status, answered.closed, answered.is_open) == ("answered", late, False)
    for step in ("answered", "refused"):
        with pytest.raises(NotPossible, match="already answered"):
            getattr(answered, step)("again", late)


def test_a_refusal_has_a_reason(request_: SubjectRequest) -> None:
    """PRC-09"""
    refused = request_.refused("We have to keep invoices, Art. 17(3)(b) GDPR.", NOW)
    assert (refused.status, refused.closed) == ("refused", NOW)
    with pytest.raises(Unacceptable, match="text: must not be empty"):
        request_.refused("", NOW)


def test_what_is_sealed_and_what_is_clear_make_the_whole(request_: SubjectRequest) -> None:
    one = request_.extended(1, "many\r\nsystems", NOW).answered("Erased.", NOW)
    clear = {name: getattr(one, name) for name in CLEAR}
    assert joined(clear, sealed_part(one)) == one
    assert "anna@example.com" not in repr(clear)


def test_it_is_never_in_a_log_by_its_repr(request_: SubjectRequest) -> None:
    for one in (new(), request_.answered("Dear Anna", NOW)):
        for secret in ("anna@example.com", "my account", "Dear Anna", request_.key, request_.steps[0].salt):
            assert secret not in repr(one)


def test_a_digest_commits_to_every_word_and_says_none(request_: SubjectRequest) -> None:
    received = request_.steps[0]
    digests = {
        request_.digest(received),
        *(
            replace(request_, **{name: "other"}).digest(received)  # type: ignore[arg-type]
            for name in ("kind", "reply_to", "message", "language", "host", "channel")
        ),
        replace(request_, number=4).digest(received),
        replace(request_, received=NOW + timedelta(1)).digest(received),
        request_.digest(replace(received, salt="00" * 16)),
    }
    assert len(digests) == 10
    answered = request_.answered("Erased.", NOW)
    assert answered.digest(received) == request_.digest(received)
    step = answered.steps[-1]
    assert answered.digest(step) != answered.digest(replace(step, text="Kept."))


def test_its_id_is_the_same_whatever_happens_to_it(request_: SubjectRequest, now: datetime) -> None:
    assert request_.answered("Erased.", NOW).id == request_.id
    assert request_.id.startswith("request-3-") and SubjectRequest.of(new(), 3, now).id != request_.id


def test_a_request_was_received_when_it_came_and_the_other_steps_when_they_were_taken() -> None:
    came = datetime(2026, 10, 20, 23, tzinfo=UTC)
    request = SubjectRequest.of(new(channel="post", received=came), 3, NOW).answered("Erased.", NOW)
    assert [request.day_of(step) for step in request.steps] == [date(2026, 10, 20), date(2026, 11, 24)]
    assert [step.time for step in request.steps] == [NOW, NOW]
    zone = timezone(timedelta(hours=-3))
    assert replace(request, received=came.astimezone(zone)).day_of(request.steps[0]) == date(2026, 10, 20)


def test_its_address_has_number_and_key_and_the_language_where_it_is_known(request_: SubjectRequest) -> None:
    key = request_.key
    assert address("/.privacy", request_) == f"/.privacy/request?number=3&key={key}&language=de"
    assert address("/p", replace(request_, language="")) == f"/p/request?number=3&key={key}"
