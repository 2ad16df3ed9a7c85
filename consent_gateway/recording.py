"""Decisions on their way into the ledger: several in one transaction, each answered after it is on disk."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

from consent_gateway.database import PATIENCE_SECONDS, DatabaseUnavailable
from consent_gateway.journal import Journal
from consent_gateway.ledger import Ledger
from consent_gateway.record import Submission

logger = logging.getLogger(__name__)

MOST: Final = 200  # in one transaction
GRANT_SECONDS = 5.0  # that a grant waits before it is not carried out
REFUSAL_SECONDS = 2.0  # that a refusal waits before it goes into the journal
RETRY_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A record with who waits for it, and, by the monotonic clock, until when."""

    submission: Submission
    until: float
    done: asyncio.Future[bool]


class Recording:
    """Puts records into the ledger, from one thread of its own: a slow database keeps nobody waiting who
    asks for something else."""

    def __init__(self, ledger: Ledger, journal: Journal) -> None:
        self._ledger = ledger
        self._journal = journal
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        self._waiting: dict[str, _Waiting] = {}
        self._writing: asyncio.Task[None] | None = None
        self._held: list[Submission] = []  # neither ledger nor journal take it
        self._stopping = asyncio.Event()
        self._retrying: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Writes what was left from before; the event loop has to run."""
        self._retry_soon(0)

    async def grant(self, submission: Submission) -> bool:
        """Whether it is in the ledger. If not, it must have no effect (GDPR Art. 7(1))."""
        return await self._written(submission, GRANT_SECONDS, until=time.monotonic() + GRANT_SECONDS)

    async def refusal(self, submission: Submission) -> None:
        """Keeps a refusal or withdrawal, which has its effect in any case: in the ledger, or where that
        cannot be written in the journal until it can."""
        if not await self._written(submission, REFUSAL_SECONDS):
            await self._put_aside([submission])
            self._retry_soon(RETRY_SECONDS)

    async def close(self) -> None:
        """Finishes what is under way, and tries what is put aside once more."""
        self._stopping.set()
        for task in (self._writing, self._retrying):
            if task:
                await task
        if not await self._retry() and self._held:
            held, self._held = self._held, []
            await self._put_aside(held)
            if self._held:
                logger.error("%s refusals are lost: neither ledger nor state folder take them", len(held))
        self._thread.shutdown(wait=False)
        self._ledger.close()

    async def _written(self, submission: Submission, seconds: float, until: float = math.inf) -> bool:
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting[submission.id] = _Waiting(submission, until, done)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.get_running_loop().create_task(self._write())
        try:
            return await asyncio.wait_for(asyncio.shield(done), seconds)
        except TimeoutError:
            logger.error("the ledger does not answer within %s seconds", seconds)
            return False
        finally:
            self._waiting.pop(submission.id, None)

    async def _write(self) -> None:
        while self._waiting:
            batch = list(self._waiting.values())[:MOST]
            for one in batch:
                del self._waiting[one.submission.id]
            written = await self._in_thread(partial(self._append_timely, batch))
            for one in batch:
                if not one.done.done():
                    one.done.set_result(one.submission.id in written)

    async def _in_thread(self, append: Callable[[], set[str]]) -> set[str]:
        """The ids of what was written: all that was given, or nothing."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, append)
        except DatabaseUnavailable as error:
            logger.error("the ledger cannot be written: %s", error)
            return set()

    def _append_timely(self, batch: Sequence[_Waiting]) -> set[str]:
        """Leaves out what might be written only after nobody waits for it any more."""
        latest = time.monotonic() + PATIENCE_SECONDS
        return self._append([one.submission for one in batch if latest <= one.until])

    def _append(self, submissions: Sequence[Submission]) -> set[str]:
        if submissions:
            self._ledger.append_all(submissions)
        return {submission.id for submission in submissions}

    async def _put_aside(self, submissions: Sequence[Submission]) -> None:
        for submission in submissions:
            try:
                await asyncio.to_thread(self._journal.prepare)
                await asyncio.to_thread(self._journal.add, submission)
            except OSError as error:
                logger.error("a refusal is kept in memory only: %s", error)
                self._held.append(submission)

    def _retry_soon(self, seconds: float) -> None:
        if self._retrying is None or self._retrying.done():
            self._retrying = asyncio.get_running_loop().create_task(self._keep_retrying(seconds))

    async def _keep_retrying(self, seconds: float) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), seconds)
            if self._stopping.is_set() or await self._retry():
                return
            seconds = RETRY_SECONDS

    async def _retry(self) -> bool:
        """Whether nothing is put aside any more. What another process has written meanwhile, or was being
        written when it was put aside, is not written twice."""
        try:
            pending = [*await asyncio.to_thread(self._journal.read), *self._held]
            for start in range(0, len(pending), MOST):
                batch = pending[start : start + MOST]
                written = await self._in_thread(partial(self._append, batch))
                if not written:
                    return False
                self._held = [submission for submission in self._held if submission.id not in written]
                await asyncio.to_thread(self._journal.remove, written)
            await asyncio.to_thread(self._journal.prepare)
        except OSError as error:
            logger.error("the records put aside cannot be read or removed: %s", error)
            return False
        return True
