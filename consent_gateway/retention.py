"""What the gateway keeps, how long and why: the periods of the site file, and its own where that is silent."""

from __future__ import annotations

from dataclasses import dataclass

from consent_gateway.own_words import NOTHING_SAID, OwnWords
from consent_gateway.periods import Period
from consent_gateway.site import Site
from consent_gateway.site_tables import CONSENT, REPORTS, REQUESTS, Retention

# As long as a claim may come, counted as German law counts it from the end of a year (BGB §§ 195, 199),
# and a year for that; requests the same without that year; counts for as long as they are of use.
DEFAULTS = {
    CONSENT: Retention(
        period=Period(4, "year"),
        ground=OwnWords.of("proof of consent, GDPR Art. 7(1); limitation of claims"),
    ),
    REQUESTS: Retention(
        period=Period(3, "year"),
        ground=OwnWords.of("proof that requests were answered, GDPR Art. 5(2); limitation of claims"),
    ),
    REPORTS: Retention(
        period=Period(90, "day"), ground=OwnWords.of("to see what the website needs, GDPR Art. 6(1)(f)")
    ),
}
COUNTS_FROM = {CONSENT: "consent", REQUESTS: "answer", REPORTS: "day"}


@dataclass(frozen=True, slots=True)
class Kept:
    """A class of data with its rule; `is_default` where the site file says nothing of it."""

    id: str
    rule: Retention
    counts_from: str
    is_default: bool = False


def rule_of(site: Site, id: str) -> Retention:
    """How long a class of data of the gateway's own is kept, and why (GDPR Art. 5(1)(e), 13(2)(a))."""
    return site.retention.get(id, DEFAULTS[id])


def gateways(site: Site) -> list[Kept]:
    """The classes of data that the gateway itself keeps, and removes when their time is over."""
    return [
        Kept(id, rule_of(site, id), COUNTS_FROM[id], is_default=id not in site.retention) for id in DEFAULTS
    ]


def kept(site: Site) -> list[Kept]:
    """Every class: those of the gateway, then those of the operator."""
    others = [Kept(id, rule, rule.counts_from) for id, rule in site.retention.items() if id not in DEFAULTS]
    return [*gateways(site), *others]


def duty(site: Site) -> OwnWords:
    """The ground on which the law demands to keep records of consent; nothing where it does not."""
    rule = rule_of(site, CONSENT)
    return rule.ground if rule.statutory else NOTHING_SAID
