"""What an audit costs by the size of its capture: pages per second and peak memory, a large capture beside a small one.

    python -m benchmarks.audit [PAGES]

Each page is of some 50 kB with eight trackers and is audited in ten states, with the gateway and without. The large capture and the
small one take turns; the start of the program is in it. Everything is on this machine; prints a table and ends.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.pairing import Pair, paired, table

ROUNDS = 3
TEN = 10  # the small capture has a tenth of the pages
SITE = '[third_parties]\nunlisted = "hold"\n[services.youtube]\n[services.linkedin]\n'
TRACKERS = """<script async src="https://www.googletagmanager.com/gtag/js?id=G-SHOP12345"></script>
<script src="https://snap.licdn.com/li.lms-analytics/insight.min.js"></script>
<script src="https://connect.facebook.net/en_US/fbevents.js"></script>
<script src="https://widget.example.net/%(n)d.js"></script>
<link rel="stylesheet" href="https://fonts.googleapis.com/css?family=Roboto">
<img src="https://px.ads.linkedin.com/collect?pid=7&amp;n=%(n)d" width="1" height="1" alt="">
<iframe src="https://www.youtube.com/embed/abcdefghijk" width="320" height="180"></iframe>
<iframe src="https://www.google.com/maps/embed?pb=%(n)d"></iframe>"""
PARAGRAPH = '<p class="text">Shelf %d of page %d holds <a href="/p/%d">what was asked for</a> and <img src="/i/%d.jpg" alt="it">.</p>\n'


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one audit: seconds of processor time, and the most memory it had, in MB."""

    seconds: float
    peak: float


def capture(path: Path, pages: int) -> None:
    """A HAR with so many pages, written piece by piece."""
    with path.open("w") as file:
        file.write('{"log": {"version": "1.2", "creator": {"name": "benchmark"}, "pages": [], "entries": [\n')
        for n, entry in enumerate(_entries(pages)):
            file.write(f"{',' if n else ''}{json.dumps(entry)}\n")
        file.write("]}}")


def _entries(pages: int) -> Iterator[dict[str, object]]:
    for n in range(pages):
        body = "".join(PARAGRAPH % (shelf, n, shelf, shelf) for shelf in range(450))
        text = f'<!doctype html><html lang="en"><title>Page {n}</title>{TRACKERS % {"n": n}}{body}</html>'
        yield {
            "startedDateTime": "2026-11-24T10:30:00.000Z",
            "time": 1,
            "request": {"method": "GET", "url": f"https://www.example.com/p/{n}", "headers": []},
            "response": {
                "status": 200,
                "headers": [],
                "content": {"size": len(text), "mimeType": "text/html", "text": text},
            },
            "_resourceType": "document",
        }


def audited(folder: Path, pages: int) -> Cost:
    """What one audit costs, in a process of its own."""
    recording, site = folder / f"{pages}.har", folder / "site.toml"
    capture(recording, pages)
    site.write_text(SITE)
    command = [sys.executable, "-m", "consent_gateway", "audit", str(recording), "--site", str(site), "--through", "-o", str(folder / "report")]  # fmt: skip
    process = os.posix_spawn(sys.executable, command, os.environ)
    _, status, used = os.wait4(process, 0)
    assert os.waitstatus_to_exitcode(status) == 0, (folder / "report").read_text("utf-8")
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def main() -> None:
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else 250
    few = max(pages // TEN, 1)
    with tempfile.TemporaryDirectory() as folder:
        costs: dict[int, list[Cost]] = {pages: [], few: []}

        def seconds(number: int) -> float:
            costs[number].append(audited(Path(folder), number))
            return 1000 * costs[number][-1].seconds / number

        a_page = paired(partial(seconds, pages), partial(seconds, few), ROUNDS)
        # The first round is not counted there, either.
        peak = Pair(*([cost.peak for cost in costs[number][-ROUNDS:]] for number in (pages, few)))
    names = (f"{pages} pages", f"{few} pages")
    print(table("", names, [("ms of a core for a page", a_page), ("peak, MB", peak)]))
    print(f"\n{1000 / median(a_page.ours):.1f} pages/s of the large capture")


if __name__ == "__main__":
    main()
