"""The one answer of an audit, what it rests on, and what it says nothing about."""

from __future__ import annotations

from collections.abc import Sequence

from consent_gateway.audit.findings import Audit, Evidence, Severity, Side, Verdict
from consent_gateway.audit.reports import naming
from consent_gateway.audit.reports.broken import by_severity
from consent_gateway.audit.reports.grouping import distinct
from consent_gateway.audit.reports.leaving import Leaving, by_state
from consent_gateway.audit.reports.measuring import unseen
from consent_gateway.audit.reports.naming import counted
from consent_gateway.audit.rules import AGREEING

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
    if audit.verdict is Verdict.NOT_PROVEN and audit.canary.proves and audit.pages:
        return (
            f"In what could be read nothing was found that leaves the browser {side} unless the visitor has agreed "
            f"to it, but a part is missing, and what is in it is not known. {' '.join(_cut_off(audit))}"
        )
    if audit.verdict is Verdict.NOT_PROVEN:
        return f"{_unproven(audit)} So nothing follows from what was found, and nothing from what was not."
    if audit.verdict is Verdict.CLEAN:
        return f"Nothing was found that leaves the browser {side} unless the visitor has agreed to it."
    errors = by_severity(one for one in audit.findings if one.side is audit.judged)[Severity.ERROR]
    found = counted(errors, "finding (page × state) is an error", "findings (page × state) are errors")
    return " ".join([_leaving(audit, audit.judged), f"{found}.", *_cut_off(audit)])


def other_side(audit: Audit) -> str:
    """The same of the side that is not judged."""
    other = Side.THROUGH if audit.judged is Side.DIRECT else Side.DIRECT
    return _leaving(audit, other)


def rests_on(audit: Audit) -> tuple[str, ...]:
    """What was looked at, and how it is known that a leak would have been found."""
    where = naming.site(audit.pages)
    looked = f"{counted(len(audit.pages), 'page')}{f' of {where}' if where else ''}"
    left_out = len(audit.left_out)
    missing = (
        f" {counted(left_out, 'page or file', 'pages or files')} could not be looked at." if left_out else ""
    )
    return (
        f"{looked}, each for a visitor in {counted(len(audit.states), 'state')}.{missing}",
        _canary(audit),
    )


def limits(audit: Audit) -> tuple[str, ...]:
    """What was not measured: what the audit says itself, and what no audit of this kind measures."""
    watched = audit.browser or any(one.evidence is Evidence.SEEN for one in audit.contacts)
    return distinct(
        (unseen(audit), *map(_sentence, audit.not_measured), *(() if watched else (_NO_BROWSER,)), *_NEVER)
    )


def _leaving(audit: Audit, side: Side) -> str:
    """A sentence about what leaves unasked: without any consent, and even with one."""
    rows = [(row.state, row.direct if side is Side.DIRECT else row.through) for row in by_state(audit)]
    leaving = [(state, one) for state, one in rows if one.unasked or one.cookies]
    said = f"{naming.SIDES[side].capitalize()}, "
    if not leaving:
        return f"{said}nothing leaves the browser that the visitor has not agreed to."
    quiet = [one for state, one in leaving if state not in AGREEING]
    parts = []
    if quiet:
        where = f"{len(quiet)} of {counted(len(rows), 'state')}" if len(rows) > 1 else "the one state"
        parts.append(f"{_what(quiet, in_full=True)} without consent, in {where}")
    for state, one in leaving:
        if state in AGREEING:
            who = f"even for a visitor who {naming.STATES.get(state, state)}"
            parts.append(f"{_what([one], in_full=not parts)} {who}")
    return f"{said}{'; '.join(parts)}."


def _what(leaving: Sequence[Leaving], *, in_full: bool) -> str:
    """Third parties and cookies, each counted once; `in_full` with the number of hosts."""
    parties = {who for one in leaving for who in one.unasked_owners}
    cookies = {name for one in leaving for name in one.cookies}
    contacted = counted(len(parties), "third party", "third parties")
    kept = counted(len(cookies), "cookie")
    if in_full:
        hosts = counted(len({host for one in leaving for host in one.unasked}), "host")
        contacted += f" ({hosts}) {'is' if len(parties) == 1 else 'are'} contacted"
        kept += " is set" if len(cookies) == 1 else " are set"
    return " and ".join([*([contacted] if parties else []), *([kept] if cookies else [])])


def _cut_off(audit: Audit) -> tuple[str, ...]:
    return tuple(f"Not read to the end: {one}." for one in audit.incomplete)


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
