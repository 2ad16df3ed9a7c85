"""The book of requests: encrypted, in the chain of the ledger, looked at by who has the key, removed in time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from consent_gateway.database import DatabaseUnavailable
from consent_gateway.keys import Key, KeyRing
from consent_gateway.ledger import Ledger
from consent_gateway.subject_requests import book as module
from consent_gateway.subject_requests.book import NoSuchRequest, Requests, TooMany
from consent_gateway.subject_requests.request import NotPossible
from tests.ledger.test_book import rows
from tests.received import NOW, WORDS, again, new
from tests.recorded import change, checked, opened, record, write

DAY = timedelta(days=1)


def events(url: str, ring: KeyRing) -> list[dict[str, Any]]:
    """What the ledger says of requests."""
    ledger = Ledger.to_read(url, ring)
    with ledger.view() as view:
        found = [entry.event for entry in view.entries() if entry.event]
    ledger.close()
    return found


def test_a_request_gets_a_number_a_due_date_and_is_there_after_a_restart(
    book: Requests, database_url: str, ring: KeyRing
) -> None:
    """PRC-09"""
    first, second = book.receive(new(), NOW), book.receive(new(kind="access"), NOW)
    assert (first.number, second.number, first.due) == (1, 2, date(2026, 12, 24))
    with again(database_url, ring) as later:
        assert later.all() == [first, second] and later.of(2) == second


def test_receiving_and_each_step_is_in_the_ledger_without_personal_data(
    book: Requests, database_url: str, ring: KeyRing
) -> None:
    request = book.receive(new(), NOW)
    extended = book.extend(1, 1, "many systems", NOW + DAY)
    answered = book.answer(1, "Erased.", NOW + 2 * DAY)
    assert book.of(1) == answered
    found = events(database_url, ring)
    assert [(one["event"], one["step"], one["request"], one["kind"], one["time"][:10], one["due"]) for one in found] == [
        ("request", "received", 1, "erase", "2026-11-24", "2026-12-24"),
        ("request", "extended", 1, "erase", "2026-11-25", "2027-01-24"),
        ("request", "answered", 1, "erase", "2026-11-26", "2027-01-24"),
    ]  # fmt: skip
    assert [one["digest"] for one in found] == [answered.digest(step) for step in answered.steps]
    assert request.digest(request.steps[0]) == found[0]["digest"] and extended.steps == answered.steps[:2]
    assert [step.record for step in answered.steps] == [1, 2, 3]
    for word in ("anna@", "account", "customer 4711", "many systems", "Erased", "www.example.com"):
        assert word not in repr(found)
    assert checked(database_url, ring).events == 3


def test_a_refusal_is_one_with_its_reason(book: Requests, database_url: str, ring: KeyRing) -> None:
    """PRC-09"""
    book.receive(new(), NOW)
    assert book.refuse(1, "Invoices are kept, Art. 17(3)(b).", NOW).status == "refused"
    assert events(database_url, ring)[-1]["step"] == "refused"


def test_the_database_alone_does_not_say_who_asked_what(
    book: Requests, database_url: str, ring: KeyRing
) -> None:
    request = book.receive(new(), NOW)
    book.answer(1, "Dear Anna, it is erased.", NOW)
    everything = rows(database_url)
    for word in ("anna@", WORDS, "www.example.com", "erase", "'form'", '"form"', request.key, "Dear Anna"):
        assert word not in everything
    with again(database_url, KeyRing((Key("other", b"o" * 32),))) as stranger, pytest.raises(DatabaseUnavailable, match="not among the keys"):  # fmt: skip
        stranger.all()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE requests SET due = '2027-12-24'",
        "UPDATE requests SET status = 'refused'",
        "UPDATE requests SET received = '2020-01-01T00:00:00+00:00'",
        "UPDATE requests SET number = 2",
        "UPDATE requests SET closed = '2020-01-01T00:00:00+00:00'",
    ],
)
def test_nobody_without_the_keys_changes_a_day_or_a_status(
    book: Requests, database_url: str, statement: str
) -> None:
    book.receive(new(), NOW)
    change(database_url, statement)
    with pytest.raises(DatabaseUnavailable, match="without the keys has changed it"):
        book.all()


def test_only_who_has_the_key_finds_a_request(book: Requests) -> None:
    request, other = book.receive(new(), NOW), book.receive(new(), NOW)
    assert book.of_sender(1, request.key) == request
    for number, key in ((1, other.key), (2, request.key), (1, ""), (1, "ü"), (1, "\ud800"), (3, request.key), (0, ""), (2**40, request.key)):  # fmt: skip
        assert book.of_sender(number, key) is None


def test_steps_with_what_is_not_there_or_closed_change_nothing(book: Requests) -> None:
    book.receive(new(), NOW)
    answered = book.answer(1, "Erased.", NOW)
    with pytest.raises(NotPossible, match="request 1 is already answered"):
        book.refuse(1, "no", NOW)
    for number in (0, 2, 2**40):
        with pytest.raises(NoSuchRequest, match=f"no request {number}"):
            book.answer(number, "x", NOW)
    assert book.all() == [answered]


def test_the_most_urgent_comes_first_and_what_is_late_is_named(book: Requests) -> None:
    """PRC-09"""
    book.receive(new(), NOW)
    book.receive(new(channel="post", received=NOW - 40 * DAY), NOW)
    book.receive(new(channel="post", received=NOW - 40 * DAY), NOW)
    book.answer(3, "Erased.", NOW)
    assert [one.number for one in book.open()] == [2, 1]
    assert [one.is_overdue(NOW.date()) for one in book.open()] == [True, False]
    assert all(one.is_overdue(date(2026, 12, 25)) for one in book.open())


def test_several_processes_give_each_number_once(book: Requests, database_url: str, ring: KeyRing) -> None:
    def receive(_: int) -> int:
        with again(database_url, ring) as one:
            return one.receive(new(), NOW).number

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(receive, range(12))) == list(range(1, 13))
    assert checked(database_url, ring).events == 12


def test_the_form_takes_so_many_an_hour_and_says_when_again(
    book: Requests, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_AN_HOUR", 3)
    for minutes in (0, 10, 20):
        at = NOW + timedelta(minutes=minutes)
        book.receive(new(received=at), at)
    now = NOW + timedelta(minutes=30)
    with pytest.raises(TooMany) as raised:
        book.receive(new(received=now), now)
    assert raised.value.seconds == 30 * 60
    assert book.receive(new(channel="phone", received=now), now).number == 4
    now = NOW + timedelta(minutes=60, seconds=1)
    assert book.receive(new(received=now), now).number == 5
    with pytest.raises(TooMany):
        book.receive(new(received=now), now)


def test_nothing_of_what_fails_half_way_is_kept(book: Requests, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise sa.exc.OperationalError("INSERT", {}, Exception("disk full"))

    with monkeypatch.context() as patched:
        patched.setattr(book.outbox, "add", broken)
        with pytest.raises(DatabaseUnavailable):
            book.receive(new(), NOW)
    assert book.all() == [] and book.receive(new(), NOW).number == 1


def test_what_is_closed_long_enough_is_removed_and_what_is_open_never(
    book: Requests, database_url: str, ring: KeyRing
) -> None:
    """POL-05"""
    for _ in range(4):
        book.receive(new(), NOW, [("crm", "CRM")])
    book.answer(1, "Erased.", NOW)
    book.refuse(2, "no", NOW)
    book.answer(3, "Erased.", NOW + DAY)
    purged = book.purge(NOW + timedelta(seconds=1), NOW + 1000 * DAY)
    assert (purged.requests, [one.number for one in book.all()]) == (2, [3, 4])
    assert {one.request for one in book.outbox.waiting()} == {3, 4}
    assert events(database_url, ring)[-1] == {
        "event": "request", "step": "purged", "requests": [[1, 2]], "closed_before": "2026-11-24T10:30:01+00:00",
        "time": "2029-08-20T10:30:00+00:00",
    }  # fmt: skip
    before = len(events(database_url, ring))
    assert book.purge(NOW, NOW).requests == 0 and len(events(database_url, ring)) == before
    checked(database_url, ring)


def test_a_number_is_never_given_again(book: Requests) -> None:
    book.receive(new(), NOW)
    book.answer(1, "Erased.", NOW)
    book.purge(NOW + DAY, NOW + DAY)
    assert (book.all(), book.receive(new(), NOW).number) == ([], 2)


def test_records_and_requests_share_one_chain(book: Requests, database_url: str, ring: KeyRing) -> None:
    with opened(database_url, ring) as ledger:
        write(ledger, record())
        book.receive(new(), NOW)
        write(ledger, record("withdrawal"))
        book.answer(1, "Erased.", NOW)
        ledger.erase([1], {"event": "purge"})
    found = checked(database_url, ring)
    assert (found.records, found.events, found.erased) == (1, 3, {1})


def test_without_a_ledger_nothing_is_taken(database_url: str, ring: KeyRing) -> None:
    with again(database_url, ring) as lonely, pytest.raises(DatabaseUnavailable, match="serve makes it"):
        lonely.receive(new(), NOW)


def test_a_ledger_from_before_there_were_requests_has_none(database_url: str, ring: KeyRing) -> None:
    with opened(database_url, ring) as ledger:
        write(ledger, record())
    reading = Requests.to_read(database_url, ring)
    assert (reading.all(), reading.of(1), reading.outbox.waiting(), reading.notices.all()) == ([], None, [], [])  # fmt: skip
    assert (reading.advance_notices.all(), reading.open()) == ([], [])
    reading.close()


def test_keys_may_come_and_go(book: Requests, database_url: str, ring: KeyRing) -> None:
    request = book.receive(new(), NOW)
    newer = KeyRing((*ring.keys, Key("newer", b"n" * 32)), ring.root.secret)
    with opened(database_url, newer):
        pass
    with again(database_url, KeyRing((Key("newer", b"n" * 32),), ring.root.secret)) as later:
        assert later.all() == [request]
