"""Whether memory grows with what passes: through the gateway and through bare mitmdump, in turn.

    python -m benchmarks.memory [--requests N]

Prints megabytes (unique set size) after each tenth of the requests, half of them pages: first over connections that are opened anew for
each hundred, then over as few as the proxy allows (the gateway ends one after 1,000 requests, mitmdump never), at last of as many
messages over a single WebSocket that stays open. A slope is given per 1,000, of the second half; and the ratio of both at the end.
"""

from __future__ import annotations

import asyncio
import tempfile
from argparse import ArgumentParser
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import aiohttp

from benchmarks import proxies
from benchmarks.load import PATHS, SOCKET, ask, website
from tests.loopback import serving

STEPS = 10
A_CONNECTION = 100  # requests, of those that are opened anew
MEGABYTE = 1e6


Pass = Callable[[int], Awaitable[None]]  # so many requests or messages, through one proxy


async def over_many(address: str, number: int) -> None:
    """Pages and files in turn, over connections of a hundred requests each."""
    paths = [*PATHS.values()]
    for asked in range(0, number, A_CONNECTION):
        await ask(address + paths[asked // A_CONNECTION % 2], min(A_CONNECTION, number - asked), at_once=1)


async def over_few(session: aiohttp.ClientSession, address: str, number: int) -> None:
    """Pages and files in turn, over the connection that is open."""
    for count in range(number):
        async with session.get(address + [*PATHS.values()][count % 2]) as answer:
            assert answer.status == 200, answer.status
            await answer.read()


async def over_socket(socket: aiohttp.ClientWebSocketResponse, number: int) -> None:
    """Messages of a kilobyte, each of which comes back."""
    for _ in range(number):
        await socket.send_bytes(bytes(1000))
        assert len(await socket.receive_bytes()) == 1000


def slope(sizes: Sequence[float], requests: int) -> float:
    """Growth per 1,000 requests in the second half of the measures."""
    half = sizes[len(sizes) // 2 :]
    return (half[-1] - half[0]) / ((len(half) - 1) * requests / (len(sizes) - 1)) * 1000


async def many_connections(address: str, opened: AsyncExitStack) -> Pass:
    return lambda number: over_many(address, number)


async def few_connections(address: str, opened: AsyncExitStack) -> Pass:
    session = await opened.enter_async_context(_one_at_a_time())
    return lambda number: over_few(session, address, number)


async def one_socket(address: str, opened: AsyncExitStack) -> Pass:
    session = await opened.enter_async_context(_one_at_a_time())
    socket = await opened.enter_async_context(session.ws_connect(address + SOCKET))
    return lambda number: over_socket(socket, number)


WAYS: Mapping[str, Callable[[str, AsyncExitStack], Awaitable[Pass]]] = {
    "requests over many connections": many_connections,
    "requests over as few connections as there may be": few_connections,
    "messages over one WebSocket, there and back": one_socket,
}


def _one_at_a_time() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit_per_host=1), cookie_jar=aiohttp.DummyCookieJar()
    )


async def measured(
    all_of_them: Mapping[str, proxies.Proxy],
    number: int,
    way: Callable[[str, AsyncExitStack], Awaitable[Pass]],
) -> dict[str, list[float]]:
    """Megabytes of each at the start and after each step."""
    sizes: dict[str, list[float]] = {name: [] for name in all_of_them}
    async with AsyncExitStack() as opened:
        passes = {name: await way(proxy.address, opened) for name, proxy in all_of_them.items()}
        for step in range(STEPS + 1):
            for name, proxy in all_of_them.items():
                await passes[name](number // STEPS if step else 20)  # warms up
                sizes[name].append(proxy.memory() / MEGABYTE)
    return sizes


def main() -> None:
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=50_000, help="through each (50,000)")
    given = parser.parse_args()
    for what, way in WAYS.items():
        with tempfile.TemporaryDirectory() as name, serving(website) as origin, ExitStack() as stack:
            folder = Path(name)
            both = {"gateway": stack.enter_context(proxies.gateway(origin.address, folder))}
            try:
                both["mitmdump"] = stack.enter_context(proxies.mitmdump(origin.address, folder))
            except proxies.NotInstalled:
                print("mitmdump is not installed: nothing to compare with")
            sizes = asyncio.run(measured(both, given.requests, way))
        print(f"\n{given.requests} {what}, MB")
        for of, found in sizes.items():
            cells = "".join(f"{size:>8.1f}" for size in found)
            print(f"{of:<10}{cells}   {slope(found, given.requests):+.3f} MB per 1,000")
        ends = [found[-1] for found in sizes.values()]
        print(*(f"ratio at the end: {ends[0] / other:.2f}" for other in ends[1:]))


if __name__ == "__main__":
    main()
