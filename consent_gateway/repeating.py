"""What is done again and again beside the requests, until the gateway stops."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from consent_gateway.outages import Outage

logger = logging.getLogger(__name__)

RETRY_SECONDS = 5


class Repeating:
    """Awaits `act` after a pause, and again after as many seconds as it returns. What goes wrong in it is
    logged and does not end it."""

    def __init__(self, act: Callable[[], Awaitable[float]], pause: float) -> None:
        self._act = act
        self._pause = pause
        self._outage = Outage(logger, "what is done beside the requests works again")
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """The event loop has to run."""
        self._task = asyncio.get_running_loop().create_task(self._go_on())

    async def close(self) -> None:
        """Waits for what is under way."""
        self._stopping.set()
        if self._task:
            await self._task

    async def _go_on(self) -> None:
        pause = self._pause
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)
            if self._stopping.is_set():
                return
            try:
                pause = await self._act()
            except Exception:  # whatever it is, the next time may go well
                self._outage.fails("what is done beside the requests failed", trace=True)
                pause = RETRY_SECONDS
            else:
                self._outage.works()
