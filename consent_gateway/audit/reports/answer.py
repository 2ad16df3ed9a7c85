"""The one answer of an audit, what it rests on, and what it says nothing about."""

from __future__ import annotations

from consent_gateway.audit.findings import Audit, Evidence, Severity, Side, Verdict
from consent_gateway.audit.reports import naming
from consent_gateway.audit.reports.broken import by_severity
from consent_gateway.audit.reports.grouping import distinct
from consent_gateway.audit.reports.leaving import StateRow, by_state
from consent_gateway.audit.reports.measuring import unseen
from consent_gateway.audit.reports.naming import counted

_NO_BROWSER = (
    "No browser ran. This tells what the pages make a browser fetch and what was recorded, not what one "
    "browser did."
)
_NEVER = (
    "Pages that were not among those named, and what shows only after logging in, buying or scrolling.",
    "What a browser, its extensions and the operating system send by themselves.",
    "What the site's servers pass on to others behind the scenes.",
)


def answer(audit: Audit) -> str:
    """What would leave on the judged side without being asked for, in a sentence; or why nothing is proven."""
    side = naming.SIDES[audit.judged]
    if audit.verdict is Verdict.NOT_PROVEN:
        return f"{_unproven(audit)} So nothing follows from what was found, and nothing from what was not."
    if audit.verdict is Verdict.CLEAN:
        return f"Nothing was found that leaves the browser {side} unless the visitor has agreed to it."
    errors = by_severity(one for one in audit.findings if one.side is audit.judged)[Severity.ERROR]
    return f"{_leaving(audit, audit.judged)} {counted(errors, 'finding is an error', 'findings are errors')}."


def other_side(audit: Audit) -> str:
    """The same of the side that is not judged."""
    other = Side.THROUGH if audit.judged is Side.DIRECT else Side.DIRECT
    return _leaving(audit, other)


def rests_on(audit: Audit) -> tuple[str, ...]:
    """What was looked at, and how it is known that a leak would have been found."""
    where = naming.site(audit.pages)
    looked = f"{counted(len(audit.pages), 'page')}{f' of {where}' if where else ''}"
    return (f"{looked}, each for a visitor in {counted(len(audit.states), 'state')}.", _canary(audit))


def limits(audit: Audit) -> tuple[str, ...]:
    """What was not measured: what the audit says itself, and what no audit of this kind measures."""
    watched = audit.browser or any(one.evidence is Evidence.SEEN for one in audit.contacts)
    return distinct(
        (unseen(audit), *map(_sentence, audit.not_measured), *(() if watched else (_NO_BROWSER,)), *_NEVER)
    )


def _leaving(audit: Audit, side: Side) -> str:
    """A sentence about what leaves unasked; addresses and cookies each counted once."""
    rows: list[StateRow] = []
    hosts: list[str] = []
    cookies: list[str] = []
    for row in by_state(audit):
        leaving = row.direct if side is Side.DIRECT else row.through
        hosts += leaving.unasked
        cookies += leaving.cookies
        rows += [row] if leaving.unasked or leaving.cookies else []
    said = f"{naming.SIDES[side].capitalize()}, "
    if not rows:
        return f"{said}nothing leaves the browser that the visitor has not agreed to."
    companies = counted(len(set(hosts)), "third-party host is contacted", "third-party hosts are contacted")
    kept = counted(len(set(cookies)), "cookie is set", "cookies are set")
    what = " and ".join([*([companies] if hosts else []), *([kept] if cookies else [])])
    every, states = len(rows) == len(audit.states), counted(len(audit.states), "state")
    where = f"all {states}" if every and len(rows) > 1 else f"{len(rows)} of {states}"
    return f"{said}{what} although the visitor has not agreed, in {where}."


def _unproven(audit: Audit) -> str:
    if not audit.pages:
        return "No page could be looked at."
    if not audit.canary.planted:
        return "No leak was planted, so it is not known whether one would have been found."
    return f"Not every planted leak was found; missed: {', '.join(_missed(audit))}."


def _canary(audit: Audit) -> str:
    planted = audit.canary.planted
    if not planted:
        return "No leak was planted to see whether it is found."
    missed = _missed(audit)
    how = f"{counted(len(planted), 'leak was', 'leaks were')} planted in this run"
    if missed:
        return f"{how}; not found: {', '.join(missed)}."
    kinds = distinct(one.removeprefix(_side(one)).strip() for one in planted)
    sides = " on either side" if {_side(one) for one in planted} >= set(Side) else ""
    return f"{how}, and every one was found ({', '.join(kinds)}{sides})."


def _missed(audit: Audit) -> list[str]:
    """What was not found of what was planted, in words."""
    missed = [one for one in audit.canary.planted if one not in audit.canary.found]
    return [
        f"{one.removeprefix(side).strip()} {naming.SIDES[Side(side)]}" if (side := _side(one)) else one
        for one in missed
    ]


def _side(planted: str) -> str:
    """The side with whose name the id of a planted leak begins; empty for none."""
    return next((side.value for side in Side if planted.startswith(f"{side.value} ")), "")


def _sentence(said: str) -> str:
    return f"{said[:1].upper()}{said[1:]}{'' if said.endswith('.') else '.'}"
