"""Which records have served their time: the period of the site file after the consent they prove has ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from consent_gateway.consent import REMEMBERED
from consent_gateway.periods import Period
from consent_gateway.record import Record
from consent_gateway.site import Site
from consent_gateway.site_tables import Retention

# Where the site file says nothing: as long as a claim may come, counted as German law counts it from
# the end of a year (BGB §§ 195, 199), and a year for that.
DEFAULT = Retention(period=Period(4, "year"), ground="proof of consent, GDPR Art. 7(1); limitation of claims")


@dataclass(frozen=True, slots=True)
class Kept:
    """A record with the end of what it proves."""

    number: int
    record: Record
    end: datetime


def retention(site: Site) -> Retention:
    """How long records are kept, and why (GDPR Art. 5(1)(e), 13(2)(a))."""
    return site.retention.get("consent", DEFAULT)


def duty(site: Site) -> str:
    """The ground on which the law demands to keep records; empty where it does not."""
    rule = retention(site)
    return rule.ground if rule.statutory else ""


def ends(records: Iterable[tuple[int, Record]]) -> list[Kept]:
    """Each record with the moment from which on it proves nothing that still goes on: the next decision
    under its receipt, six calendar months at the latest; for a single activation its own time."""
    found: list[Kept] = []
    after: dict[str, datetime] = {}
    for number, record in reversed(list(records)):
        decided = record.decided
        end = decided if record.kind == "activation" else REMEMBERED.after(decided)
        if record.receipt and record.kind != "activation":
            end = max(decided, min(end, after.get(record.receipt, end)))
            after[record.receipt] = decided
        found.append(Kept(number, record, end))
    return found[::-1]


def due(records: Iterable[tuple[int, Record]], period: Period, now: datetime) -> list[Kept]:
    """Those whose period is over."""
    return [kept for kept in ends(records) if period.after(kept.end) <= now]
