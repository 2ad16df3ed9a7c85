"""A hit → what of it may go on. Only what the table names passes, and only as the table says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from consent_gateway.analytics import generalise, products, scrub
from consent_gateway.analytics.hits import Hit, Pairs
from consent_gateway.analytics.parameters import Action, Parameter, Parameters
from consent_gateway.analytics.pseudonym import Pseudonyms
from consent_gateway.analytics.session import Session

LONGEST = 500  # characters of any value that is kept
EVENT = "en"
LISTED = frozenset(("event", "own_amount", "own_text"))  # kinds of which the site file says what passes


@dataclass(frozen=True, slots=True)
class Own:
    """What the site file lists of names that are the site's own."""

    events: frozenset[str] = frozenset()
    parameters: frozenset[str] = frozenset()
    user_properties: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What the filter needs to know besides the hit itself. `common` says of a kind and a value
    whether enough visitors have it."""

    pseudonyms: Pseudonyms
    session: Session
    property: str
    own_hosts: frozenset[str]
    linking: bool
    own: Own
    common: Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Filtered:
    """What may go on, and how often each parameter that may not was there."""

    shared: Pairs
    events: tuple[Pairs, ...]
    dropped: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    unlisted: Counter[str] = field(default_factory=Counter)

    @property
    def names(self) -> list[str]:
        """The names of the events in it."""
        return [pair[1] for pairs in (self.shared, *self.events) for pair in pairs if pair[0] == EVENT]


class Filter:
    """Applies one table of parameters. `events` are the names that pass on every site."""

    def __init__(self, parameters: Parameters, events: frozenset[str]) -> None:
        self._parameters = parameters
        self._events = events

    def __call__(self, hit: Hit, at: Circumstances) -> Filtered:
        """The filtered hit; the query and each event go through the same rules."""
        filtered = Filtered([], ())
        shared = self.passed(hit.shared, at, filtered)
        for parameter in self._parameters.always:
            shared[parameter.name] = parameter.value
        for parameter in self._parameters.of_session:
            shared.pop(parameter.name, None)
            if value := _SESSION[parameter.kind](at):
                shared[parameter.name] = value
        shared["cid"] = at.pseudonyms.client
        events = [self.passed(event, at, filtered) for event in hit.events]
        kept = tuple(list(event.items()) for event in events if EVENT in event)
        return replace(filtered, shared=list(shared.items()), events=kept)

    def passed(self, pairs: Pairs, at: Circumstances, counted: Filtered) -> dict[str, str]:
        """What passes of some parameters; what does not is counted."""
        kept: dict[str, str] = {}
        for name, value in pairs:
            parameter = self._parameters.find(name)
            if parameter is None:
                counted.unknown[name[:40]] += 1
            elif result := self._result(parameter, name, value, at):
                kept.setdefault(name, result)
            else:
                counted.dropped[parameter.name] += 1
                if parameter.kind in LISTED:
                    counted.unlisted[value[:40] if parameter.kind == "event" else name[:40]] += 1
        return kept

    def _result(self, parameter: Parameter, name: str, value: str, at: Circumstances) -> str:
        """The value that passes; empty for none."""
        if len(value) > LONGEST and parameter.action in (Action.KEEP, Action.LINKING):
            return ""
        match parameter.action:
            case Action.KEEP:
                return value if parameter.allows(value) else ""
            case Action.SET:
                return parameter.value
            case Action.LINKING:
                return _linked(parameter, name, value, at)
            case Action.PSEUDONYM:
                return _PSEUDONYMS[parameter.kind](value, at)
            case Action.GENERAL if parameter.kind == "event":
                return value if value in self._events or value in at.own.events else ""
            case Action.GENERAL if parameter.kind.startswith("own_") and name.partition(".")[0] in _OWN:
                return _GENERAL[parameter.kind](value, at) if name in at.own.parameters else ""
            case Action.GENERAL:
                return _GENERAL[parameter.kind](value, at)
            case Action.SESSION | Action.DROP:
                return ""


_OWN = ("ep", "epn")
_USER_PROPERTIES = ("up.", "upn.")


def _linked(parameter: Parameter, name: str, value: str, at: Circumstances) -> str:
    """What passes with the consent to combine with personal data; without it at most a pseudonym."""
    if not at.linking:
        return _PSEUDONYMS[parameter.kind](value, at) if parameter.kind and value else ""
    if name.startswith(_USER_PROPERTIES) and name.partition(".")[2] not in at.own.user_properties:
        return ""
    return value if parameter.allows(value) else ""


def _title(value: str, at: Circumstances) -> str:
    clean = scrub.text(value)
    return clean if clean and at.common("title", clean) else ""


Transform = Callable[[str, Circumstances], str]

_PSEUDONYMS: Mapping[str, Transform] = {
    "client": lambda value, at: at.pseudonyms.client,
    "order": lambda value, at: at.pseudonyms.order(value),
    "page": lambda value, at: at.pseudonyms.page(value),
}
_SESSION: Mapping[str, Callable[[Circumstances], str]] = {
    "engaged": lambda at: "1" if at.session.engaged else "0",
    "first": lambda at: "1" if at.session.number == 1 and at.session.starts_for(at.property) else "",
    "id": lambda at: at.pseudonyms.session(at.session.start),
    "number": lambda at: str(at.session.number),
    "starts": lambda at: "1" if at.session.starts_for(at.property) else "",
}
_GENERAL: Mapping[str, Transform] = {
    "address": lambda value, at: scrub.address(value, at.own_hosts),
    "address_or_path": lambda value, at: (
        scrub.address(value, at.own_hosts) if "//" in value[:12] else scrub.path(value)
    ),
    "amount": lambda value, at: generalise.amount(value),
    "host": lambda value, at: scrub.host(value),
    "language": lambda value, at: generalise.language(value),
    "own_address": lambda value, at: scrub.own_address(value, at.own_hosts),
    "own_amount": lambda value, at: generalise.amount(value),
    "own_text": lambda value, at: scrub.text(value),
    "page_address": lambda value, at: scrub.own_address(value, at.own_hosts),
    "page_path": lambda value, at: scrub.path(value),
    "product": lambda value, at: products.general(value),
    "screen": lambda value, at: generalise.screen(value),
    "tenth_of_a_second": lambda value, at: generalise.tenth_of_a_second(value),
    "text": lambda value, at: scrub.text(value),
    "title": _title,
}
