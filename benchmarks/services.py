"""What a page costs by the number of services in the catalogue: its own, and made-up ones with hosts and code.

    python -m benchmarks.services

Prints a table: milliseconds of processor time, a larger catalogue and the one there is in turn.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

from benchmarks.gateway import rewriter
from benchmarks.pages import KINDS, page
from benchmarks.pairing import paired, table
from consent_gateway.catalogue import Catalogue, Service, Treatment, load

COUNTS = (20, 60, 120)
ROUNDS = 15
SIZE = 100_000


def made_up(number: int) -> Service:
    """A service as those of the catalogue are, that is on no page."""
    host = f"service{number}.example.net"
    return Service.model_validate(
        {
            "name": f"Service {number}",
            "purposes": ("marketing",),
            "treatment": Treatment.REMOVAL,
            "urls": (f"*.{host}", f"cdn.{host}/widgets/*.js", f"www.{host}/embed/"),
            "boot": (rf"\bservice{number}\s*\(\s*['\"]init", rf"{number}\.example\.net/loader\.js"),
            "hosts": (f"*.{host}",),
            "example": f'<script src="https://cdn.{host}/widgets/a.js"></script>',
            "controller": {"name": "Example AG", "country": "DE", "privacy_policy": f"https://{host}/"},
            "sources": (f"https://{host}/",),
            "reviewed": date(2026, 1, 1),
        }
    )


def with_more(count: int, real: Catalogue) -> Catalogue:
    """The catalogue with so many made-up services beside its own."""
    made = {f"service-{number}": made_up(number) for number in range(count)}
    return replace(real, services={**real.services, **made})


def milliseconds(engine: Callable[[bytes], object], data: bytes) -> float:
    start = time.thread_time()
    engine(data)
    return (time.thread_time() - start) * 1e3


def main() -> None:
    real = load()
    known = rewriter(real)
    for count in COUNTS:
        larger = rewriter(with_more(count, real))
        rows = [
            (
                f"100 KB, services: {kind}",
                paired(partial(milliseconds, larger, data), partial(milliseconds, known, data), ROUNDS),
            )
            for kind, held in KINDS.items()
            for data in [page(SIZE, held)]
        ]
        names = (f"{len(real.services) + count} services", f"{len(real.services)} services")
        print(f"{table('ms', names, rows)}\n")


if __name__ == "__main__":
    main()
