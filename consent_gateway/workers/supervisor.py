"""Keeps workers going: starts them, replaces one that dies, and all of them by new ones without losing a request."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from consent_gateway.figures import Samples, counted, together
from consent_gateway.workers.worker_process import WorkerProcess

logger = logging.getLogger(__name__)

PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds before a worker that has died is replaced; doubled each time
LASTING = 60.0  # seconds after which a death is the first one again

NOT_RENEWED = (
    "not renewed: what is configured now keeps a new worker from starting, also in the place of one that dies; "
    "the log says why"
)

Spawn = Callable[[bool], Awaitable[WorkerProcess]]


class CannotStart(Exception):
    """A worker ended before it answered; it has said why in the log."""


class _Place:
    """One of so many workers: the process that runs now, and the task that replaces it when it dies."""

    def __init__(self, process: WorkerProcess) -> None:
        self.process = process
        self.keeping: asyncio.Task[None] | None = None


class Supervisor:
    """`spawn` starts a process, the first of its generation or another one."""

    def __init__(self, spawn: Spawn, count: int) -> None:
        self._spawn = spawn
        self._count = count
        self._places: list[_Place] = []
        self._renewing = asyncio.Lock()
        self._next_waits = False
        self._departing: set[WorkerProcess] = set()
        self._deaths = 0
        self._refused = False
        self._left: Samples = {}  # what those have counted that have ended

    @property
    def _workers(self) -> list[WorkerProcess]:
        """Those that have not ended yet, also if they only finish what is under way."""
        return [*(place.process for place in self._places), *self._departing]

    @property
    def up(self) -> int:
        """How many workers answer."""
        return sum(place.process.is_heard for place in self._places)

    @property
    def samples(self) -> Samples:
        """What all of them have counted."""
        own = {"workers_up": self.up, "worker_deaths_total": self._deaths}
        return together([self._left, *(one.samples for one in self._workers), own])

    @property
    def faults(self) -> list[str]:
        """What is wrong, a sentence each."""
        missing = self._count - self.up
        dead = [f"workers down: {missing} of {self._count} do not answer"] if missing else []
        stale = [NOT_RENEWED] if self._refused else []
        return [*dead, *stale, *sorted({fault for one in self._workers for fault in one.faults})]

    async def start(self) -> None:
        """Returns when all answer. Raises CannotStart."""
        self._places = await self._generation()
        self._keep_all()

    async def renew(self) -> bool:
        """Replaces all workers: the new ones answer before the old ones end. Where one of the new cannot
        start nothing changes, and that is False. Where one is under way another follows, however often
        it is asked for meanwhile."""
        if self._next_waits:
            return True  # it has read nothing yet
        self._next_waits = True
        try:
            await self._renewing.acquire()
        finally:
            self._next_waits = False
        try:
            return await self._renewed()
        finally:
            self._renewing.release()

    async def stop(self) -> None:
        """Lets all finish what is under way."""
        async with self._renewing:
            old, self._places = self._places, []
            await asyncio.gather(*map(self._retire, old))

    async def _renewed(self) -> bool:
        try:
            new = await self._generation()
        except CannotStart:
            self._refused = True
            logger.error(
                "not renewed: what is said above keeps a new worker from starting; those of before go on"
            )
            return False
        self._refused = False
        old, self._places = self._places, new
        self._keep_all()
        logger.info("renewed: %s new workers answer, those of before finish what is under way", len(new))
        await asyncio.gather(*map(self._retire, old))
        return True

    async def _generation(self) -> list[_Place]:
        """As many new workers, which answer. The first makes in the state folder what is not there yet, or
        says for all why it cannot start. Raises CannotStart."""
        first = await self._answering(first=True)
        others = [asyncio.create_task(self._answering(first=False)) for _ in range(self._count - 1)]
        failed: list[BaseException] = []
        try:
            await asyncio.gather(*others, return_exceptions=True)
        except asyncio.CancelledError as told_to_end:
            failed.append(told_to_end)
        rest = await asyncio.gather(*others, return_exceptions=True)
        started = [first, *(one for one in rest if not isinstance(one, BaseException))]
        failed += [one for one in rest if isinstance(one, BaseException)]
        if failed:
            await asyncio.gather(*(one.stop() for one in started))
            raise failed[0]
        return [_Place(one) for one in started]

    async def _answering(self, *, first: bool) -> WorkerProcess:
        try:
            process = await self._spawn(first)
        except OSError as error:
            raise CannotStart(str(error)) from error
        try:
            if await process.answers():
                return process
        except asyncio.CancelledError:
            await process.stop()
            raise
        raise CannotStart(f"exit status {await process.ended()}")

    def _keep_all(self) -> None:
        for place in self._places:
            place.keeping = asyncio.get_running_loop().create_task(self._keep(place))

    async def _keep(self, place: _Place) -> None:
        pause = PAUSE
        began = time.monotonic()
        while True:
            status = await place.process.ended()
            self._deaths += 1
            self._take_over(place.process)
            pause = PAUSE if time.monotonic() - began > LASTING else pause
            logger.error("worker %s has died (%s): replaced in %s s", place.process.pid, _said(status), pause)
            died = place.process.pid
            place.process, pause = await self._replaced(pause)
            logger.info("worker %s answers in the place of %s", place.process.pid, died)
            began = time.monotonic()

    async def _replaced(self, pause: float) -> tuple[WorkerProcess, float]:
        """The worker in the place of one that has died, and how long to wait the next time."""
        while True:
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            try:
                return await self._answering(first=False), pause
            except CannotStart as error:
                logger.error("no worker in its place (%s): tried again in %s s", error, pause)

    async def _retire(self, place: _Place) -> None:
        assert place.keeping
        place.keeping.cancel()
        await asyncio.wait([place.keeping])
        self._departing.add(place.process)
        await place.process.stop()
        self._departing.discard(place.process)
        self._take_over(place.process)

    def _take_over(self, process: WorkerProcess) -> None:
        self._left = together([self._left, counted(process.samples)])
        process.samples = {}


def _said(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"exit status {status}"
