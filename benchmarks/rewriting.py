"""How fast pages are rewritten, beside other parsers with a smaller job (benchmarks/engines.py).

    python -m benchmarks.rewriting

Prints a table: milliseconds and megabytes per second of processor time, the shortest of several rounds in which
the engines take turns, and the time as a multiple of the gateway's.
"""

from __future__ import annotations

import time

from benchmarks.engines import ENGINES, Engine
from benchmarks.gateway import rewriter
from benchmarks.pages import KINDS, SIZES, page
from consent_gateway.catalogue import load

OURS = "gateway"
ENOUGH = 2_000_000  # bytes that each engine reads of a page, in rounds


def engines() -> dict[str, Engine | None]:
    """None stands for what is not installed."""
    found: dict[str, Engine | None] = {OURS: rewriter(load())}
    for name, make in ENGINES.items():
        try:
            found[name] = make()
        except ImportError:
            found[name] = None
    return found


def fastest(available: dict[str, Engine], data: bytes) -> dict[str, float]:
    """Seconds per engine."""
    times: dict[str, float] = {}
    for _ in range(max(5, ENOUGH // len(data))):
        for name, engine in available.items():
            start = time.thread_time()
            engine(data)
            taken = time.thread_time() - start
            times[name] = min(taken, times.get(name, taken))
    return times


def main() -> None:
    found = engines()
    available = {name: engine for name, engine in found.items() if engine}
    for size_name, size in SIZES.items():
        for kind, held in KINDS.items():
            data = page(size, held)
            times = fastest(available, data)
            print(f"\n{size_name} page, services: {kind}\n{'engine':<12} {'ms':>8} {'MB/s':>8} {'ratio':>8}")
            for name in found:
                if name not in times:
                    print(f"{name:<12} {'not installed':>26}")
                    continue
                taken = times[name]
                print(
                    f"{name:<12} {taken * 1e3:>8.2f} {len(data) / taken / 1e6:>8.1f} {taken / times[OURS]:>8.2f}"
                )


if __name__ == "__main__":
    main()
