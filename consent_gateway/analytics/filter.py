"""A hit → what of it may go on. Only what the table names passes, and only as the table says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from consent_gateway.analytics import generalise, products, scrub
from consent_gateway.analytics.hits import Hit, Pairs
from consent_gateway.analytics.parameters import Action, Parameter, Parameters
from consent_gateway.analytics.pseudonym import Pseudonyms

LONGEST = 500  # characters of any value that is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What the filter needs to know besides the hit itself."""

    pseudonyms: Pseudonyms
    own_hosts: frozenset[str]
    linking: bool
    now: datetime


@dataclass(frozen=True, slots=True)
class Filtered:
    """What may go on, and how often each parameter that may not was there."""

    shared: Pairs
    events: tuple[Pairs, ...]
    dropped: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)


class Filter:
    """Applies one table of parameters."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters

    def __call__(self, hit: Hit, circumstances: Circumstances) -> Filtered:
        """The filtered hit; the query and each event go through the same rules."""
        dropped: Counter[str] = Counter()
        unknown: Counter[str] = Counter()

        def passed(pairs: Pairs) -> Pairs:
            kept: dict[str, str] = {}
            for name, value in pairs:
                parameter = self._parameters.find(name)
                if parameter is None:
                    unknown[name[:40]] += 1
                elif result := _result(parameter, value, circumstances):
                    kept.setdefault(name, result)
                else:
                    dropped[parameter.name] += 1
            return list(kept.items())

        shared = dict(passed(hit.shared))
        for parameter in self._parameters.always:
            shared[parameter.name] = parameter.value
        shared["cid"] = circumstances.pseudonyms.client
        return Filtered(list(shared.items()), tuple(map(passed, hit.events)), dropped, unknown)


def _result(parameter: Parameter, value: str, circumstances: Circumstances) -> str:
    """The value that passes; empty for none."""
    if len(value) > LONGEST and parameter.action in (Action.KEEP, Action.LINKING):
        return ""
    match parameter.action:
        case Action.KEEP:
            return value if parameter.allows(value) else ""
        case Action.SET:
            return parameter.value
        case Action.LINKING:
            return value if circumstances.linking and parameter.allows(value) else ""
        case Action.PSEUDONYM:
            return _PSEUDONYMS[parameter.kind](value, circumstances)
        case Action.GENERAL:
            return _GENERAL[parameter.kind](value, circumstances)
        case Action.DROP:
            return ""


Transform = Callable[[str, Circumstances], str]

_PSEUDONYMS: Mapping[str, Transform] = {
    "client": lambda value, at: at.pseudonyms.client,
    "session": lambda value, at: at.pseudonyms.session(at.now),
    "page": lambda value, at: at.pseudonyms.page(value),
}
_GENERAL: Mapping[str, Transform] = {
    "address": lambda value, at: scrub.address(value, at.own_hosts),
    "amount": lambda value, at: generalise.amount(value),
    "language": lambda value, at: generalise.language(value),
    "own_address": lambda value, at: scrub.own_address(value, at.own_hosts),
    "page_address": lambda value, at: scrub.own_address(value, at.own_hosts),
    "page_path": lambda value, at: scrub.path(value),
    "product": lambda value, at: products.general(value),
    "screen": lambda value, at: generalise.screen(value),
    "tenth_of_a_second": lambda value, at: generalise.tenth_of_a_second(value),
    "text": lambda value, at: scrub.text(value),
}
