"""The audit for a terminal: the answer, the states side by side, the findings by rule; of the side that is not
judged only how many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import click

from consent_gateway.audit.findings import Audit, Severity, Side, Verdict
from consent_gateway.audit.reports import naming
from consent_gateway.audit.reports.answer import answer, limits, other_side, rests_on
from consent_gateway.audit.reports.broken import Broken, Instance, at_host, broken
from consent_gateway.audit.reports.columns import shortened, table, wrapped
from consent_gateway.audit.reports.leaving import Leaving, by_state
from consent_gateway.audit.reports.naming import counted, listed
from consent_gateway.audit.reports.presentable import presentable

WIDTH = 100
MOST = 12  # instances of a rule; the other formats have all of them
_ELSEWHERE = "  Which they are stands in every other --format."
_COLOURS = {
    Verdict.CLEAN: "green", Verdict.LEAKS: "red", Verdict.NOT_PROVEN: "yellow",
    Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan",
}  # fmt: skip


def wants_colours(is_terminal: bool, environment: Mapping[str, str]) -> bool:
    """Whether who reads it sees colours, and wants them (https://no-color.org)."""
    return is_terminal and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"


def report(audit: Audit, *, coloured: bool = False) -> str:
    """The summary, at most 100 columns wide; with the colours of a terminal if asked for."""
    shown = presentable(audit)
    parts = [
        _answer(shown),
        _states(shown),
        *_findings(shown),
        _coverage(shown),
        _limits(shown),
        _inputs(shown),
    ]
    text = "\n\n".join("\n".join(lines) for part in parts if (lines := list(part)))
    return f"{text if coloured else click.unstyle(text)}\n"


def _answer(audit: Audit) -> Iterator[str]:
    verdict = naming.WORDS[audit.verdict].upper()
    first, *more = wrapped(f"{verdict}: {answer(audit)}", WIDTH)
    styled = click.style(verdict, fg=_COLOURS[audit.verdict], bold=True)
    yield f"{styled}{first.removeprefix(verdict)}"
    yield from more
    yield from wrapped(other_side(audit), WIDTH)
    yield from wrapped(" ".join(rests_on(audit)), WIDTH)


def _states(audit: Audit) -> Iterator[str]:
    direct, through = (
        f"{naming.SIDES[side].upper()}{' (JUDGED)' if side is audit.judged else ''}" for side in Side
    )
    sides = f"{'':<38}{direct:>28}  {through:>32}"
    head = ("A VISITOR WHO", "", "HOSTS", "UNASKED", "COOKIES", "HOSTS", "UNASKED", "COOKIES", "HITS")
    rows = [
        (
            shortened(row.state, 12),
            naming.STATES.get(row.state, ""),
            *_numbers(row.direct),
            *_numbers(row.through),
            _number(row.through.hits),
        )
        for row in by_state(audit)
    ]
    lines = table([head, *rows], 2)
    yield click.style(sides.rstrip(), dim=True)
    yield click.style(lines[0], dim=True)
    yield from lines[1:]
    yield from wrapped(
        "HOSTS: third parties contacted. UNASKED: those not agreed to. COOKIES: set without that. "
        "HITS: sent on to Google under a pseudonym.",
        WIDTH,
    )


def _numbers(leaving: Leaving) -> tuple[str, str, str]:
    return _number(len(leaving.hosts)), _number(len(leaving.unasked)), _number(len(leaving.cookies))


def _number(number: int) -> str:
    return str(number) if number else "–"


def _findings(audit: Audit) -> Iterator[Iterator[str]]:
    rules = broken(audit)
    for side in (audit.judged, *(one for one in Side if one is not audit.judged)):
        of_side = [one for one in rules if one.side is side]
        if side is audit.judged:
            yield iter([_heading(audit, side, of_side)])
            yield from (_rule(one, audit.states) for one in of_side)
        elif of_side:
            yield iter([_heading(audit, side, of_side), *map(_in_short, of_side), _ELSEWHERE])


def _heading(audit: Audit, side: Side, rules: list[Broken]) -> str:
    judged = ", which is judged" if side is audit.judged else ", which is not judged"
    found = f"{counted(sum(one.number for one in rules), 'finding')} {naming.SIDES[side]}{judged}"
    new = f"; {sum(one.new for one in rules):,} new" if audit.baseline else ""
    return click.style(f"{found}{new}", bold=True)


def _in_short(rule: Broken) -> str:
    severity = click.style(rule.severity.value.upper(), fg=_COLOURS[rule.severity], bold=True)
    return f"{severity}  {shortened(f'{rule.rule} × {rule.number:,}', WIDTH - 9)}"


def _rule(rule: Broken, states: tuple[str, ...]) -> Iterator[str]:
    yield _in_short(rule)
    yield from wrapped("; ".join(rule.articles), WIDTH, "  ")
    for host in rule.hosts[:MOST]:
        yield from _host(host, states)
    if len(rule.hosts) > MOST:
        yield f"  … and of {len(rule.hosts) - MOST:,} hosts more, all of them in the other formats"
    for remedy in rule.remedies[:MOST]:
        yield from wrapped(remedy, WIDTH, "  ", "→ ")


def _host(instances: tuple[Instance, ...], states: tuple[str, ...]) -> Iterator[str]:
    """What was found of a host: in the words of the first finding, and where else."""
    first, *others = instances
    more = f" (and {len(others):,} more of the kind)" if others else ""
    yield from wrapped(f"{'new: ' if first.is_new else ''}{first.message}{more}", WIDTH, "  ", "• ")
    pages = tuple(naming.page(page) for page in at_host(instances))
    within = {state for one in instances for state in one.states}
    found = [state for state in states if state in within]
    every = f"all {len(states)} states" if len(found) == len(states) > 1 else listed(found)
    where = "; ".join([*([f"in {every}"] if found else []), *([_pages(pages)] if pages else [])])
    yield from wrapped(where, WIDTH, "    ")


def _pages(pages: tuple[str, ...]) -> str:
    return f"on {listed((shortened(page, 60) for page in pages), 4)}"


def _coverage(audit: Audit) -> Iterator[str]:
    if not audit.coverage:
        return
    yield click.style("Covered", bold=True)
    every = counted(len(audit.states), "state")
    yield from wrapped(f"Each page in {every}: {', '.join(audit.states)}", WIDTH, "  ")
    for one in audit.coverage:
        tried = "" if one.tried else "not tried, "
        yield from wrapped(f"{naming.SITUATIONS[one.situation]}: {tried}{one.said}", WIDTH, "  ")


def _limits(audit: Audit) -> Iterator[str]:
    yield click.style("Not measured", bold=True)
    for one in (*limits(audit), *(f"Left out: {page}" for page in audit.left_out[:MOST])):
        yield from wrapped(one, WIDTH, "  ")
    if len(audit.left_out) > MOST:
        yield f"  … and {len(audit.left_out) - MOST} more pages"


def _inputs(audit: Audit) -> Iterator[str]:
    yield click.style("Looked at", bold=True)
    for one in audit.inputs:
        what = f"{one.name} ({one.kind}, {counted(one.pages, 'page')}, {counted(one.exchanges, 'exchange')})"
        yield from wrapped(what, WIDTH, "  ")
        if one.sha256:
            yield f"  sha256 {shortened(one.sha256, WIDTH - 9)}"
