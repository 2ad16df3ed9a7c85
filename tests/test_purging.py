"""What has served its time goes, of everything that the gateway keeps, and by the clock alone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from consent_gateway import purging as module
from consent_gateway.datafile import parse
from consent_gateway.keys import KeyRing
from consent_gateway.ledger import Ledger
from consent_gateway.ledger.checks import check
from consent_gateway.purging import A_DAY, AN_HOUR, DailyPurge, Over, Purging
from consent_gateway.report_counts import ReportCounts
from consent_gateway.reports import Blocked
from consent_gateway.site import Site
from consent_gateway.subject_requests.book import Purged, Requests
from consent_gateway.subject_requests.request import NewRequest
from tests import postgresql
from tests.recorded import change, record, write

SITE = """
[retention.consent]
period = "2 years"
ground = "Art. 7(1) GDPR"
[retention.requests]
period = "3 years"
ground = "Art. 5(2) GDPR"
[retention.reports]
period = "30 days"
ground = "what the website needs"
"""
START = datetime(2026, 1, 15, 12, tzinfo=UTC)


@pytest.fixture
def purging(database_url: str, ring: KeyRing) -> Iterator[Purging]:
    """With a grant, a request that was answered, one that is open, and a count, all of one day."""
    purging = Purging.of(database_url, ring, parse(SITE, Site, file="site.toml"))
    write(purging._ledger, record("grant", receipt="mine", time=START.isoformat()))
    requests = Requests(database_url, ring)
    for _ in range(2):
        requests.receive(NewRequest(kind="access", reply_to="a@example.org", received=START), START)
    requests.answer(1, "Here it is.", START)
    requests.close()
    counts = ReportCounts(database_url)
    counts.add({Blocked(host="a.example", directive="img-src", owner="unlisted", day="2026-01-15"): 1})
    counts.close()
    yield purging
    purging.close()


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (datetime(2026, 2, 14, 12, tzinfo=UTC), (0, 0, 0)),
        (datetime(2026, 2, 15, 12, tzinfo=UTC), (0, 0, 1)),
        (datetime(2028, 7, 15, 11, tzinfo=UTC), (0, 0, 1)),
        (datetime(2028, 7, 15, 12, tzinfo=UTC), (1, 0, 1)),  # two years after the six months have passed
        (datetime(2029, 1, 15, 12, tzinfo=UTC), (1, 0, 1)),
        (datetime(2029, 1, 15, 13, tzinfo=UTC), (1, 1, 1)),
    ],
)
def test_POL_05_a_clock_moved_forward_proves_every_period(
    purging: Purging, database_url: str, ring: KeyRing, day: datetime, found: tuple[int, int, int]
) -> None:
    over = purging.over(day)
    assert (len(over.records), over.requests.requests, over.days) == found
    assert purging.remove(over, day) == over
    assert str(purging.over(day)) == ""
    requests = Requests.to_read(database_url, ring)
    assert [one.number for one in requests.all()] == ([2] if found[1] else [1, 2])
    requests.close()
    with purging._ledger.view() as view:
        assert check(view, today=day.date().isoformat()).erased == ({1} if found[0] else set())


def test_what_was_done_is_said_in_words() -> None:
    assert str(Over([], Purged(), 0)) == ""
    assert str(Over([], Purged(1, 2, 0), 1)) == "1 request, 2 recipient notices, 1 day of counts"


def test_the_daily_purge_says_what_it_removed_and_comes_again_the_next_day(
    purging: Purging, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    assert DailyPurge(purging, lambda: START + timedelta(days=40)).purge() == A_DAY
    assert "removed, for it has served its time: 1 day of counts" in caplog.text
    caplog.clear()
    assert DailyPurge(purging, lambda: START + timedelta(days=40)).purge() == A_DAY
    assert "removed" not in caplog.text


def test_a_broken_ledger_is_left_as_it_is_and_asked_again_within_the_hour(
    purging: Purging, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    change(database_url, "UPDATE ledger_entries SET chain = 'x' WHERE number = 1")
    assert DailyPurge(purging, lambda: datetime(2030, 1, 1, tzinfo=UTC)).purge() == AN_HOUR
    assert "cannot be removed: consent: broken: record 1" in caplog.text


BREAKING = {
    "consent": "UPDATE ledger_entries SET chain = 'x' WHERE number = 1",
    "requests": "ALTER TABLE request_advance_notices RENAME TO somewhere_else",
    "reports": "ALTER TABLE reports RENAME TO somewhere_else",
}


@pytest.mark.parametrize("broken", BREAKING)
def test_POL_05_what_is_broken_keeps_nothing_else(
    purging: Purging, database_url: str, broken: str, caplog: pytest.LogCaptureFixture
) -> None:
    change(database_url, BREAKING[broken])
    day = datetime(2030, 1, 1, tzinfo=UTC)
    done = purging.remove(purging.over(day), day)
    removed = {"consent": len(done.records), "requests": done.requests.requests, "reports": done.days}
    assert removed == {"consent": 1, "requests": 1, "reports": 1} | {broken: 0}
    assert done.failed.keys() == {broken}
    assert str(purging.over(day)) == ""
    assert DailyPurge(purging, lambda: day).purge() == AN_HOUR
    assert f"cannot be removed: {broken}: " in caplog.text


def test_a_database_that_is_gone_is_said_once_and_nothing_of_what_was_not_removed(
    ring: KeyRing, caplog: pytest.LogCaptureFixture
) -> None:
    with postgresql.server() as server:
        purging = Purging.of(server.url, ring, parse(SITE, Site, file="site.toml"))
        try:
            server.stop()
            assert DailyPurge(purging, lambda: datetime(2030, 1, 1, tzinfo=UTC)).purge() == AN_HOUR
            server.start()
        finally:
            purging.close()
    (told,) = caplog.messages
    assert told.startswith(
        "what has served its time cannot be removed: consent, requests, reports: postgresql"
    )


async def test_a_running_gateway_purges_by_itself(purging: Purging, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SOON_SECONDS", 0.0)
    later = datetime(2030, 1, 1, tzinfo=UTC)
    loop, removed, remove = asyncio.get_running_loop(), asyncio.Event(), purging.remove

    def noted(over: Over, now: datetime) -> Over:
        done = remove(over, now)
        loop.call_soon_threadsafe(removed.set)
        return done

    monkeypatch.setattr(purging, "remove", noted)
    daily = DailyPurge(purging, lambda: later)
    daily.begin()
    await asyncio.wait_for(removed.wait(), 20)
    assert str(purging.over(later)) == ""
    await daily.close()


def test_two_at_once_remove_everything_once(purging: Purging, database_url: str, ring: KeyRing) -> None:
    later = datetime(2030, 1, 1, tzinfo=UTC)
    other = Purging.of(database_url, ring, parse(SITE, Site, file="site.toml"))
    mine, theirs = purging.over(later), other.over(later)
    assert len(purging.remove(mine, later).records) == 1
    assert other.remove(theirs, later).records == []
    other.close()
    book = Ledger(database_url, ring)
    with book.view() as view:
        assert check(view, today="2030-01-01").erased == {1}
        events = [one.event["event"] for one in view.entries() if one.event]
    assert events.count("purge") == 1
    book.close()
