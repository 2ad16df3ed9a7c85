"""Recipients who are to be told, and notices in advance that can be proved."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from consent_gateway.database import DatabaseUnavailable
from consent_gateway.keys import KeyRing
from consent_gateway.subject_requests.book import Requests
from consent_gateway.subject_requests.notice_book import NoSuchNotice
from consent_gateway.subject_requests.notices import NewAdvanceNotice
from consent_gateway.subject_requests.request import NotPossible, Unacceptable
from tests.ledger.test_book import rows
from tests.received import NOW, again, new
from tests.recorded import change, checked
from tests.subject_requests.test_book import events

RECIPIENTS = [("google-analytics", "Google Analytics"), ("crm", "Example CRM")]
LATER = NOW + timedelta(days=2)


@pytest.mark.parametrize("kind", ["rectify", "erase", "restrict"])
def test_every_recipient_is_to_be_told_of_what_was_received(book: Requests, kind: str) -> None:
    """PRC-10"""
    book.receive(new(kind=kind), NOW, RECIPIENTS)
    assert [(one.number, one.right, one.recipient, one.name, one.request, one.time) for one in book.notices.open()] == [
        (1, kind, "google-analytics", "Google Analytics", 1, NOW),
        (2, kind, "crm", "Example CRM", 1, NOW),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["access", "object"])
def test_of_other_requests_nobody_is_told(book: Requests, kind: str) -> None:
    """PRC-10"""
    book.receive(new(kind=kind), NOW, RECIPIENTS)
    assert book.notices.all() == []
    with pytest.raises(Unacceptable, match=r"Art\. 19"):
        book.notices.notices_for(kind, RECIPIENTS, NOW)


def test_a_right_exercised_at_the_gateway_has_no_request(book: Requests) -> None:
    """PRC-10"""
    (notice, _) = book.notices.notices_for("erase", RECIPIENTS, NOW)
    assert notice.request is None and book.notices.open()[0] == notice


def test_who_was_told_is_done_and_the_ledger_has_it(book: Requests, database_url: str, ring: KeyRing) -> None:
    book.notices.notices_for("erase", RECIPIENTS, NOW)
    assert book.notices.told(1, LATER).told == LATER
    done = book.notices.told(2, LATER, impossible="the company is gone")
    assert book.notices.open() == [] and book.notices.all()[1] == done
    assert [(one["event"], one["step"], one["notice"], one["recipient"]) for one in events(database_url, ring)] == [
        ("recipient_notice", "told", 1, "google-analytics"),
        ("recipient_notice", "not possible", 2, "crm"),
    ]  # fmt: skip
    with pytest.raises(NotPossible, match="is done since 2026-11-26"):
        book.notices.told(1, LATER)
    for number in (0, 3, 2**40):
        with pytest.raises(NoSuchNotice):
            book.notices.told(number, LATER)
    checked(database_url, ring)


def advance(**values: object) -> NewAdvanceNotice:
    given: dict[str, object] = {
        "who": "Anna Muster, customer 4711",
        "recipient": "Collect GmbH",
        "planned": date(2026, 12, 15),
        "text": "We will hand over your data.",
        "now": NOW,
    }
    return NewAdvanceNotice(**given | values)  # type: ignore[arg-type]


def test_an_advance_notice_is_kept_encrypted_dated_and_in_the_ledger(
    book: Requests, database_url: str, ring: KeyRing
) -> None:
    kept = book.notices.record_advance(advance())
    assert (kept.number, kept.record, kept.time, kept.planned) == (1, 1, NOW, date(2026, 12, 15))
    (event,) = events(database_url, ring)
    assert event == {
        "event": "advance_notice", "notice": 1, "planned": "2026-12-15", "time": "2026-11-24T10:30:00+00:00",
        "digest": kept.digest,
    }  # fmt: skip
    for word in ("Anna", "4711", "Collect", "hand over"):
        assert word not in rows(database_url)
    with again(database_url, ring) as later:
        assert later.notices.advance() == [kept] and later.notices.advance()[0].digest == event["digest"]
    checked(database_url, ring)


@pytest.mark.parametrize("column", ["time = '2026-11-01T00:00:00+00:00'", "planned = '2026-12-31'", "number = 2"])  # fmt: skip
def test_nobody_without_the_keys_dates_a_notice_back(book: Requests, database_url: str, column: str) -> None:
    book.notices.record_advance(advance())
    change(database_url, f"UPDATE request_advance_notices SET {column}")
    with pytest.raises(DatabaseUnavailable, match="without the keys has changed it"):
        book.notices.advance()


def test_notices_are_removed_when_their_time_is_over(book: Requests) -> None:
    """POL-05"""
    book.notices.notices_for("erase", RECIPIENTS, NOW)
    book.notices.told(1, NOW)
    book.notices.record_advance(advance(planned=date(2026, 11, 25)))
    book.notices.record_advance(advance(planned=date(2027, 11, 25)))
    purged = book.purge(datetime(2027, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
    assert (purged.requests, purged.recipient_notices, purged.advance_notices) == (0, 1, 1)
    assert [one.number for one in book.notices.all()] == [2]
    assert [one.number for one in book.notices.advance()] == [2]
