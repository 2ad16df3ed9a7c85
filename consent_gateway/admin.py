"""What the operator asks a running gateway, on an address of its own: `/metrics` and `/status`."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from aiohttp import web

PATIENCE = 0.5  # seconds that a connection may still take at the end
TYPE = "text/plain; version=0.0.4; charset=utf-8"


@asynccontextmanager
async def answering(
    sockets: Sequence[socket.socket],
    metrics: Callable[[], Awaitable[str]],
    faults: Callable[[], Awaitable[Sequence[str]]],
) -> AsyncIterator[None]:
    """Answers on these sockets until the end of the block. `faults` says what is wrong: then the status is 503."""

    async def show_metrics(_: web.Request) -> web.Response:
        return web.Response(body=(await metrics()).encode(), headers={"Content-Type": TYPE})

    async def show_status(_: web.Request) -> web.Response:
        found = list(await faults())
        status = {"status": "faulty" if found else "ok", "faults": found}
        return web.json_response(status, status=503 if found else 200)

    application = web.Application()
    application.router.add_get("/metrics", show_metrics)
    application.router.add_get("/status", show_status)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=PATIENCE)
    await runner.setup()
    try:
        for one in sockets:
            await web.SockSite(runner, one).start()
        yield
    finally:
        await runner.cleanup()
