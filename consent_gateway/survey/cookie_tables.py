"""The cookies of a survey in a site file: what is necessary as a rule is proposed, what is unknown stays a comment."""

from __future__ import annotations

from collections.abc import Iterator

from consent_gateway import cookie_rules
from consent_gateway.catalogue import Catalogue
from consent_gateway.cookie_names import expression
from consent_gateway.storage_items import PLACE
from consent_gateway.survey.lives import duration
from consent_gateway.survey.necessary import necessary
from consent_gateway.survey.sightings import CookieSeen, Survey
from consent_gateway.survey.toml_text import comment, key, text


def cookie_tables(survey: Survey, catalogue: Catalogue) -> Iterator[str]:
    """The lines of the file that declare cookies of the site's own host, or say whose they are."""
    known: dict[str, str] = {}
    proposed: dict[str, tuple[str, list[CookieSeen]]] = {}
    unknown: list[CookieSeen] = []
    for name, seen in survey.cookies.items():
        if name in cookie_rules.OWN:
            continue
        if owner := _owner(name, catalogue):
            known[name] = owner
        elif (found := necessary(name)) and not cookie_rules.fault_of(
            found[0], cookie_rules.NECESSARY, catalogue
        ):
            proposed.setdefault(found[0], (found[1], []))[1].append(seen)
        else:
            unknown.append(seen)
    yield ""
    yield f"# ---- Cookies of the site's own host {'-' * 68}"
    if known:
        yield ""
        yield "# Of services that the catalogue knows; they follow their service and need no table:"
        for name, owner in known.items():
            yield f"#   {comment(name)}: {comment(owner)}"
    for name, (word, every) in proposed.items():
        yield from _necessary(name, word, every)
    if unknown:
        yield ""
        yield "# Nobody knows what these are for, and so they are held. What of them the site needs, give a purpose and a"
        yield "# reason, which visitors read, and take the # away:"
        for seen in unknown:
            yield from _unknown(seen)
    yield from _stored(survey, catalogue)


def _stored(survey: Survey, catalogue: Catalogue) -> Iterator[str]:
    """What scripts keep in local and session storage: held like cookies, and declared by the same tables."""
    owners = {name: _owner(name, catalogue, "local_storage") for name in survey.stored if name != PLACE}
    if known := {name: owner for name, owner in owners.items() if owner}:
        yield ""
        yield "# In the browser's storage, of services that the catalogue knows; it follows its service:"
        for name, owner in known.items():
            yield f"#   {comment(name)}: {comment(owner)}"
    unknown = [survey.stored[name] for name in owners.keys() - known.keys() - survey.cookies.keys()]
    if unknown:
        yield ""
        yield "# Scripts keep these in the browser's storage (localStorage, sessionStorage), which is held like cookies. What of"
        yield "# them the site needs, give a purpose and a reason, and take the # away:"
        for seen in sorted(unknown, key=lambda one: one.name):
            yield from _unknown(seen)


def _owner(name: str, catalogue: Catalogue, kind: str = "cookie") -> str:
    owners = [
        service.name
        for known, _, service in cookie_rules.named(catalogue, kind)
        if expression(known).fullmatch(name)
    ]
    return ", ".join(dict.fromkeys(owners))


def _necessary(name: str, word: str, every: list[CookieSeen]) -> Iterator[str]:
    """Proposed as necessary; without a life that was seen only as a comment: visitors are told how long it lasts."""
    lives = [seen.seconds for seen in every if seen.seconds is not None]
    off = "" if lives else "# "
    yield ""
    yield f"# A proposal, by its name alone ({_seen(every)}): see that this is what it is for."
    yield f"{off}[cookies.{key(name)}]"
    yield f'{off}purpose = "necessary"'
    yield f"{off}reason = {text(word)}"
    yield (
        f"{off}duration = {text(duration(max(lives)))}"
        if lives
        else '# duration = "" # "session", or a period such as "1 year"'
    )


def _unknown(seen: CookieSeen) -> Iterator[str]:
    lasts = duration(seen.seconds) if seen.seconds is not None else ""
    yield "#"
    yield f"# [cookies.{key(seen.name)}] # {_seen([seen])}"
    yield '# purpose = "" # such as "functional"; "necessary" only where nothing works without'
    yield '# reason = ""'
    yield f"# duration = {text(lasts)}"


def _seen(every: list[CookieSeen]) -> str:
    setters = sorted({setter for seen in every for setter in seen.setters})
    pages = sorted({page for seen in every for page in seen.pages})
    by = f"set by {', '.join(setters[:3])}" if setters else "sent by the browser, nobody saw it being set"
    return comment(f"{by}, on {', '.join(pages[:3])}{' and others' if len(pages) > 3 else ''}")
