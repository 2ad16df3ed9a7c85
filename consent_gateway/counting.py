"""Counts on their way into the database: written every few seconds, and when the gateway stops."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress

from consent_gateway.database import DatabaseUnavailable
from consent_gateway.outages import Outage
from consent_gateway.report_counts import MOST_A_DAY, ReportCounts, beyond
from consent_gateway.reports import Blocked

logger = logging.getLogger(__name__)

SECONDS = 5  # between two writings: what a crash may lose


class Counting:
    """Counts what browsers report, without making them wait for the disk."""

    def __init__(self, counts: ReportCounts) -> None:
        self._counts = counts
        self._outage = Outage(logger, "the counts of reports are written again")
        self._waiting: Counter[Blocked] = Counter()
        self._stopping = asyncio.Event()
        self._writing: asyncio.Task[None] | None = None

    def count(self, reported: Iterable[Blocked]) -> None:
        for blocked in reported:
            fits = blocked in self._waiting or len(self._waiting) < MOST_A_DAY
            self._waiting[blocked if fits else beyond(blocked.day)] += 1
        if self._waiting and (self._writing is None or self._writing.done()):
            self._writing = asyncio.get_running_loop().create_task(self._write_now_and_then())

    async def close(self) -> None:
        """Writes what is waiting."""
        self._stopping.set()
        if self._writing:
            await self._writing
        if self._waiting:
            await self._write()
        self._counts.close()

    async def _write_now_and_then(self) -> None:
        while self._waiting and not self._stopping.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), SECONDS)
            await self._write()

    async def _write(self) -> None:
        counts, self._waiting = self._waiting, Counter()
        try:
            await asyncio.to_thread(self._counts.add, counts)
        except DatabaseUnavailable as error:
            self._outage.fails("the counts of reports cannot be written: %s", error)
            self._waiting.update(counts)
        else:
            self._outage.works()
