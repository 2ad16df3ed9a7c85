"""What goes wrong beside the website, one after another, with a rest after each."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import aiohttp

from tests.postgresql import Server
from tests.small_disk import fill
from tests.soak.served import Served

BACK_WITHIN = 60.0  # seconds
HEALTH = "/.privacy/healthz?for=pages"

Fault = Callable[[], AbstractContextManager[None]]
Tell = Callable[[str], None]


class NotBack(Exception):
    """The gateway does not answer again after a fault."""


def faults(gateway: Served, database: Server | None, small: Path | None) -> dict[str, Fault]:
    """Those that are asked for; each holds while its context is open."""

    @contextmanager
    def stopped(server: Server) -> Iterator[None]:
        server.stop()
        try:
            yield
        finally:
            server.start()

    @contextmanager
    def killed() -> Iterator[None]:
        gateway.kill()
        yield

    @contextmanager
    def full(folder: Path) -> Iterator[None]:
        filler = fill(folder)
        try:
            yield
        finally:
            filler.unlink()

    found: dict[str, Fault] = {"gateway killed": killed}
    if database is not None:
        found["database stopped"] = lambda: stopped(database)
    if small is not None:
        found["disk full"] = lambda: full(small)
    return found


async def injecting(
    gateway: Served, all_of_them: dict[str, Fault], seconds: float, until: float, tell: Tell
) -> Counter[str]:
    """Each in turn for so long, and as long nothing, until then (time.monotonic), but each once; how often each.
    `tell` is told what is next.

    After a fault the gateway has to answer before the next. Raises NotBack."""
    injected: Counter[str] = Counter()
    for name, fault in itertools.cycle(all_of_them.items()):
        if time.monotonic() > until and len(injected) == len(all_of_them):
            return injected
        tell(f"next: {name}")
        await asyncio.sleep(seconds)
        tell(name)
        held = fault()
        await asyncio.to_thread(held.__enter__)
        try:
            await asyncio.sleep(seconds)
        finally:
            await asyncio.to_thread(held.__exit__, None, None, None)
        injected[name] += 1
        await answers_again(gateway.address, name)
    raise AssertionError("there is always a fault to inject")


async def answers_again(address: str, fault: str, within: float = BACK_WITHIN) -> None:
    """Comes back with the first answer, for a connection alone comes about while no worker is there. Somebody asks
    every second, for who has the connection of the first may be gone, or busy. Raises NotBack."""
    answered = asyncio.Event()
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=within)) as client:

        async def ask() -> None:
            with suppress(aiohttp.ClientError, TimeoutError):
                async with client.get(address + HEALTH) as response:
                    if response.status == 200:
                        answered.set()

        asking: list[asyncio.Task[None]] = []
        try:
            async with asyncio.timeout(within):
                while not answered.is_set():
                    asking.append(asyncio.create_task(ask()))
                    with suppress(TimeoutError):
                        await asyncio.wait_for(answered.wait(), 1)
        except TimeoutError:
            raise NotBack(f'after "{fault}" nobody answers at {address} for {within:g} seconds') from None
        finally:
            for one in asking:
                one.cancel()
