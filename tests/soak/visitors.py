"""Visitors at a given rate, each on a connection of his own: what each was shown, and what he was answered."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter
from dataclasses import dataclass, field

import aiohttp

from tests.crowd import Answered, decide

# What a browser would fetch: it is in the page of the website, and may not be in one that a visitor gets.
LOADS = (b'src="https://www.googletagmanager.com', b'src="https://www.youtube.com')
EDITED = b"data-privacy"
EVERY_DECISION = 4  # visitors, of whom one decides
PATIENCE = aiohttp.ClientTimeout(total=30)


@dataclass
class Figures:
    """What came of all visits."""

    pages: Counter[str] = field(default_factory=Counter)
    answered: Answered = field(default_factory=Answered)
    unedited: list[bytes] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def slower_than(self, share: float) -> float:
        """Milliseconds that this share of the whole pages took at most."""
        times = sorted(self.seconds)
        return 1000 * times[min(len(times) - 1, int(share * len(times)))] if times else float("nan")


def judged(status: int | None, body: bytes) -> str:
    """What a visitor got; a page counts by its bytes, however its answer ended."""
    if any(address in body for address in LOADS):
        return "unedited"
    if status is None:
        return "none" if not body else "broken off"
    if status == 200:
        return "edited" if EDITED in body else "incomplete"
    return f"error page {status}"


async def visit(client: aiohttp.ClientSession, address: str, figures: Figures) -> None:
    """One page, as many of its bytes as come."""
    status, body = None, b""
    begun = time.monotonic()
    try:
        async with client.get(address) as response:
            async for piece in response.content.iter_any():
                body += piece
            status = response.status
    except (aiohttp.ClientError, TimeoutError):
        pass  # what came before is judged all the same
    kind = judged(status, body)
    figures.pages[kind] += 1
    if kind == "edited":
        figures.seconds.append(time.monotonic() - begun)
    if kind == "unedited":
        figures.unedited.append(body)


async def visiting(address: str, rate: float, enough: asyncio.Event, figures: Figures) -> None:
    """Visitors come at this rate a second until it is enough, however long each waits."""
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    begun = time.monotonic()
    async with (
        aiohttp.ClientSession(
            connector=connector, timeout=PATIENCE, cookie_jar=aiohttp.DummyCookieJar()
        ) as client,
        asyncio.TaskGroup() as visits,
    ):
        for number in itertools.count():
            if enough.is_set():
                break
            visits.create_task(_come(client, address, number, figures))
            await asyncio.sleep(max(0, begun + (number + 1) / rate - time.monotonic()))


async def _come(client: aiohttp.ClientSession, address: str, number: int, figures: Figures) -> None:
    if number % EVERY_DECISION:
        await visit(client, f"{address}/", figures)
    else:
        await _decide(client, address, number // EVERY_DECISION, figures)


async def _decide(client: aiohttp.ClientSession, address: str, number: int, figures: Figures) -> None:
    try:
        await decide(client, address, number, figures.answered)
    except TimeoutError:
        figures.pages["decision without an answer"] += 1


async def capacity(address: str, seconds: float, answered: Answered, at_once: int = 64) -> float:
    """Visitors a second when as many as this come again as soon as they are answered, each fourth to decide: so many
    that the slow answers of the website leave the gateway no rest. What they were `answered` counts, their pages do not."""
    figures = Figures(answered=answered)
    begun = time.monotonic()
    numbers = itertools.count()

    async def again(client: aiohttp.ClientSession) -> None:
        for number in numbers:
            if time.monotonic() > begun + seconds:
                return
            await _come(client, address, number, figures)

    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    async with aiohttp.ClientSession(connector=connector, timeout=PATIENCE) as client:
        await asyncio.gather(*(again(client) for _ in range(at_once)))
    return (next(numbers) - at_once) / (time.monotonic() - begun)
