"""Serves an application on sockets that are bound already."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

PATIENCE = 0.5  # seconds that a connection may still take at the end


@asynccontextmanager
async def served(application: web.Application, sockets: list[socket.socket]) -> AsyncIterator[None]:
    """The application answers on all of them until the end of the block."""
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=PATIENCE)
    await runner.setup()
    try:
        for one in sockets:
            await web.SockSite(runner, one).start()
        yield
    finally:
        await runner.cleanup()
