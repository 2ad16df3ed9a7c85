"""What a request costs through the gateway, beside bare mitmdump and beside nginx in front of the same website.

    python -m benchmarks.passing [--requests N] [--rounds N]

Prints a table for each of both: milliseconds of processor time a request, of the proxy's processes only, measured in turn. The gateway
edits the page (a visitor without a choice, so the notice is in it, too); the others hand it on.
"""

from __future__ import annotations

import asyncio
import tempfile
from argparse import ArgumentParser
from functools import partial
from pathlib import Path

from benchmarks import proxies
from benchmarks.load import PATHS, ask, website
from benchmarks.pairing import Pair, paired, table
from tests.loopback import serving


def milliseconds(proxy: proxies.Proxy, path: str, requests: int) -> float:
    """Of processor time, a request."""
    before = proxy.cpu()
    asyncio.run(ask(proxy.address + path, requests))
    return 1000 * (proxy.cpu() - before) / requests


def compared(other: proxies.Start, requests: int, rounds: int) -> list[tuple[str, Pair]]:
    """A pair for each kind of request. Raises NotInstalled."""
    with (
        tempfile.TemporaryDirectory() as name,
        serving(website) as origin,
        other(origin.address, Path(name)) as theirs,
        proxies.gateway(origin.address, Path(name)) as ours,
    ):
        Path(name).chmod(0o755)
        return [
            (
                kind,
                paired(
                    partial(milliseconds, ours, path, requests),
                    partial(milliseconds, theirs, path, requests),
                    rounds,
                ),
            )
            for kind, path in PATHS.items()
        ]


def main() -> None:
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=400, help="a round (400)")
    parser.add_argument("--rounds", type=int, default=9, help="of which each has both (9)")
    given = parser.parse_args()
    for name, start in proxies.OTHERS.items():
        try:
            rows = compared(start, given.requests, given.rounds)
        except proxies.NotInstalled:
            print(f"{name} is not installed: nothing to compare with\n")
            continue
        print(
            f"{given.rounds} rounds of {given.requests} requests each\n{table('ms', ('gateway', name), rows)}\n"
        )


if __name__ == "__main__":
    main()
