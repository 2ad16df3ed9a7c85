"""Decisions on their way into the ledger: several in one transaction, each answered after it is on disk."""

from __future__ import annotations

import asyncio
import logging
import math
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from queue import SimpleQueue

from consent_gateway.database import PATIENCE_SECONDS, DatabaseUnavailable
from consent_gateway.journal import Journal
from consent_gateway.ledger import GivenUp, Ledger
from consent_gateway.outages import Outage
from consent_gateway.record import Submission

logger = logging.getLogger(__name__)

MOST = 200  # in one transaction
GRANT_SECONDS = 8.0  # that a grant waits at most before it is not carried out
REFUSAL_SECONDS = 3.0  # that a refusal waits before it goes into the journal
COMMIT_SECONDS = 1.0  # that are left to a grant when its commit begins: no commit can be called back
RETRY_SECONDS = 5.0
STOP_SECONDS = 15.0


@dataclass(slots=True)
class _Waiting:
    """A record with who waits for it, and, by the monotonic clock, until when."""

    submission: Submission
    until: float
    done: asyncio.Future[bool]
    given_up: bool = False

    def has(self, seconds: float) -> bool:
        """Whether it is wanted so long from now; a refusal is, whoever waits."""
        return time.monotonic() + seconds <= self.until


class Recording:
    """Puts records into the ledger, from one thread of its own: a slow database keeps nobody waiting who
    asks for something else."""

    def __init__(self, ledger: Ledger, journal: Journal) -> None:
        self._ledger = ledger
        self._journal = journal
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._write, name="ledger", daemon=True)
        self._thread.start()
        self._held: list[Submission] = []  # neither ledger nor journal take it
        self._stopping = asyncio.Event()
        self._retrying: asyncio.Task[None] | None = None
        self._is_more = False  # put aside since the journal was last read
        self._writing = Outage(logger, "the ledger can be written again")
        self._keeping = Outage(logger, "refusals are kept on disk again")
        self._reading = Outage(logger, "the records put aside can be read and removed again")
        self._aside = asyncio.Lock()  # of who writes what is put aside, or erases something of it

    def begin(self) -> None:
        """Writes what was left from before; the event loop has to run."""
        self._retry_soon(0)

    @property
    def behind(self) -> int:
        """How many records are on their way into the ledger, or kept in memory because nothing takes them."""
        return self._queue.qsize() + len(self._held)

    @property
    def is_unkept(self) -> bool:
        """Whether there are records that neither ledger nor journal takes."""
        return bool(self._held)

    async def grant(self, submission: Submission) -> bool:
        """Whether it is in the ledger. If not, it must have no effect (GDPR Art. 7(1)): also where another
        tab has taken back meanwhile what it builds on."""
        grant = replace(submission, grants=True)
        return await self._written(grant, GRANT_SECONDS, until=time.monotonic() + GRANT_SECONDS)

    async def refusal(self, submission: Submission) -> None:
        """Keeps a refusal or withdrawal, which has its effect in any case: in the ledger, or where that
        cannot be written in the journal until it can."""
        if not await self._written(submission, REFUSAL_SECONDS):
            await self._put_aside([submission])
            self._retry_soon(RETRY_SECONDS)

    @asynccontextmanager
    async def paused(self) -> AsyncIterator[None]:
        """Meanwhile nothing that was put aside is written."""
        async with self._aside:
            yield

    def drop(self, receipt: str) -> None:
        """Nothing is kept under a receipt any more, in memory now and in the journal soon: it was erased."""
        self._held = [one for one in self._held if one.record.receipt != receipt]
        self._retry_soon(RETRY_SECONDS)  # the ledger refuses what the journal may still have

    async def close(self) -> None:
        """Finishes what is under way, and tries what is put aside once more."""
        self._stopping.set()
        if self._retrying:
            await self._retrying
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join, STOP_SECONDS)
        if not await self._retry() and self._held:
            held, self._held = self._held, []
            await self._put_aside(held)
            if self._held:
                logger.error("%s refusals are lost: neither ledger nor state folder take them", len(held))
        self._ledger.close()

    async def _written(self, submission: Submission, seconds: float, until: float = math.inf) -> bool:
        waiting = _Waiting(submission, until, asyncio.get_running_loop().create_future())
        self._queue.put(waiting)
        await asyncio.wait([waiting.done], timeout=seconds)
        if not waiting.done.done():
            waiting.given_up = True
            self._writing.fails("the ledger does not answer within %s seconds", seconds)
            return False
        return waiting.done.result()

    # ---- in the thread -------------------------------------------------------------------------

    def _write(self) -> None:
        stopped = False
        while not stopped:
            batch = [self._queue.get()]
            while len(batch) < MOST and not self._queue.empty():
                batch.append(self._queue.get())
            stopped = None in batch
            self._write_together([one for one in batch if one is not None])

    def _write_together(self, batch: list[_Waiting]) -> None:
        """Leaves out what nobody waits for any more, or might not when it is written."""
        written: set[str] = set()
        while timely := [
            one for one in batch if not one.given_up and one.has(PATIENCE_SECONDS + COMMIT_SECONDS)
        ]:
            try:
                numbers = self._append([one.submission for one in timely], _wanted(timely))
                if numbers is not None:
                    written = set(_settled([one.submission for one in timely], numbers))
                break
            except GivenUp:  # by one of them at least: the others once more
                continue
        if batch:
            with suppress(RuntimeError):  # the loop is closed, and nobody waits
                batch[0].done.get_loop().call_soon_threadsafe(_tell, batch, written)

    def _append(
        self, submissions: Sequence[Submission], is_wanted: Callable[[], bool] = lambda: True
    ) -> list[int] | None:
        """Their numbers in the ledger, 0 for what it did not take for good; None if it cannot be written.
        Raises GivenUp."""
        try:
            numbers = self._ledger.append_all(submissions, is_wanted)
        except GivenUp:
            raise
        except DatabaseUnavailable as error:
            self._writing.fails("the ledger cannot be written: %s", error)
        except Exception:  # this thread has to go on: without it nobody could decide anything
            self._writing.fails("the ledger cannot be written", trace=True)
        else:
            self._writing.works()
            return numbers
        return None

    # ---- what is put aside ---------------------------------------------------------------------

    async def _put_aside(self, submissions: Sequence[Submission]) -> None:
        for submission in submissions:
            try:
                await asyncio.to_thread(self._journal.prepare)
                await asyncio.to_thread(self._journal.add, submission)
            except OSError as error:
                self._keeping.fails("a refusal is kept in memory only: %s", error)
                self._held.append(submission)
            else:
                self._keeping.works()

    def _retry_soon(self, seconds: float) -> None:
        self._is_more = True
        if self._retrying is None or self._retrying.done():
            self._retrying = asyncio.get_running_loop().create_task(self._keep_retrying(seconds))

    async def _keep_retrying(self, seconds: float) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), seconds)
            self._is_more = False
            if self._stopping.is_set() or (await self._retry() and not self._is_more):
                return
            seconds = RETRY_SECONDS

    async def _retry(self) -> bool:
        """Whether nothing is put aside any more. What another process has written meanwhile, or was being
        written when it was put aside, is not written twice."""
        async with self._aside:
            return await self._write_what_is_put_aside()

    async def _write_what_is_put_aside(self) -> bool:
        try:
            pending = [*await asyncio.to_thread(self._journal.read), *self._held]
            for start in range(0, len(pending), MOST):
                batch = pending[start : start + MOST]
                if await asyncio.to_thread(self._append, batch) is None:
                    return False
                written = {submission.id for submission in batch}
                self._held = [submission for submission in self._held if submission.id not in written]
                await asyncio.to_thread(self._journal.remove, written)
            await asyncio.to_thread(self._journal.prepare)
        except OSError as error:
            self._reading.fails("the records put aside cannot be read or removed: %s", error)
            return False
        self._reading.works()
        return True


def _wanted(batch: Sequence[_Waiting]) -> Callable[[], bool]:
    return lambda: all(one.has(COMMIT_SECONDS) for one in batch)


def _settled(submissions: Sequence[Submission], numbers: Sequence[int]) -> Iterator[str]:
    """The ids of those that have had their effect. A refusal under what was erased has it all the same."""
    for one, number in zip(submissions, numbers, strict=True):
        if number or not one.grants:
            yield one.id
        else:
            logger.info("a grant is not carried out: what it builds on was taken back meanwhile")


def _tell(batch: Sequence[_Waiting], written: set[str]) -> None:
    for one in batch:
        if not one.done.done():
            one.done.set_result(one.submission.id in written)
