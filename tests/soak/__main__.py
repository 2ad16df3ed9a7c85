"""Soaks the gateway: `python -m tests.soak --minutes 30`, which is `make soak`.

Exit codes: 0 not a page unedited, not a decision lost and no memory that grows; 1 one of them; 2 could not run as asked,
which is so as well where PostgreSQL is not installed or no disk can be mounted (only root can) and it was not said
to do without it."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from tests.soak.faults import NotBack, Tell
from tests.soak.memory import FEWEST, growth
from tests.soak.run import WAIVED, CannotFail, Outcome, soak
from tests.soak.served import DidNotStart


def main(arguments: Sequence[str] | None = None) -> None:
    parser = ArgumentParser(
        prog="python -m tests.soak", description=__doc__, formatter_class=RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=30.0, help="how long (30)")
    parser.add_argument(
        "--rate", type=float, default=0.0, help="visitors a second (half of what is measured)"
    )
    parser.add_argument(
        "--without",
        action="append",
        choices=WAIVED,
        default=[],
        help="what does not fail; may be given twice",
    )
    given = parser.parse_args(arguments)
    try:
        with _telling(given.minutes * 60) as tell:
            outcome = soak(given.minutes * 60, rate=given.rate, without=given.without, tell=tell)
    except (CannotFail, DidNotStart, NotBack) as reason:
        print(reason, file=sys.stderr)
        sys.exit(2)
    print(told(outcome))
    sys.exit(0 if outcome.is_clean else 1)


@contextmanager
def _telling(seconds: float) -> Iterator[Tell]:
    """A bar on standard error while that is a terminal, with what is done just now."""
    begun = time.monotonic()
    with click.progressbar(
        length=round(seconds), file=sys.stderr, item_show_func=str, hidden=not sys.stderr.isatty()
    ) as bar:
        yield lambda what: bar.update(round(time.monotonic() - begun) - bar.pos, what)


def told(outcome: Outcome) -> str:
    """The figures, a line each."""
    figures, answered = outcome.figures, outcome.figures.answered
    lines = {
        "visitors": f"{outcome.rate:.1f} a second for {outcome.seconds:.0f} seconds",
        "website answered": _counts(outcome.of_website),
        "faults beside": _counts(outcome.injected),
        "without": ", ".join(outcome.without) or "nothing: all of them fail",
        "starts of the gateway": str(outcome.starts),
        "pages": _counts(figures.pages),
        "whole pages took": f"{figures.slower_than(0.5):.0f} ms (median), {figures.slower_than(0.99):.0f} ms (99 of 100)",
        "decisions answered": _counts({str(status): count for status, count in answered.statuses.items()}),
        "memory": f"{outcome.memory[0].total / 1e6:.1f} MB at the start, {outcome.memory[-1].total / 1e6:.1f} MB at the end",
        "memory kept of a page": _kept(outcome),
        "exit code of the gateway": str(outcome.exit_code),
        "pages unedited": str(len(figures.unedited)),
        "decisions lost": outcome.lost
        or f"none of {len(answered.receipts)} grants and {answered.refusals} refusals",
    }
    return "\n".join(f"{name:<26}{value}" for name, value in lines.items())


def _kept(outcome: Outcome) -> str:
    found = growth(outcome.memory)
    if not found:
        return f"not judged: there are fewer than {FEWEST} pages in the second half, or no process is as old"
    return f"{max(found.values()):.0f} bytes in the second half, by the process that keeps most"


def _counts(found: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(found.items())) or "none"


if __name__ == "__main__":
    main()
