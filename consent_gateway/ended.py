"""Decisions that count no more, whatever cookie comes: those before a withdrawal or change in the ledger.

A cookie is signed and says by itself what was agreed to. One that was kept from before a withdrawal, by a
browser or in a recording, must not bring it back (GDPR Art. 7(3)).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from consent_gateway.database import DatabaseUnavailable
from consent_gateway.ledger import Ledger
from consent_gateway.outages import Outage
from consent_gateway.record import NEVER, Record
from consent_gateway.repeating import Repeating

logger = logging.getLogger(__name__)

LOOK_SECONDS = 2  # after which every process knows of a withdrawal


class Ended:
    """What was withdrawn, as far as a cookie from before could still be valid."""

    def __init__(self, ledger: Ledger, now: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._now = now
        self._least: dict[str, int] = {}
        self._until: dict[str, str] = {}
        self._last = 0
        self._failing = False
        self._outage = Outage(logger, "withdrawals by way of other processes are known again")
        self._looking = Repeating(self._keep, LOOK_SECONDS)

    def is_current(self, receipt: str, turn: int) -> bool:
        """Whether no later decision has ended what a cookie with this receipt and turn says."""
        return not self._least or turn >= self._least.get(self._ledger.key_id(receipt), 0)

    @property
    def is_failing(self) -> bool:
        """Whether the ledger could not be read the last time."""
        return self._failing

    def note(self, record: Record) -> None:
        """Takes over at once what this process has carried out."""
        if record.ends:
            self._take(self._ledger.key_id(record.receipt), record.least_turn, record.until)

    def end(self, name: str, until: str) -> None:
        """Nothing counts any more under the name of a receipt, as the ledger has it."""
        self._take(name, NEVER, until)

    def look(self) -> None:
        """Takes over what the ledger has by now. Raises DatabaseUnavailable; blocks."""
        self._take_over(self._found())

    def begin(self) -> None:
        """Looks every two seconds from now on; the event loop has to run."""
        self._looking.begin()

    async def close(self) -> None:
        await self._looking.close()

    def _found(self) -> list[tuple[int, str, int, str]]:
        return self._ledger.ended(since=self._last, today=self._today)

    def _take_over(self, found: list[tuple[int, str, int, str]]) -> None:
        for number, key, turn, until in found:
            self._take(key, turn, until)
            self._last = max(self._last, number)
        for key in [key for key, until in self._until.items() if until < self._today]:
            del self._least[key], self._until[key]

    @property
    def _today(self) -> str:
        return self._now().date().isoformat()

    def _take(self, key: str, turn: int, until: str) -> None:
        self._least[key] = max(turn, self._least.get(key, 0))
        self._until[key] = max(until, self._until.get(key, ""))

    async def _keep(self) -> float:
        try:
            # Taken over here, where requests ask and note, and not in the thread that reads.
            self._take_over(await asyncio.to_thread(self._found))
        except DatabaseUnavailable as error:
            self._failing = True
            self._outage.fails("withdrawals by way of other processes are not known now: %s", error)
        else:
            self._failing = False
            self._outage.works()
        return LOOK_SECONDS
