"""A website that breaks: of its answers some are cut, some are slow, some do not come. Every page holds what must not load."""

from __future__ import annotations

import asyncio
import itertools
import random
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress

from consent_gateway.testing.threads import in_thread

# Both ends of a page have something to hold, so that half a page has, too.
HELD = b'<script src="https://www.googletagmanager.com/gtag/js?id=G-ABCDEFGH"></script><iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>'
FILLING = b"<p>Words of a page with <a href='/other'>a link</a>.</p>\n" * 150
PAGE = b"<!doctype html><html><head><title>Page</title></head><body>%s%s%s<!-- %08d --></body></html>"
LENGTH = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"
PAUSE = 0.3  # seconds between the pieces of a slow body

_numbers = itertools.count()

Answer = Callable[[asyncio.StreamWriter], Awaitable[bool]]


def page() -> bytes:
    """Every other one is as the last was, the rest were never there before."""
    number = next(_numbers)
    return PAGE % (HELD, FILLING, HELD, number if number % 2 else 0)


async def whole(writer: asyncio.StreamWriter) -> bool:
    body = page()
    writer.write(LENGTH % len(body) + body)
    return True


async def reset(writer: asyncio.StreamWriter) -> bool:
    writer.transport.abort()
    return False


async def half(writer: asyncio.StreamWriter) -> bool:
    body = page()
    writer.write(LENGTH % len(body) + body[: len(body) // 2])
    return False


async def half_of_chunks(writer: asyncio.StreamWriter) -> bool:
    body = page()
    piece = body[: len(body) // 2]
    writer.write(CHUNKED + b"%x\r\n%s\r\n" % (len(piece), piece))
    return False


async def slow(writer: asyncio.StreamWriter) -> bool:
    body = page()
    third = len(body) // 3 + 1
    writer.write(LENGTH % len(body))
    for start in range(0, len(body), third):
        writer.write(body[start : start + third])
        await writer.drain()
        await asyncio.sleep(PAUSE)
    return True


# How each answers a request, and how often in a hundred; it says whether the connection stays open.
ANSWERS: dict[Answer, int] = {whole: 80, reset: 5, half: 5, half_of_chunks: 5, slow: 5}


@contextmanager
def breaking(seed: int) -> Iterator[tuple[str, Counter[str]]]:
    """Serves until the end; yields the address, and how often it answered how."""
    chance = random.Random(seed)
    answered: Counter[str] = Counter()
    port = 0

    async def visit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            stays = True
            while stays:
                await reader.readuntil(b"\r\n\r\n")
                (answer,) = chance.choices(list(ANSWERS), list(ANSWERS.values()))
                answered[answer.__name__] += 1
                stays = await answer(writer)
                await writer.drain()
        writer.close()

    async def run(ready: threading.Event, stop: asyncio.Event) -> None:
        nonlocal port
        server = await asyncio.start_server(visit, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        ready.set()
        await stop.wait()
        server.close()

    with in_thread(run, "a website that breaks"):
        yield f"http://127.0.0.1:{port}", answered
