"""LOAD or HOLD: the rules, first match wins, with the article each rests on.

This table is meant to be read by the law department.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from consent_gateway.consent import Consent


class Verdict(StrEnum):
    LOAD = "load"
    HOLD = "hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One service for one visitor: what the rules look at."""

    service: str
    purposes: tuple[str, ...]
    listed: bool
    consent: Consent
    revisions: Mapping[str, str]
    objected: frozenset[str] = frozenset()

    @property
    def granted(self) -> bool:
        return all(self.consent.grants(purpose, self.revisions[purpose]) for purpose in self.purposes)

    @property
    def objects(self) -> bool:
        """Whether the visitor objects to one of its purposes, or his browser by a signal."""
        return not self.objected.isdisjoint(self.purposes)

    @property
    def has_objected(self) -> bool:
        """Whether the visitor himself has said so."""
        return self.objects and self.consent.objected is not None

    @property
    def refused(self) -> bool:
        return any(purpose in self.consent.refused for purpose in self.purposes)


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict with its reason, and the article behind it."""

    verdict: Verdict
    reason: str
    article: str

    @property
    def loads(self) -> bool:
        return self.verdict is Verdict.LOAD


NOT_LISTED = "not in the operator's list of services"

Rule = tuple[Callable[[Case], bool], Verdict, str, str]

# fmt: off
RULES: tuple[Rule, ...] = (
    (lambda case: case.consent.restricted is not None,
        Verdict.HOLD, "the visitor has blocked processing", "GDPR Art. 18(2)"),
    (lambda case: not case.listed,
        Verdict.HOLD, NOT_LISTED, "GDPR Art. 25(2)"),
    (lambda case: case.service in case.consent.services,
        Verdict.LOAD, "the visitor always loads this service", "GDPR Art. 6(1)(a)"),
    (lambda case: case.granted,
        Verdict.LOAD, "the visitor has granted its purpose", "GDPR Art. 6(1)(a)"),
    (lambda case: case.has_objected,
        Verdict.HOLD, "the visitor has objected to advertising", "GDPR Art. 21(3)"),
    (lambda case: case.objects,
        Verdict.HOLD, "the browser objects to its purpose by Sec-GPC or DNT", "GDPR Art. 21(5)"),
    (lambda case: case.refused,
        Verdict.HOLD, "the visitor has refused its purpose", "GDPR Art. 7(3)"),
    (lambda case: True,
        Verdict.HOLD, "nothing was decided", "TDDDG § 25(1)"),
)
# fmt: on


def decide(case: Case) -> Decision:
    """The decision of the first rule that applies."""
    for applies, verdict, reason, article in RULES:
        if applies(case):
            return Decision(verdict, reason, article)
    raise AssertionError("the last rule applies to everything")
