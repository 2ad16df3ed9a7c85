"""`serve --admin`: what `/metrics` and `/status` are made of, with workers or without."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

from consent_gateway import admin
from consent_gateway.commands.listening import addresses
from consent_gateway.commands.options import fail
from consent_gateway.database import in_folder
from consent_gateway.figures import Samples, exposition, together
from consent_gateway.proxy.master import Listen
from consent_gateway.standing import Standing, look
from consent_gateway.starting import Settings
from consent_gateway.workers.handover import bound

Gathered = Callable[[], tuple[Samples, Sequence[str]]]


class Administration:
    """`gathered` gives what was counted, and what is wrong as the processes know it."""

    def __init__(self, settings: Settings, gathered: Gathered) -> None:
        self._settings = settings
        self._gathered = gathered

    def answering(self, sockets: Sequence[socket.socket]) -> AbstractAsyncContextManager[None]:
        """Answers on these sockets, on none if there are none."""
        return admin.answering(sockets, self._metrics, self._faults)

    async def _metrics(self) -> str:
        samples, _ = self._gathered()
        standing = await self._standing()
        return exposition(together([samples, {"journal_waiting": standing.waiting}]))

    async def _faults(self) -> list[str]:
        _, known = self._gathered()
        return [*(await self._standing()).faults, *known]

    async def _standing(self) -> Standing:
        settings = self._settings
        database = settings.database or in_folder(settings.state)
        return await asyncio.to_thread(look, settings.state, database, settings.environment)


def opened(listen: Listen | None) -> list[socket.socket]:
    """The sockets for an address of the operator's; none where there is none."""
    if listen is None:
        return []
    try:
        return bound([str(ip) for ip in addresses(listen.host)], listen.port)
    except OSError as error:
        fail(f"cannot listen on {listen}: {error.strerror}")
