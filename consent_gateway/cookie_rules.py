"""Which cookies of the site's own host pass: the rules, first match wins, with the article each rests on.

Reading and storing count alike (TDDDG § 25), so the same goes for both ways, and for what scripts set.
This table is meant to be read by the law department.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Protocol

from consent_gateway.catalogue import Catalogue, Service, Treatment
from consent_gateway.cookie_names import expression, overlap
from consent_gateway.own_cookies import OWN_COOKIES

NECESSARY = "necessary"
LONGEST_KEPT = 200  # characters of a name; nobody gives a cookie a longer one but to fill memory
BESIDE_MEASUREMENT = ("google-ads",)  # Google's tag keeps for it, too, where a site does not have it
OWN = frozenset(one.name(scheme) for scheme in ("http", "https") for one in OWN_COOKIES)


class Verdict(StrEnum):
    """ADMIT; HOLD, and have the browser forget it; OURS and UNDECLARED are held and stay where they are."""

    ADMIT = "admit"
    HOLD = "hold"
    OURS = "ours"
    UNDECLARED = "undeclared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One cookie for one visitor: what the rules look at. `services` have a cookie of this name,
    `purpose` is what the site file declares it for; both may be empty."""

    name: str
    services: tuple[str, ...]
    measures: bool
    purpose: str
    loads: Callable[[str], bool]
    grants: Callable[[str], bool]
    unlisted: str


Rule = tuple[Callable[[Case], bool], Verdict, str, str]

# fmt: off
RULES: tuple[Rule, ...] = (
    (lambda case: case.name in OWN,
        Verdict.OURS, "the gateway's own goes to nobody else", "GDPR Art. 25(2)"),
    (lambda case: case.measures,
        Verdict.HOLD, "Google's measurement gets its ids from the gateway", "GDPR Art. 5(1)(c)"),
    (lambda case: any(map(case.loads, case.services)),
        Verdict.ADMIT, "a service it belongs to is released", "GDPR Art. 6(1)(a)"),
    (lambda case: bool(case.purpose) and case.purpose != NECESSARY and case.grants(case.purpose),
        Verdict.ADMIT, "the visitor has granted its declared purpose", "GDPR Art. 6(1)(a)"),
    (lambda case: bool(case.services),
        Verdict.HOLD, "no service it belongs to is released", "TDDDG § 25(1)"),
    (lambda case: case.purpose == NECESSARY,
        Verdict.ADMIT, "declared as necessary, with a reason", "TDDDG § 25(2) no. 2"),
    (lambda case: bool(case.purpose),
        Verdict.HOLD, "its declared purpose is not granted", "TDDDG § 25(1)"),
    (lambda case: case.unlisted == "load",
        Verdict.ADMIT, "nobody has declared it, and the site file lets that pass", "GDPR Art. 24"),
    (lambda case: True,
        Verdict.UNDECLARED, "nobody has declared it", "GDPR Art. 25(2)"),
)
# fmt: on

VerdictOf = Callable[[str], Verdict]


class Released(Protocol):
    """What one visitor has released: services, and purposes."""

    def loads(self, service: str) -> bool: ...

    def grants(self, purpose: str) -> bool: ...


class CookieRules:
    """The rules for one site. `declared` has the purposes by name, `unlisted` is "hold" or "load"."""

    def __init__(self, catalogue: Catalogue, declared: Mapping[str, str], unlisted: str) -> None:
        self._owners = [
            (expression(name), id, service.treatment is Treatment.MEASUREMENT)
            for name, id, service in named(catalogue, "cookie")
        ]
        self._owned = re.compile("|".join(pattern.pattern for pattern, _, _ in self._owners), re.S)
        self._declared = [(expression(name), purpose) for name, purpose in by_precedence(declared)]
        self.unlisted = unlisted

    def of(self, visitor: Released) -> VerdictOf:
        """What becomes of each cookie for one visitor."""

        def verdict(name: str) -> Verdict:
            services, measures, purpose = self._known(name)
            case = Case(
                name=name,
                services=services,
                measures=measures,
                purpose=purpose,
                loads=visitor.loads,
                grants=visitor.grants,
                unlisted=self.unlisted,
            )
            return decide(case)

        return verdict

    def holds_item(self, name: str) -> bool:
        """Whether an item of the browser's storage is held because nobody has declared it."""
        return self.unlisted == "hold" and not self._known(name)[2]

    def _known(self, name: str) -> tuple[tuple[str, ...], bool, str]:
        return (self._kept if len(name) <= LONGEST_KEPT else self._looked_up)(name)

    @lru_cache(maxsize=4096)  # noqa: B019 - one of these lives as long as the process
    def _kept(self, name: str) -> tuple[tuple[str, ...], bool, str]:
        return self._looked_up(name)

    def _looked_up(self, name: str) -> tuple[tuple[str, ...], bool, str]:
        found = self._owners if self._owned.fullmatch(name) else []
        owners = [(id, measures) for pattern, id, measures in found if pattern.fullmatch(name)]
        purposes = (purpose for pattern, purpose in self._declared if pattern.fullmatch(name))
        return tuple(id for id, _ in owners), any(measures for _, measures in owners), next(purposes, "")


def decide(case: Case) -> Verdict:
    """The verdict of the first rule that applies."""
    return next(verdict for applies, verdict, _, _ in RULES if applies(case))


def named(catalogue: Catalogue, kind: str) -> Iterable[tuple[str, str, Service]]:
    """The names of a kind that services keep on the site's own host."""
    for id, service in catalogue.services.items():
        for cookie in service.cookies:
            if cookie.party == "first" and cookie.kind == kind:
                yield cookie.name, id, service


def by_precedence(declared: Mapping[str, str]) -> list[tuple[str, str]]:
    """Names without a star first, then the longer ones: the closer word counts."""
    return sorted(declared.items(), key=lambda entry: ("*" in entry[0], -len(entry[0]), entry[0]))


def fault_of(name: str, purpose: str, catalogue: Catalogue) -> str:
    """Why a site file cannot declare a cookie for a purpose: it would let a known service's cookie pass
    that is not asked about as such (TDDDG § 25(2)). Empty if it can."""
    if any(overlap(name, own) for own in OWN):
        return "is the gateway's own cookie, which the policy page lists by itself"
    for known, _, service in named(catalogue, "cookie"):
        if purpose in service.purposes or not overlap(name, known):
            continue
        means = "is" if expression(known).fullmatch(name) else f"also stands for {known},"
        closer = "name it more closely, or " if "*" in name else ""
        return (
            f"{means} a cookie of {service.name}, which cannot be {purpose}; "
            f"{closer}give it the purpose {' or '.join(service.purposes)}"
        )
    return ""


def is_kept_out(name: str, catalogue: Catalogue) -> bool:
    """Whether a declared cookie is one of Google's measurement, which never passes."""
    return any(
        service.treatment is Treatment.MEASUREMENT and overlap(name, known)
        for known, _, service in named(catalogue, "cookie")
    )


def for_guard(catalogue: Catalogue, declared: Mapping[str, str]) -> dict[str, object]:
    """The same table for the guard script; `stored` are names of other storage, `everywhere` the services
    of which they count on every site."""
    services = catalogue.services
    everywhere = [id for id, one in services.items() if one.treatment is Treatment.MEASUREMENT]
    everywhere += [id for id in BESIDE_MEASUREMENT if id in services]
    stored = _by_service(catalogue, "local_storage")
    for id, names in _by_service(catalogue, "cookie").items():
        if id in everywhere:  # its script may keep under them wherever it can
            stored[id] = sorted({*stored.get(id, ()), *names})
    return {
        "own": sorted(OWN),
        "services": _by_service(catalogue, "cookie"),
        "stored": stored,
        "everywhere": everywhere,
        "declared": by_precedence(declared),
    }


def _by_service(catalogue: Catalogue, kind: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, id, _ in named(catalogue, kind):
        found.setdefault(id, []).append(name)
    return found
