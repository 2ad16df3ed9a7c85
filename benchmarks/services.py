"""What a page costs by the number of services in the catalogue: its own, and made-up ones with hosts and code.

    python -m benchmarks.services

Prints a table: milliseconds of processor time, the shortest of several rounds in which the catalogues take turns.
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date

from benchmarks.gateway import rewriter
from benchmarks.pages import KINDS, page
from consent_gateway.catalogue import Catalogue, Service, Treatment, load

COUNTS = (0, 20, 60, 120)
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


def main() -> None:
    real = load()
    engines = {count: rewriter(with_more(count, real)) for count in COUNTS}
    print(f"{'page':<24}" + "".join(f"{len(real.services) + count:>10}" for count in COUNTS) + "  services")
    for kind, held in KINDS.items():
        data = page(SIZE, held)
        times = dict.fromkeys(COUNTS, float("inf"))
        for _ in range(ROUNDS):
            for count, engine in engines.items():
                start = time.thread_time()
                engine(data)
                times[count] = min(times[count], time.thread_time() - start)
        row = "".join(f"{taken * 1e3:>7.2f} ms" for taken in times.values())
        print(f"100 KB, services: {kind:<6}{row}")


if __name__ == "__main__":
    main()
