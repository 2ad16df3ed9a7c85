"""Servers in threads of their own, beside the tests that ask them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

LONGEST = 60.0  # seconds for one to start, and to end

Run = Callable[[threading.Event, asyncio.Event], Awaitable[None]]


class NotStarted(RuntimeError):
    """A server did not come up in time."""


@contextmanager
def in_thread(run: Run, name: str) -> Iterator[None]:
    """Runs `run(ready, stop)` on an event loop of its own, from when it sets `ready` until `stop` is set at the
    end. Raises what it raises, and NotStarted."""
    ready = threading.Event()
    under_way: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []
    failures: list[BaseException] = []

    async def main() -> None:
        stop = asyncio.Event()
        under_way.append((asyncio.get_running_loop(), stop))
        await run(ready, stop)

    def target() -> None:
        try:
            asyncio.run(main())
        except BaseException as error:
            failures.append(error)
        finally:
            ready.set()

    thread = threading.Thread(target=target, name=name, daemon=True)
    thread.start()
    in_time = ready.wait(LONGEST)
    try:
        if failures:
            raise failures[0]
        if not in_time:
            raise NotStarted(f"{name} did not start within {LONGEST:.0f} seconds")
        yield
    finally:
        if thread.is_alive() and under_way:
            loop, stop = under_way[0]
            loop.call_soon_threadsafe(stop.set)
        thread.join(LONGEST)
    if failures:
        raise failures[0]
