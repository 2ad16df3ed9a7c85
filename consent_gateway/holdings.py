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
from consent_gateway.holding import Erased, Erasure, Holding
from consent_gateway.journal import Journal
from consent_gateway.ledger import Ledger, LedgerBroken
from consent_gateway.periods import Period
from consent_gateway.private_files import BadState

logger = logging.getLogger(__name__)
T = TypeVar("T")

LOOK_SECONDS = 3.0  # that a page waits for the ledger
AT_ONCE = 4  # threads of its own: a slow database keeps nobody else waiting


class Holdings:
    """The ledger, and what is kept beside it, by receipt."""

    def __init__(self, ledger: Ledger, journal: Journal, erasures: Erasures, ended: Ended) -> None:
        self._ledger = ledger
        self._journal = journal
        self._erasures = erasures
        self._ended = ended
        self._threads = ThreadPoolExecutor(AT_ONCE, "holdings")

    async def of(self, receipt: str) -> list[Holding] | None:
        """The records under a receipt; None if they cannot be read now."""
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                return await self._in_thread(self._ledger.records_of, receipt)
        except (DatabaseUnavailable, LedgerBroken) as error:
            logger.error("what is held under a receipt cannot be read: %s", error)
        except TimeoutError:
            logger.error("what is held under a receipt was not read within %s seconds", LOOK_SECONDS)
        return None

    async def erase(self, erasure: Erasure) -> bool:
        """Whether all there is under a receipt is destroyed, or marked where it is retained; if not, nothing
        has changed. No cookie from before counts any more."""
        name = self._ledger.key_id(erasure.receipt)
        erased = Erased(name=name, time=erasure.time, retained=bool(erasure.retained))
        try:
            await self._in_thread(self._erase, erasure, erased)
        except (DatabaseUnavailable, OSError) as error:
            logger.error("what is held under a receipt cannot be erased: %s", error)
            return False
        self._ended.end(name, erased.until)
        await self._in_thread(self._see_to_it, erased)
        return True

    async def close(self) -> None:
        await asyncio.to_thread(self._threads.shutdown)

    async def _in_thread(self, do: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, do, *arguments)

    def _erase(self, erasure: Erasure, erased: Erased) -> None:
        waiting = {one.id for one in self._journal.read() if one.record.receipt == erasure.receipt}
        self._ledger.erase_under(erased, erasure.retained)
        if waiting and not erasure.retained:
            self._journal.remove(waiting)
            self._ledger.erase_under(erased, erasure.retained)  # one may have been on its way into the ledger

    def _see_to_it(self, erased: Erased) -> None:
        """That it stays erased, and is nowhere any more."""
        try:
            self._erasures.add(erased)
        except BadState as error:
            logger.error("an erasure is not noted, and has to be repeated if a backup is put back: %s", error)
        try:
            if not self._ledger.forget(erased.time.date().isoformat()):
                logger.warning("what was erased is in the files of the database until nobody reads them")
        except DatabaseUnavailable as error:
            logger.error("what was erased may still be in the files of the database: %s", error)


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
