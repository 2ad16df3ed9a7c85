"""`make fuzz`: mutated pages through the rewriter, judged by another parser. Exit code 1 on a finding.

Prints seeds, pages and bytes. What is found is saved, named by its seed; the same seed makes the
same page again: `python -m tests.fuzz --seed N --pages 1`.
"""

from __future__ import annotations

import argparse
import faulthandler
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from consent_gateway.page import charset
from tests.differential import before_consent, faults
from tests.mutation import page
from tests.seeds import own_pages, pages_of

LARGEST = 6000  # characters of a seed page that go into one mutated page
BATCH = 200
HANGS = 60  # seconds after which a page that is still being rewritten ends the run
SLOWEST = 8  # pages per batch whose time is held against their length
GROWTH = 12  # what four times the page may take, as a multiple of the time for one


class Finding(NamedTuple):
    seed: int
    data: bytes
    what: list[str]


class Tally(NamedTuple):
    """What one batch has seen."""

    pages: int
    bytes: int
    findings: list[Finding]


def run(start: int, pages: int, seeds: Sequence[str], *, growth: bool = True) -> Tally:
    """As many pages, the first of which has this seed; `growth` measures those that take longest."""
    findings = []
    total = 0
    times: list[tuple[float, int, bytes]] = []
    for seed in range(start, start + pages):
        chance = random.Random(seed)
        data = page(chance, seeds, largest=LARGEST)
        before = before_consent(chance.choice(("load", "hold")))
        total += len(data)
        faulthandler.dump_traceback_later(HANGS, exit=True)
        try:
            what = faults(data, before)
        except Exception as error:
            what = [f"raises {error!r}"]
        faulthandler.cancel_dump_traceback_later()
        if what:
            findings.append(Finding(seed, data, what))
        elif growth and len(data) > 2000:
            times.append((_seconds(data) / len(data), seed, data))
    for _, seed, data in sorted(times)[-SLOWEST:] if growth else ():
        factor = _growth(data)
        if factor > GROWTH:
            findings.append(Finding(seed, data, [f"four times the page takes {factor:.0f} times as long"]))
    return Tally(pages, total, findings)


def _seconds(data: bytes) -> float:
    """CPU seconds for one rewriting."""
    encoding = charset.sniff(data, "text/html")
    start = time.thread_time()
    try:
        before_consent("load").rewritten(data, encoding)
    except charset.Undecodable:
        return 0
    return time.thread_time() - start


def _growth(data: bytes) -> float:
    once = max(min(_seconds(data) for _ in range(3)), 1e-4)
    return min(_seconds(data * 4) for _ in range(3)) / once


def main() -> int:
    arguments = _arguments()
    seeds = [*own_pages(), *(pages_of(arguments.dir) if arguments.dir else ())]
    began = time.monotonic()
    pages = size = found = 0
    arguments.save.mkdir(parents=True, exist_ok=True)
    print(f"{len(seeds)} pages to begin with, first seed {arguments.seed}", flush=True)
    with ProcessPoolExecutor(arguments.jobs) as pool:
        for tally in _batches(pool, arguments, seeds):
            pages, size, found = pages + tally.pages, size + tally.bytes, found + len(tally.findings)
            for finding in tally.findings:
                (arguments.save / f"{finding.seed}.html").write_bytes(finding.data)
                print(f"seed {finding.seed}: " + "\n    ".join(finding.what[:4]), flush=True)
    seconds = time.monotonic() - began
    print(
        f"seeds {arguments.seed} to {arguments.seed + pages - 1}: {pages} pages, {size} bytes, {seconds:.0f} s, {found} findings"
    )
    return 1 if found else 0


def _batches(
    pool: ProcessPoolExecutor, arguments: argparse.Namespace, seeds: Sequence[str]
) -> Iterator[Tally]:
    """Batches, one per process at a time, until there are enough bytes or pages, or the time is up."""
    ends = time.monotonic() + arguments.seconds
    next_seed, size, left = arguments.seed, 0, arguments.pages
    while size < arguments.bytes and left > 0 and time.monotonic() < ends:
        counts = [min(BATCH, left - BATCH * job) for job in range(arguments.jobs) if left > BATCH * job]
        starts = [next_seed + BATCH * job for job in range(len(counts))]
        for tally in pool.map(run, starts, counts, [seeds] * len(counts)):
            size += tally.bytes
            yield tally
        next_seed, left = next_seed + sum(counts), left - sum(counts)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="of the first page")
    parser.add_argument("--bytes", type=int, default=10_000_000, help="of mutated pages, at least")
    parser.add_argument("--pages", type=int, default=sys.maxsize, help="at most")
    parser.add_argument("--seconds", type=float, default=180, help="at most")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--dir", type=Path, help="a folder with more pages to begin with")
    parser.add_argument("--save", type=Path, default=Path("build/fuzz"), help="where findings go")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
