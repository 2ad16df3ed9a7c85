"""What the operator's lists cost: pages rewritten without a list and with one of 50,000 made-up rules.

    python -m benchmarks.lists [RULES]

Prints a table and ends. Times are of the processor; pages of one kind are rewritten in turn with and without the list, first of
addresses that were never seen, then of the same.
"""

from __future__ import annotations

import gzip
import random
import sys
import time
import tracemalloc
from collections.abc import Callable
from functools import partial

from benchmarks.pairing import Pair, paired, table
from consent_gateway import catalogue
from consent_gateway.lists.kinds import SCRIPT
from consent_gateway.lists.matching import NO_LISTS, Fetch, Lists
from consent_gateway.lists.reading import read
from consent_gateway.lists.table import table as for_the_browser
from consent_gateway.page.charset import Encoding
from consent_gateway.page.rewriting import Rewriter
from consent_gateway.page.view import View
from consent_gateway.recognition import Recogniser
from consent_gateway.rendering import script_json
from consent_gateway.site import Site

PAGE = "https://www.example.com/"
ROUNDS = 15


def made_up_list(rules: int, chance: random.Random) -> str:
    """Rules in the proportions of EasyPrivacy: 85 of a hundred are for a whole host."""
    lines = ["[Adblock Plus 2.0]"]
    for number in range(rules):
        word = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(4, 14)))
        kind = chance.random()
        if kind < 0.85:
            lines.append(f"||{word}{number}.{chance.choice(('com', 'net', 'io', 'de'))}^")
        elif kind < 0.92:
            lines.append(f"/{word}/track{number}.$image,third-party")
        elif kind < 0.98:
            lines.append(f"||{word}.example.net/{word}{number}*.js$script,third-party")
        else:
            lines.append(f"@@||{word}{number}.com/needed.js$domain={word}.example")
    return "\n".join(lines)


def page(size: int, foreign: int, chance: random.Random) -> bytes:
    """A page of about this many bytes; of its resources this many are of other hosts, each only once."""
    parts = ["<!doctype html><html lang='en'><head><title>Page</title></head><body>"]
    parts += [
        f'<img src="https://cdn{chance.random()}.example.org/a/{n}.jpg?v={n}" alt="">' for n in range(foreign)
    ]
    text = "<p>Words that a page of some length is made of, with <a href='/a'>a link</a> now and then.</p>\n"
    parts += [text] * ((size - sum(map(len, parts))) // len(text))
    return "".join((*parts, "</body></html>")).encode()


def seconds(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


def rewriter(lists: Lists) -> Callable[[bytes], object]:
    known = catalogue.load()
    made = Rewriter(known, Recogniser(Site(), known, ("127.0.0.1",), lists).on("www.example.com"))
    view = View(
        url=PAGE, prefix="/.privacy", loads=lambda service: False, once=frozenset(),
        placeholder=lambda plugin, first: b"", forms=lambda services: b"", mounts=lambda service: (),
    )  # fmt: skip
    return lambda data: made.page(data, encoding=Encoding("utf-8"), view=view)


def compared(
    ours: Callable[[bytes], object], other: Callable[[bytes], object], anew: Callable[[], bytes]
) -> tuple[Pair, Pair]:
    """Milliseconds of pages that are made anew each time, and of one that both have seen."""

    def milliseconds(work: Callable[[bytes], object], data: bytes) -> float:
        return 1000 * seconds(partial(work, data))

    new = paired(lambda: milliseconds(ours, anew()), lambda: milliseconds(other, anew()), ROUNDS)
    data = anew()
    ours(data)
    other(data)
    return new, paired(lambda: milliseconds(ours, data), lambda: milliseconds(other, data), ROUNDS)


def main() -> None:
    chance = random.Random(20261124)
    text = made_up_list(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000, chance)
    tracemalloc.start()
    lists = Lists([read(text, "made-up")])
    memory = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    loading = seconds(lambda: Lists([read(text, "made-up")]))
    script = script_json(for_the_browser(lists, websites=["example.com"], stand_ins=False)).encode()
    rules = len(lists.read[0].rules)
    print(
        f"{rules} rules: read in {loading:.2f} s, {memory / 2**20:.0f} MiB; for the browser {len(script) / 1000:.0f} kB, {len(gzip.compress(script)) / 1000:.0f} kB in gzip"
    )
    fetches = [
        Fetch(f"https://cdn{n}.example.org/assets/{n}/app-{n}.min.js?v={n}", f"cdn{n}.example.org", True, lists.page("www.example.com"))
        for n in range(5000)
    ]  # fmt: skip
    judging = min(seconds(lambda: [lists.held_by(fetch, SCRIPT) for fetch in fetches]) for _ in range(3))
    print(f"an address that nothing was said about yet: {judging / len(fetches) * 1e6:.1f} µs\n")
    without, with_lists = rewriter(NO_LISTS), rewriter(lists)
    rows: list[tuple[str, Pair]] = []
    for size, foreign in ((10_000, 5), (100_000, 30), (1_000_000, 30), (100_000, 300)):
        kind = f"{size // 1000} kB, {foreign} foreign"
        new, seen = compared(with_lists, without, partial(page, size, foreign, chance))
        rows += [(kind, new), (f"{kind}, seen", seen)]
    print(table("ms", ("with", "without"), rows))


if __name__ == "__main__":
    main()
