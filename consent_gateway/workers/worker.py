"""A worker's end of the line to the process that started it."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress

SECONDS = 1.0  # between two accounts of itself


class Line:
    """Says that the worker answers, and from then on how it is, a JSON object a line."""

    def __init__(self, number: int) -> None:
        self._socket = socket.socket(fileno=number)
        self._writer: asyncio.StreamWriter | None = None
        self._account: Callable[[], Mapping[str, object]] | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self, stop: asyncio.Event) -> None:
        """`stop` is set when the other end is closed: a worker that nobody looks after ends."""
        reader, self._writer = await asyncio.open_connection(sock=self._socket)
        self._tasks.append(asyncio.create_task(self._watch(reader, stop)))

    def ready(self, account: Callable[[], Mapping[str, object]]) -> None:
        """The worker answers."""
        self._account = account
        self._say({"ready": True})
        self._tasks.append(asyncio.create_task(self._tell(account)))

    async def close(self) -> None:
        """Says a last time how it is."""
        for task in self._tasks:
            task.cancel()
        if self._writer:
            if self._account:
                self._say({"account": self._account()})
            self._writer.close()
            with suppress(ConnectionError):  # nobody looks after it
                await self._writer.wait_closed()

    def _say(self, what: Mapping[str, object]) -> None:
        if self._writer and not self._writer.is_closing():
            self._writer.write(json.dumps(what).encode() + b"\n")

    async def _watch(self, reader: asyncio.StreamReader, stop: asyncio.Event) -> None:
        with suppress(ConnectionError):  # what it says there may still have been unread
            await reader.read()
        stop.set()

    async def _tell(self, account: Callable[[], Mapping[str, object]]) -> None:
        while True:
            self._say({"account": account()})
            await asyncio.sleep(SECONDS)
