"""Whether memory grows with requests: through the gateway and through bare mitmdump, in turn.

    python -m benchmarks.memory [--requests N]

Prints megabytes (unique set size) after each tenth of the requests, half of them pages; first over connections that are opened anew for
each hundred, then over a single one that stays open. A slope is given per 1,000 requests, of the second half.
"""

from __future__ import annotations

import asyncio
import tempfile
from argparse import ArgumentParser
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import aiohttp

from benchmarks import proxies
from benchmarks.load import PATHS, ask, website
from tests.loopback import serving

STEPS = 10
A_CONNECTION = 100  # requests, of those that are opened anew
MEGABYTE = 1e6


async def over_many(address: str, number: int) -> None:
    """Pages and files in turn, over connections of a hundred requests each."""
    paths = [*PATHS.values()]
    for asked in range(0, number, A_CONNECTION):
        await ask(address + paths[asked // A_CONNECTION % 2], min(A_CONNECTION, number - asked), at_once=1)


async def over_one(session: aiohttp.ClientSession, address: str, number: int) -> None:
    """Pages and files in turn, over the connection that is open."""
    for count in range(number):
        async with session.get(address + [*PATHS.values()][count % 2]) as answer:
            assert answer.status == 200, answer.status
            await answer.read()


def slope(sizes: Sequence[float], requests: int) -> float:
    """Growth per 1,000 requests in the second half of the measures."""
    half = sizes[len(sizes) // 2 :]
    return (half[-1] - half[0]) / ((len(half) - 1) * requests / (len(sizes) - 1)) * 1000


async def measured(
    all_of_them: dict[str, proxies.Proxy], requests: int, *, one_connection: bool
) -> dict[str, list[float]]:
    """Megabytes of each at the start and after each step."""
    sizes: dict[str, list[float]] = {name: [] for name in all_of_them}
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit_per_host=1), cookie_jar=aiohttp.DummyCookieJar()
    ) as session:
        for step in range(STEPS + 1):
            for name, proxy in all_of_them.items():
                number = requests // STEPS if step else 20  # warms up
                if one_connection:
                    await over_one(session, proxy.address, number)
                else:
                    await over_many(proxy.address, number)
                sizes[name].append(proxy.memory() / MEGABYTE)
    return sizes


def main() -> None:
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=50_000, help="through each (50,000)")
    given = parser.parse_args()
    for one_connection in (False, True):
        with tempfile.TemporaryDirectory() as name, serving(website) as origin, ExitStack() as stack:
            folder = Path(name)
            both = {"gateway": stack.enter_context(proxies.gateway(origin.address, folder))}
            try:
                both["mitmdump"] = stack.enter_context(proxies.mitmdump(origin.address, folder))
            except proxies.NotInstalled:
                print("mitmdump is not installed: nothing to compare with")
            sizes = asyncio.run(measured(both, given.requests, one_connection=one_connection))
        print(
            f"\n{given.requests} requests over {'one connection' if one_connection else 'many connections'}, MB"
        )
        for of, found in sizes.items():
            cells = "".join(f"{size:>8.1f}" for size in found)
            print(f"{of:<10}{cells}   {slope(found, given.requests):+.3f} MB per 1,000 requests")


if __name__ == "__main__":
    main()
