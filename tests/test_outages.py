"""What fails for a while is in the log when it begins, each minute and when it is over, and not each time."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from consent_gateway.counting import Counting
from consent_gateway.ended import Ended
from consent_gateway.journal import Journal
from consent_gateway.keys import KeyRing
from consent_gateway.ledger import Ledger
from consent_gateway.outages import AGAIN_SECONDS, Outage
from consent_gateway.periods import Period
from consent_gateway.record import Submission
from consent_gateway.recording import Recording
from consent_gateway.report_counts import ReportCounts
from consent_gateway.reports import Blocked
from consent_gateway.salt_table import SaltTable
from consent_gateway.salts import Salts
from tests import postgresql
from tests.recorded import TERMS, TEXT, record

logger = logging.getLogger(__name__)


class Clock:
    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock(caplog: pytest.LogCaptureFixture) -> Clock:
    caplog.set_level(logging.INFO)
    return Clock()


@pytest.fixture
def outage(clock: Clock) -> Outage:
    return Outage(logger, "it is back", clock)


def test_it_is_said_when_it_begins_once_a_minute_and_when_it_is_over(
    outage: Outage, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    outage.works()
    for _ in range(26):
        outage.fails("gone: %s", "no way")
        clock.seconds += AGAIN_SECONDS / 12
    outage.works()
    outage.works()
    assert caplog.messages == [
        "gone: no way",
        "gone: no way (failed 11 more times meanwhile)",
        "gone: no way (failed 11 more times meanwhile)",
        "it is back (failed 1 more times meanwhile)",
    ]
    assert [one.levelname for one in caplog.records] == ["ERROR", "ERROR", "ERROR", "INFO"]


def test_what_comes_and_goes_by_the_second_does_not_flood_the_log_either(
    outage: Outage, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(90):
        outage.fails("gone")
        outage.works()
        clock.seconds += 1
    assert caplog.messages == ["gone", "it is back", "gone (failed 59 more times meanwhile)", "it is back"]


def test_the_error_is_in_the_log_where_nobody_thought_of_it(
    outage: Outage, caplog: pytest.LogCaptureFixture
) -> None:
    try:
        raise ValueError("nobody thought of it")
    except ValueError:
        outage.fails("gone", trace=True)
    assert "ValueError: nobody thought of it" in caplog.text


async def test_each_thing_that_needs_a_database_says_once_that_it_is_gone_and_once_that_it_is_back(
    state: Path, ring: KeyRing, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with postgresql.server() as server:

        def now() -> datetime:
            return datetime(2026, 1, 15, 12, tzinfo=UTC)

        ledger, counts = Ledger(server.url, ring), ReportCounts(server.url)
        table = SaltTable(server.url, ring, Period.parse("1 day"))
        for one in (ledger, counts, table):
            one.prepare()
        salts = Salts(table, Period.parse("1 day"), now, table.close)
        ended, counting = Ended(ledger, now), Counting(counts)
        recording = Recording(ledger, Journal(state, ring))

        blocked = Blocked(host="a.example", directive="img-src", owner="unlisted", day="2026-01-15")

        async def each() -> None:
            await salts._keep()
            await ended._keep()
            counting._waiting[blocked] += 1
            await counting._write()
            await recording.grant(Submission(record("grant"), TEXT, TERMS))

        await each()
        assert caplog.messages == []
        server.stop()
        for _ in range(3):
            await each()
        begun = [one.getMessage() for one in caplog.records if one.levelname == "ERROR"]
        server.start()
        await each()
        await asyncio.gather(salts.close(), ended.close(), counting.close())
        await recording.close()
    assert sorted(words.partition(":")[0] for words in begun) == [
        "no salt for pseudonyms, hits are dropped once it is needed",
        "the counts of reports cannot be written",
        "the ledger cannot be written",
        "withdrawals by way of other processes are not known now",
    ]
    assert sorted(caplog.messages[len(begun) :]) == [
        "the counts of reports are written again (failed 2 more times meanwhile)",
        "the ledger can be written again (failed 2 more times meanwhile)",
        "there are salts for pseudonyms again (failed 2 more times meanwhile)",
        "withdrawals by way of other processes are known again (failed 2 more times meanwhile)",
    ]
