"""What the ledger holds of the visitor who asks: looked up, and destroyed on request."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

from consent_gateway.database import DatabaseUnavailable
from consent_gateway.ended import Ended
from consent_gateway.erasures import Erasures
from consent_gateway.forgetting import Forgetting
from consent_gateway.holding import Erased, Erasure, Holding
from consent_gateway.journal import Journal
from consent_gateway.ledger import Ledger, LedgerBroken
from consent_gateway.outages import Outage
from consent_gateway.periods import Period
from consent_gateway.private_files import BadState

logger = logging.getLogger(__name__)
T = TypeVar("T")

LOOK_SECONDS = 3.0  # that a page waits for the ledger
AT_ONCE = 4  # threads of its own: a slow database keeps nobody else waiting


class Holdings:
    """The ledger, and what is kept beside it, by receipt."""

    def __init__(
        self,
        ledger: Ledger,
        journal: Journal,
        erasures: Erasures,
        ended: Ended,
        now: Callable[[], datetime],
    ) -> None:
        self._ledger = ledger
        self._journal = journal
        self._erasures = erasures
        self._ended = ended
        self._now = now
        self._forgetting = Forgetting(self._forget)
        self._reading = Outage(logger, "what is held under a receipt can be read again")
        self._erasing = Outage(logger, "what is held under a receipt can be erased again")
        self._threads = ThreadPoolExecutor(AT_ONCE, "holdings")

    async def of(self, receipt: str) -> list[Holding] | None:
        """The records under a receipt; None if they cannot be read now."""
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                found = await self._in_thread(self._ledger.records_of, receipt)
        except LedgerBroken as error:
            logger.error("what is held under a receipt cannot be read: %s", error)
        except DatabaseUnavailable as error:
            self._reading.fails("what is held under a receipt cannot be read: %s", error)
        except TimeoutError:
            self._reading.fails("what is held under a receipt was not read within %s seconds", LOOK_SECONDS)
        else:
            self._reading.works()
            return found
        return None

    async def erase(self, erasure: Erasure) -> bool:
        """Whether all there is under a receipt is destroyed, or marked where it is retained; if not, nothing
        has changed. No cookie from before counts any more, and nothing more is written under it."""
        name = self._ledger.key_id(erasure.receipt)
        erased = Erased(name=name, time=erasure.time, retained=bool(erasure.retained))
        try:
            await self._in_thread(self._erase, erasure, erased)
        except DatabaseUnavailable as error:
            self._erasing.fails("what is held under a receipt cannot be erased: %s", error)
            return False
        self._erasing.works()
        self._ended.end(name, erased.until)
        await self._forgetting.now()
        return True

    async def close(self) -> None:
        await self._forgetting.close()
        await asyncio.to_thread(self._threads.shutdown)

    async def _in_thread(self, do: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, do, *arguments)

    def _erase(self, erasure: Erasure, erased: Erased) -> None:
        # Noted first: a crash in between must not leave an erasure that a backup could undo.
        is_noted = self._is_done(self._erasures.add, erased)
        try:
            self._ledger.erase_under(erased, erasure.retained)
        except DatabaseUnavailable:
            if is_noted:
                self._is_done(self._erasures.remove, erased)
            raise
        if not erasure.retained:
            self._take_out_of_journal(erasure.receipt)

    def _is_done(self, note: Callable[[Erased], None], erased: Erased) -> bool:
        try:
            note(erased)
        except BadState as error:
            logger.error("the file erasures lacks an erasure, or has one that was not carried out: %s", error)
            return False
        return True

    def _take_out_of_journal(self, receipt: str) -> None:
        """What is left there is refused by the ledger, and taken out when it is tried."""
        try:
            waiting = {one.id for one in self._journal.read() if one.record.receipt == receipt}
            if waiting:
                self._journal.remove(waiting)
        except OSError as error:
            logger.error("what was erased waits in the file unwritten, and is taken out later: %s", error)

    async def _forget(self) -> bool:
        return await self._in_thread(self._ledger.forget, self._now().date().isoformat())


def repeat(
    ledger: Ledger, erasures: Erasures, *, ground: str, period: Period, now: Callable[[], datetime]
) -> None:
    """Erases again what a backup has brought back; `ground` and `period` are those by which records are
    kept. Raises BadState, DatabaseUnavailable."""
    erasures.forget(period, now())
    undone = ledger.undone(erasures.read(), now().date().isoformat())
    for erased in undone:
        ledger.erase_under(erased, ground)
    if undone:
        ledger.forget(now().date().isoformat())
        logger.warning("a backup was put back: %s erasures are repeated", len(undone))
