"""Several sources of values at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest

from consent_gateway.audit.merging import merged


class Source:
    """Yields numbers once `go` is set, and knows whether it was closed."""

    def __init__(self, *numbers: int, go: asyncio.Event, then: asyncio.Event | None = None) -> None:
        self._numbers, self._go, self._then = numbers, go, then
        self.closed = False

    async def values(self) -> AsyncGenerator[int, None]:
        try:
            await self._go.wait()
            for number in self._numbers:
                yield number
            if self._then:
                self._then.set()
        finally:
            await asyncio.sleep(0)
            self.closed = True


async def test_one_that_waits_for_another_does_not_keep_it_waiting() -> None:
    now, later = asyncio.Event(), asyncio.Event()
    now.set()
    waits, gives = Source(3, 4, go=later), Source(1, 2, go=now, then=later)
    assert [one async for one in merged(waits.values(), gives.values())] == [1, 2, 3, 4]
    assert waits.closed and gives.closed


async def test_where_one_fails_the_others_are_closed_and_it_is_said() -> None:
    never, other = asyncio.Event(), asyncio.Event()
    other.set()
    kept = Source(1, go=other, then=other)

    async def failing() -> AsyncGenerator[int, None]:
        yield 0
        raise LookupError("gone")

    hangs = Source(1, go=never)
    with pytest.raises(LookupError, match="gone"):
        async for one in merged(hangs.values(), kept.values(), failing()):
            assert one in (0, 1)
    assert hangs.closed and kept.closed


async def test_who_wants_no_more_closes_all() -> None:
    now = asyncio.Event()
    now.set()
    sources = [Source(1, 2, go=now), Source(3, go=asyncio.Event())]
    found = merged(*(one.values() for one in sources))
    assert await anext(found) == 1
    await found.aclose()
    assert all(one.closed for one in sources)


async def test_none_yield_nothing() -> None:
    nothing: tuple[AsyncGenerator[int, None], ...] = ()
    assert [one async for one in merged(*nothing)] == []
