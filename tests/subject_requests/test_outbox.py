"""The outbox: filled with the request, claimed by one at a time, tried ever more seldom."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from consent_gateway.keys import KeyRing
from consent_gateway.subject_requests.book import Requests
from consent_gateway.subject_requests.outbox import LEASE, Delivery
from tests.received import NOW, again, new

BOTH = ("smtp", "webhook")


def claimed(book: Requests, routes: Sequence[str], now: datetime) -> list[Delivery]:
    """Everything that can be claimed."""
    return list(iter(lambda: book.outbox.claim(routes, now), None))


def named(found: list[Delivery]) -> list[tuple[int, str]]:
    return [(one.request, one.route) for one in found]


def test_a_request_waits_on_each_of_its_ways_from_the_start(book: Requests) -> None:
    book.receive(new(), NOW)
    assert named(book.outbox.waiting()) == [(1, "smtp"), (1, "webhook")]
    assert {one.next_attempt for one in book.outbox.of(1)} == {NOW}


def test_without_a_way_nothing_waits(book: Requests, database_url: str, ring: KeyRing) -> None:
    with again(database_url, ring) as silent:
        silent.receive(new(), NOW)
    assert book.outbox.waiting() == []


def test_what_is_claimed_is_nobody_elses_until_the_lease_ends(book: Requests) -> None:
    book.receive(new(), NOW)
    assert named(claimed(book, BOTH, NOW)) == [(1, "smtp"), (1, "webhook")]
    assert book.outbox.claim(BOTH, NOW + LEASE - timedelta(seconds=1)) is None
    assert [one.attempts for one in claimed(book, BOTH, NOW + LEASE)] == [1, 1]


def test_only_those_that_somebody_can_send_are_claimed(book: Requests) -> None:
    book.receive(new(), NOW)
    assert named(claimed(book, ("webhook",), NOW)) == [(1, "webhook")]
    assert book.outbox.claim((), NOW) is None


def test_who_claims_at_once_shares_and_nobody_gets_one_twice(
    book: Requests, database_url: str, ring: KeyRing
) -> None:
    for _ in range(15):
        book.receive(new(), NOW)

    def claim(_: int) -> list[tuple[int, str]]:
        with again(database_url, ring) as one:
            return named(claimed(one, BOTH, NOW))

    with ThreadPoolExecutor(4) as pool:
        found = [one for mine in pool.map(claim, range(6)) for one in mine]
    assert len(found) == 30 and len(set(found)) == 30


def test_pauses_grow_to_a_day_and_go_on(book: Requests) -> None:
    book.receive(new(), NOW)
    now, pauses = NOW, []
    for _ in range(9):
        one = book.outbox.claim(("smtp",), now)
        assert one
        again_at: datetime = book.outbox.failed(one, "answered 451", now)
        assert book.outbox.claim(("smtp",), again_at - timedelta(seconds=1)) is None
        pauses.append((again_at - now) / timedelta(minutes=1))
        now = again_at
    assert pauses == [1, 5, 15, 60, 240, 720, 1440, 1440, 1440]
    (kept, _) = book.outbox.of(1)
    assert (kept.attempts, kept.last_error, kept.done) == (9, "answered 451", None)


def test_what_was_accepted_is_done_for_good(book: Requests) -> None:
    book.receive(new(), NOW)
    one = book.outbox.claim(("smtp",), NOW)
    assert one
    book.outbox.accepted(one, NOW)
    assert book.outbox.of(1)[0].done == NOW and named(book.outbox.waiting()) == [(1, "webhook")]
    assert book.outbox.claim(("smtp",), NOW + timedelta(days=9)) is None
