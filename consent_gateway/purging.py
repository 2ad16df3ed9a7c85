"""What has served its time goes: the periods of the site file, applied to all that the gateway keeps."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeVar

from consent_gateway.database import DatabaseUnavailable, Url
from consent_gateway.expiry import Expiring, due
from consent_gateway.keys import KeyRing
from consent_gateway.ledger import Ledger, LedgerBroken
from consent_gateway.ledger.entries import PURGE
from consent_gateway.ledger.tables import ENTRIES
from consent_gateway.record import Record
from consent_gateway.repeating import Repeating
from consent_gateway.report_counts import ReportCounts
from consent_gateway.retention import rule_of
from consent_gateway.site import Site
from consent_gateway.site_tables import CONSENT, REPORTS, REQUESTS
from consent_gateway.subject_requests.book import Purged, Requests

logger = logging.getLogger(__name__)

T = TypeVar("T")
Records = Iterable[tuple[int, Record]]
Reading = Callable[[Records, int], Records]

AT_A_TIME = 500  # in one transaction: the gateway waits for it
BREATH = 200  # records, after which the requests get their turn
REST_SECONDS = 0.01
SOON_SECONDS, AN_HOUR, A_DAY = 60.0, 3600.0, 24 * 3600.0


def gently(records: Records, count: int) -> Iterator[tuple[int, Record]]:
    """The same records, with pauses: a large ledger is looked through beside the requests."""
    for number, one in enumerate(records, start=1):
        yield one
        if number % BREATH == 0:
            time.sleep(REST_SECONDS)


@dataclass(frozen=True, slots=True)
class Over:
    """What has served its time: records of consent, requests with the notices about them, days of counts.
    `failed` says why one of the three, by its id, could not be looked at or removed; `left` is why what was
    removed is still in the files of the database."""

    records: list[Expiring]
    requests: Purged
    days: int
    failed: Mapping[str, str] = field(default_factory=dict)
    left: str = ""

    def __str__(self) -> str:
        """In words; empty where there is nothing."""
        found = [
            _said(self.records),
            _number(self.requests.requests, "request"),
            _number(self.requests.recipient_notices, "recipient notice"),
            _number(self.requests.advance_notices, "advance notice"),
            _number(self.days, "day") + " of counts" if self.days else "",
        ]
        return ", ".join(words for words in found if words)

    @property
    def faults(self) -> list[str]:
        """What failed, a line for each reason."""
        reasons = dict.fromkeys(self.failed.values())
        return [
            f"{', '.join(id for id, why in self.failed.items() if why == reason)}: {reason}"
            for reason in reasons
        ]


class Purging:
    """Looks for what has served its time by the site file, and removes it. Opening it raises
    DatabaseUnavailable; its methods block."""

    def __init__(self, ledger: Ledger, requests: Requests, counts: ReportCounts, site: Site) -> None:
        self._ledger = ledger
        self._requests = requests
        self._counts = counts
        self._rules = {id: rule_of(site, id) for id in (CONSENT, REQUESTS, REPORTS)}

    @classmethod
    def of(cls, url: Url, ring: KeyRing, site: Site) -> Purging:
        """With a database of its own, in which whatever is missing is made."""
        return cls(Ledger(url, ring), Requests(url, ring), ReportCounts(url), site)._prepared()

    @classmethod
    def to_read(cls, url: Url, ring: KeyRing, site: Site) -> Purging:
        """One that only looks: nothing is made or changed."""
        counts = ReportCounts.to_read(url, wanted=[ENTRIES])
        return cls(Ledger.to_read(url, ring), Requests.to_read(url, ring), counts, site)

    def _prepared(self) -> Purging:
        with ExitStack() as on_failure:
            on_failure.callback(self.close)
            for one in (self._ledger, self._requests, self._counts):
                one.prepare()
            on_failure.pop_all()
        return self

    def close(self) -> None:
        for one in (self._ledger, self._requests, self._counts):
            one.close()

    def over(self, now: datetime, read: Reading = gently) -> Over:
        """What is due; the records of the ledger are `read` one by one. What cannot be read hides nothing else."""
        failed: dict[str, str] = {}
        nothing: list[Expiring] = []
        records = _tried(CONSENT, lambda: self._expired(now, read), nothing, failed)
        requests = _tried(REQUESTS, lambda: self._requests.due(self._before(REQUESTS, now)), Purged(), failed)
        days = _tried(REPORTS, lambda: self._counts.due(self._day(now)), 0, failed)
        return Over(records, requests, days, failed)

    def remove(self, over: Over, now: datetime) -> Over:
        """Removes it, several records in one transaction, and each class whatever becomes of the others, but
        nothing of one that could not be looked at; returns what is removed, and why something is not, or is
        still in the files of the database."""
        failed = dict(over.failed)
        records: list[Expiring] = []
        _tried(CONSENT, lambda: self._erase(over.records, now, records), None, failed)
        before = self._before(REQUESTS, now)
        requests = _tried(REQUESTS, lambda: self._requests.purge(before, now), Purged(), failed)
        days = _tried(REPORTS, lambda: self._forget_counts(over.days, now), 0, failed)
        done = Over(records, requests, days, failed)
        return replace(done, left=self._left(now, is_there=bool(str(done)) or not failed))

    def _forget_counts(self, days: int, now: datetime) -> int:
        self._counts.forget(self._day(now))
        return days

    def _expired(self, now: datetime, read: Reading) -> list[Expiring]:
        with self._ledger.view() as view:
            return due(read(view.records(), view.count()), self._rules[CONSENT].period, now)

    def _erase(self, records: list[Expiring], now: datetime, erased: list[Expiring]) -> None:
        rule = self._rules[CONSENT]
        event = {
            "event": PURGE,
            "time": now.isoformat(timespec="seconds"),
            "period": str(rule.period),
            "ground": str(rule.ground),
        }
        for start in range(0, len(records), AT_A_TIME):
            some = records[start : start + AT_A_TIME]
            gone = {*self._ledger.erase([one.number for one in some], event)}
            erased += [one for one in some if one.number in gone]

    def _left(self, now: datetime, *, is_there: bool) -> str:
        """Also asked for where nothing was removed: something may be left from before. Where the database is
        gone, `is_there` says whether it can be known that there is anything."""
        try:
            return "" if self._ledger.forget(now.date().isoformat()) else "they are in use"
        except DatabaseUnavailable as error:
            return str(error) if is_there else ""

    def _before(self, id: str, now: datetime) -> datetime:
        return self._rules[id].period.before(now)

    def _day(self, now: datetime) -> date:
        return self._before(REPORTS, now).date()


class DailyPurge:
    """A purge a day, beside the requests, and one soon after the start."""

    def __init__(self, purging: Purging, now: Callable[[], datetime]) -> None:
        self._purging = purging
        self._now = now
        self._repeating = Repeating(self._run, SOON_SECONDS)

    def begin(self) -> None:
        """The event loop has to run."""
        self._repeating.begin()

    async def close(self) -> None:
        await self._repeating.close()
        self._purging.close()

    async def _run(self) -> float:
        return await asyncio.to_thread(self.purge)

    def purge(self) -> float:
        """Removes what is due now, and says so in the log; returns the seconds until the next time. Blocks."""
        now = self._now()
        done = self._purging.remove(self._purging.over(now), now)
        if words := str(done):
            logger.info("removed, for it has served its time: %s", words)
        for fault in done.faults:
            logger.error("what has served its time cannot be removed: %s", fault)
        if done.left:
            logger.warning("what was removed is not out of the files of the database yet: %s", done.left)
        return AN_HOUR if done.left or done.failed else A_DAY


def _tried(id: str, act: Callable[[], T], otherwise: T, failed: dict[str, str]) -> T:
    if id in failed:
        return otherwise
    try:
        return act()
    except LedgerBroken as error:
        failed[id] = f"broken: {error}"
    except DatabaseUnavailable as error:
        failed[id] = str(error)
    return otherwise


def _number(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}" if number else ""


def _said(records: list[Expiring]) -> str:
    if not records:
        return ""
    kinds = Counter(one.record.kind for one in records)
    days = sorted(one.record.time[:10] for one in records)
    listed = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
    return f"{_number(len(records), 'record')} of {days[0]} to {days[-1]} ({listed})"
