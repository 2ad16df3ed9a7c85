"""A worker as the process sees it that has started it."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import suppress

from consent_gateway.figures import Samples
from consent_gateway.workers.handover import VARIABLE, Handover

SILENT_SECONDS = 15  # without an account of itself, which comes every second: it hangs
KILL_SECONDS = 60  # a worker drains for ten, and finishes its records within fifteen
LINE_BYTES = 2**20


class WorkerProcess:
    """A child that runs a command with what is handed over to it."""

    def __init__(self, process: asyncio.subprocess.Process, ours: socket.socket) -> None:
        self._process = process
        self._line = ours
        self._ready = asyncio.Event()
        self._heard = time.monotonic()
        self.samples: Samples = {}
        self.faults: Sequence[str] = ()
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def spawn(
        cls, command: Sequence[str], sockets: Sequence[socket.socket], *, first: bool
    ) -> WorkerProcess:
        """Starts one. Raises OSError."""
        ours, theirs = socket.socketpair()
        with theirs:
            numbers = tuple(one.fileno() for one in sockets)
            handover = Handover(listening=numbers, line=theirs.fileno(), first=first)
            process = await asyncio.create_subprocess_exec(
                *command,
                env={**os.environ, VARIABLE: str(handover)},
                pass_fds=(*numbers, theirs.fileno()),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=sys.stderr,
            )
        return cls(process, ours)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_ready(self) -> bool:
        return self._ready.is_set() and self._process.returncode is None

    @property
    def is_heard(self) -> bool:
        """Whether it has answered, and still says so."""
        return self.is_ready and time.monotonic() - self._heard < SILENT_SECONDS

    async def answers(self) -> bool:
        """Waits until it does; False if it has ended instead."""
        ready, ended = asyncio.create_task(self._ready.wait()), asyncio.create_task(self._process.wait())
        await asyncio.wait((ready, ended), return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        ended.cancel()
        return self.is_ready

    async def ended(self) -> int:
        """Waits for its end; its exit status, or minus the number of the signal it died of."""
        status = await self._process.wait()
        await self._listening  # for the last of what it has counted
        return status

    async def stop(self) -> None:
        """Lets it finish what is under way; ends it where that takes too long."""
        with suppress(ProcessLookupError):
            self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), KILL_SECONDS)
        except TimeoutError:
            self._process.kill()
        await self.ended()

    async def _listen(self) -> None:
        reader, writer = await asyncio.open_connection(sock=self._line, limit=LINE_BYTES)
        with suppress(ConnectionError):
            async for line in reader:
                said = json.loads(line)
                self._heard = time.monotonic()
                if said.get("ready"):
                    self._ready.set()
                if account := said.get("account"):
                    self.samples, self.faults = account["samples"], account["faults"]
        writer.close()
