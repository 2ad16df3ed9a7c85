"""Requests of benchmarks: some connections that stay open, each asking again when it has its answer. Pages have six trackers; one comes again
unchanged, one never does."""

from __future__ import annotations

import asyncio
from itertools import count

import aiohttp
from aiohttp import web

from benchmarks.pages import page_with_trackers

AT_ONCE = 4
PAGE = page_with_trackers(100_000)
FILE = bytes(range(256)) * 80  # 20 KB that nobody takes for text
PATHS = {
    "static file, 20 KB": "/picture.jpg",
    "page of 100 KB, known": "/",
    "page of 100 KB, always new": "/other",
}
SOCKET = "/socket"
_numbers = count()


async def website(request: web.Request) -> web.StreamResponse:
    """A page, one that is never the same, a WebSocket that repeats what it hears, and a file."""
    if request.path == SOCKET:
        return await _repeating(request)
    if request.path == "/":
        return web.Response(body=PAGE, content_type="text/html", charset="utf-8")
    if request.path == "/other":
        body = PAGE.replace(b"<body>", b"<body><!-- %d -->" % next(_numbers), 1)
        return web.Response(body=body, content_type="text/html", charset="utf-8")
    return web.Response(body=FILE, content_type="image/jpeg")


async def _repeating(request: web.Request) -> web.StreamResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    async for message in socket:
        await socket.send_bytes(message.data)
    return socket


async def ask(address: str, number: int, at_once: int = AT_ONCE) -> int:
    """Asks so often; how many bytes came. Raises AssertionError at anything but 200."""
    left = iter(range(number))
    came = 0

    async def visit(session: aiohttp.ClientSession) -> None:
        nonlocal came
        for _ in left:
            async with session.get(address) as answer:
                assert answer.status == 200, answer.status
                came += len(await answer.read())

    connector = aiohttp.TCPConnector(limit=at_once)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:
        await asyncio.gather(*(visit(session) for _ in range(at_once)))
    return came
