"""What was erased leaves the files of the database, beside the requests: who reads them keeps it there as long."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import chain, repeat

from consent_gateway.database import DatabaseUnavailable
from consent_gateway.outages import Outage

logger = logging.getLogger(__name__)

SOON_SECONDS = (2.0, 5.0, 10.0, 30.0)  # a look takes no longer; an export or a backup may
THEN_SECONDS = 60.0


class Forgetting:
    """Awaits `forget` until it says that nothing is left."""

    def __init__(self, forget: Callable[[], Awaitable[bool]]) -> None:
        self._forget = forget
        self._outage = Outage(logger, "what is erased is taken out of the files of the database again")
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._is_more = False  # erased since the task last tried

    async def now(self) -> None:
        """Tries once, and from then on beside the requests."""
        if await self._done():
            return
        logger.warning("what was erased is in the files of the database for now; it is tried again")
        self._is_more = True
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._go_on())

    async def close(self) -> None:
        """Waits for what is under way, and tries a last time if something is left."""
        self._stopping.set()
        if self._task:
            await self._task
        if self._is_more and not await self._done():
            logger.warning("what was erased is still in the files of the database: run ledger purge")

    async def _go_on(self) -> None:
        for pause in chain(SOON_SECONDS, repeat(THEN_SECONDS)):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)
            if self._stopping.is_set():
                return
            self._is_more = False
            done = await self._done()
            self._is_more = self._is_more or not done
            if not self._is_more:
                logger.info("what was erased is out of the files of the database")
                return

    async def _done(self) -> bool:
        try:
            done = await self._forget()
        except DatabaseUnavailable as error:
            self._outage.fails("what was erased may still be in the files of the database: %s", error)
            return False
        self._outage.works()
        return done
