"""What was recognised in a page, as lines for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from consent_gateway.catalogue import Catalogue
from consent_gateway.explaining import Explanation, Held

LONGEST = 300  # characters of a piece of markup

WHILE_HELD = {
    Held.PLACEHOLDER: "of its size, with a button that loads it",
    Held.AT_THE_END: "nothing runs; its button there loads it",
    Held.REMOVAL: "nothing stands there, and nothing is asked for",
    Held.MEASUREMENT: "nothing is asked for; after an opt-in it goes by way of the gateway, under a pseudonym",
    Held.AT_RUN_TIME: "what it asks for or keeps then",
    Held.NOT: "it is not held",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing as it is told: what, where and whose, why, what is there while it is held, what comes back."""

    place: str
    what: str
    whose: str
    known_by: str
    held: str
    back: str
    original: str


def entries(found: Iterable[Explanation], catalogue: Catalogue) -> list[Entry]:
    return [
        Entry(
            place=str(one.place),
            what=_what(one),
            whose=_whose(one, catalogue),
            known_by=_known_by(one),
            held=f"{one.treatment}: {WHILE_HELD[one.treatment]}",
            back=_back(one),
            original=_shortened(one.original),
        )
        for one in found
    ]


def summary(found: Sequence[Explanation]) -> str:
    """In one sentence."""
    if not found:
        return "nothing of a third party is recognised"
    count, owners = len(found), len({one.owner for one in found})
    words = f"{count} {'place' if count == 1 else 'places'} of {owners} third {'party' if owners == 1 else 'parties'}"
    leaking = sum(not one.is_held for one in found)
    unknown = len({one.owner for one in found if one.is_unknown})
    state = f"{leaking} not held before consent" if leaking else "all held before consent"
    return f"{words}, {state}" + (f"; {unknown} unknown" if unknown else "")


def text(found: Sequence[Explanation], catalogue: Catalogue, name: str) -> str:
    """The report for a terminal."""
    lines = [f"{name}: {summary(found)}"]
    for one in entries(found, catalogue):
        lines += ["", f"{name}:{one.place}  {one.whose}"]
        rows = (
            ("what", one.what),
            ("known by", one.known_by),
            ("while held", one.held),
            ("after that", one.back),
        )
        lines += [f"  {label:<12}{value}" for label, value in rows]
        lines += [f"  {'':<12}{line}" for line in one.original.splitlines()]
    return "\n".join(lines) + "\n"


def _what(one: Explanation) -> str:
    place = " ".join(filter(None, (one.place.element, one.place.attribute)))
    return f"<{place}> {one.address}".rstrip()


def _whose(one: Explanation, catalogue: Catalogue) -> str:
    if one.is_unknown:
        return f"{one.owner} (unknown: in no catalogue and no list)"
    if not one.service:
        return f"{one.owner} (tracker)"
    service = catalogue.services[one.service]
    purposes = ", ".join(service.purposes).replace("_", " ")
    return f"{one.owner} ({one.service}): {purposes}; {service.controller.name}"


def _known_by(one: Explanation) -> str:
    return 'nothing: held because of unlisted = "hold"' if one.is_unknown and one.is_held else str(one.rule)


def _back(one: Explanation) -> str:
    if one.treatment in (Held.PLACEHOLDER, Held.AT_THE_END):
        return "a click on its button restores:"
    if one.treatment is Held.NOT:
        return "not touched"
    if one.treatment is Held.AT_RUN_TIME:
        return "once consented to, the code asks again or keeps it"
    if one.treatment is Held.MEASUREMENT:
        return "consent restores, with the address of the gateway:"
    if one.original:
        return "consent restores:"
    return (
        f'nothing; if it is yours: first_party = ["{one.owner}"]; if not, it stays held'
        if one.is_unknown
        else "nothing: trackers are never released"
    )


def _shortened(markup: str) -> str:
    return markup if len(markup) <= LONGEST else f"{markup[: LONGEST - 1]}…"
