"""What a visitor's browser sees of the gateway: the same page directly and through it, in Chromium, in turn.

    python -m benchmarks.browser [--rounds N]

Prints a table: time to the first byte, largest contentful paint, cumulative layout shift, and bytes of the site's own host; each round
a browser that has kept nothing. Names of the internet lead nowhere, so what trackers cost without the gateway is not in it.
"""

from __future__ import annotations

import tempfile
from argparse import ArgumentParser
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

from benchmarks import proxies
from benchmarks.load import website
from benchmarks.pairing import Pair, table
from tests import chromium
from tests.loopback import serving

SETTLING = 500  # milliseconds after the load event, for what is painted late
RULES = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
# https://web.dev/articles/lcp and /cls: the last candidate, and the sum of shifts without an input.
OBSERVE = """
window.seen = {lcp: 0, cls: 0};
new PerformanceObserver(list => { for (const one of list.getEntries()) seen.lcp = one.startTime })
  .observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver(list => { for (const one of list.getEntries()) if (!one.hadRecentInput) seen.cls += one.value })
  .observe({type: "layout-shift", buffered: true});
"""
READ = """() => {
  const page = performance.getEntriesByType("navigation")[0];
  const files = performance.getEntriesByType("resource").filter(one => one.name.startsWith(location.origin));
  return {
    "first byte, ms": page.responseStart,
    "largest contentful paint, ms": seen.lcp,
    "layout shift": seen.cls,
    "own bytes, KB": [page, ...files].reduce((sum, one) => sum + one.transferSize, 0) / 1000,
  };
}"""


def seen(playwright: Playwright, address: str) -> dict[str, float]:
    """The measures of a first visit, in a browser that has kept nothing."""
    with chromium.launched(playwright, RULES) as browser:
        page = browser.new_page()
        page.add_init_script(OBSERVE)
        page.goto(address, wait_until="load")
        page.wait_for_timeout(SETTLING)
        found: dict[str, float] = page.evaluate(READ)
    return found


def main() -> None:
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15, help="of which each has both (15)")
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(website) as origin,
        proxies.gateway(origin.address, Path(folder)) as ours,
        sync_playwright() as playwright,
    ):
        through: list[dict[str, float]] = []
        directly: list[dict[str, float]] = []
        for number in range(-1, given.rounds):  # the first warms up
            turns = ((ours.address, through), (origin.address, directly))
            for address, measures in turns if number % 2 else reversed(turns):
                measures.append(seen(playwright, address))
    pairs = [
        (name, Pair([one[name] for one in through[1:]], [one[name] for one in directly[1:]]))
        for name in through[0]
    ]
    print(f"{given.rounds} first visits each\n{table('', ('gateway', 'directly'), pairs)}")


if __name__ == "__main__":
    main()
