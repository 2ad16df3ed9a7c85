"""How fast pages are rewritten, beside other parsers with a smaller job (benchmarks/engines.py).

    python -m benchmarks.rewriting

Prints a table: milliseconds of processor time a page (the shortest of several rounds in which the engines take turns, the median and the
quartiles), pages and megabytes per second at the shortest, and the median as a multiple of the gateway's. `known page` is the gateway for
one that came before, unchanged.
"""

from __future__ import annotations

import time

from benchmarks.engines import ENGINES, Engine
from benchmarks.gateway import rewriter
from benchmarks.pages import KINDS, SIZES, page
from benchmarks.pairing import spread
from consent_gateway.catalogue import load
from consent_gateway.page.remembered import Remembered

OURS, KNOWN = "gateway", "known page"
HEAD = f"{'engine':<12} {'ms':>8} {'median':>8} {'quartiles':>15} {'pages/s':>9} {'MB/s':>8} {'ratio':>8}"
ENOUGH = 2_000_000  # bytes that each engine reads of a page, in rounds


def engines() -> dict[str, Engine | None]:
    """None stands for what is not installed."""
    found: dict[str, Engine | None] = {OURS: rewriter(load()), KNOWN: rewriter(load(), Remembered())}
    for name, make in ENGINES.items():
        try:
            found[name] = make()
        except ImportError:
            found[name] = None
    return found


def timed(available: dict[str, Engine], data: bytes) -> dict[str, list[float]]:
    """Seconds per engine, of each round."""
    times: dict[str, list[float]] = {name: [] for name in available}
    for _ in range(max(5, ENOUGH // len(data))):
        for name, engine in available.items():
            start = time.thread_time()
            engine(data)
            times[name].append(time.thread_time() - start)
    return times


def main() -> None:
    found = engines()
    available = {name: engine for name, engine in found.items() if engine}
    for size_name, size in SIZES.items():
        for kind, held in KINDS.items():
            data = page(size, held)
            times = timed(available, data)
            print(f"\n{size_name} page, services: {kind}\n{HEAD}")
            for name in found:
                print(
                    row(name, times[name], times[OURS], len(data))
                    if name in times
                    else f"{name:<12} not installed"
                )


def row(name: str, times: list[float], ours: list[float], size: int) -> str:
    best, (middle, lower, upper) = min(times), spread(times)
    quartiles = f"{lower * 1e3:.2f}–{upper * 1e3:.2f}"
    return (
        f"{name:<12} {best * 1e3:>8.2f} {middle * 1e3:>8.2f} {quartiles:>15} {1 / best:>9.0f} {size / best / 1e6:>8.1f}"
        f" {middle / spread(ours)[0]:>8.2f}"
    )


if __name__ == "__main__":
    main()
