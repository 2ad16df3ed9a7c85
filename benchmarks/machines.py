"""Pages and decisions with one gateway and with two, one PostgreSQL behind both: how they grow with machines.

    python -m benchmarks.machines [REQUESTS]

Everything is on this machine, so that two gateways, the database and the load share its cores: what one core
carries is told by the processor time of a gateway for each request, which does not depend on who else is there.
The database does not wait for the disk (fsync=off). Rounds of one and of two gateways take turns; prints a table
with medians and, in brackets, the smallest and largest, and ends.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from subprocess import Popen

import aiohttp

from benchmarks import pages
from tests import postgresql
from tests.crowd import Answered, crowd, served
from tests.loopback import showing
from tests.started import PLAIN

REQUESTS, ROUNDS, AT_ONCE = 300, 5, 8
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = pages.page(pages.SIZES["100 KB"], pages.KINDS["few"]).decode()
Load = Callable[[list[str], int], Awaitable[None]]
Measured = tuple[float, float]


async def visit(addresses: list[str], number: int) -> None:
    """As many pages as said, some at a time."""
    limit = asyncio.Semaphore(AT_ONCE)

    async def one(client: aiohttp.ClientSession, address: str) -> None:
        async with limit, client.get(address) as response:
            assert response.status == 200 and await response.read()

    async with aiohttp.ClientSession() as client:
        await asyncio.gather(*(one(client, addresses[turn % len(addresses)]) for turn in range(number)))


async def decide(addresses: list[str], number: int) -> None:
    """As many decisions; each has to be recorded."""
    answered = Answered()
    while answered.number < number:
        await crowd(addresses, min(AT_ONCE * 4, number - answered.number), answered)
    assert set(answered.statuses) == {303}, answered.statuses


def spent(gateways: list[Popen[str]]) -> float:
    """Seconds of processor time of all of them so far."""
    fields = [Path(f"/proc/{one.pid}/stat").read_text().rpartition(")")[2].split() for one in gateways]
    return sum(int(one[11]) + int(one[12]) for one in fields) / TICKS


def measured(load: Load, gateways: list[Popen[str]], addresses: list[str], number: int) -> Measured:
    """How many a second, and milliseconds of processor time for each."""
    began, before = time.perf_counter(), spent(gateways)

    async def run() -> None:
        await load(addresses, number)

    asyncio.run(run())
    return number / (time.perf_counter() - began), (spent(gateways) - before) / number * 1000


def row(name: str, found: dict[int, list[Measured]]) -> str:
    """One kind of request with one gateway and with two."""
    cells = []
    for machines in (1, 2):
        for at in (0, 1):
            values = [one[at] for one in found[machines]]
            cells.append(f"{median(values):8.1f} ({min(values):.1f} to {max(values):.1f})")
    ratio = median([two[0] / one[0] for one, two in zip(found[1], found[2], strict=True)])
    return f"{name:<11}{cells[0]:>27}{cells[1]:>25}{cells[2]:>27}{cells[3]:>25}{ratio:>9.2f}"


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS
    kinds: dict[str, Load] = {"pages": visit, "decisions": decide}
    found: dict[str, dict[int, list[Measured]]] = {name: {1: [], 2: []} for name in kinds}
    with showing(PAGE) as origin, postgresql.server() as database, tempfile.TemporaryDirectory() as folder:
        one, other = Path(folder) / "one", Path(folder) / "other"
        one.mkdir()
        other.mkdir()
        with (
            served(origin, one / "state", database.url, program=PLAIN) as (first, here),
            served(origin, other / "state", database.url, program=PLAIN) as (second, there),
        ):
            asyncio.run(_warm(here, there))
            for _ in range(ROUNDS):
                for name, load in kinds.items():
                    found[name][1].append(measured(load, [first], [here], number))
                    found[name][2].append(measured(load, [first, second], [here, there], number))
    print(
        f"a page of {len(PAGE) // 1000} kB, {number} requests a round, {ROUNDS} rounds, {os.cpu_count()} cores"
    )
    print(f"{'':<11}{'one: a second':>27}{'ms of a core each':>25}{'two: a second':>27}{'ms of a core each':>25}{'ratio':>9}")  # fmt: skip
    for name in kinds:
        print(row(name, found[name]))


async def _warm(*addresses: str) -> None:
    await visit([*addresses], 20)


if __name__ == "__main__":
    main()
