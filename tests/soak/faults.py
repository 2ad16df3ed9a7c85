"""What goes wrong beside the website, one after another, with a rest after each."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from tests.postgresql import Server
from tests.small_disk import fill
from tests.soak.served import Served

BACK_WITHIN = 60  # seconds

Fault = Callable[[], AbstractContextManager[None]]
Tell = Callable[[str], None]


class NotBack(Exception):
    """The gateway does not answer again after a fault."""


def faults(gateway: Served, database: Server | None, small: Path | None) -> dict[str, Fault]:
    """Those that can be injected on this machine; each holds while its context is open."""

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
        await _back(gateway, name)
    raise AssertionError("there is always a fault to inject")


async def _back(gateway: Served, fault: str) -> None:
    deadline = time.monotonic() + BACK_WITHIN
    while time.monotonic() < deadline:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise NotBack(f'after "{fault}" nobody listens on {gateway.address} for {BACK_WITHIN} seconds')
