"""Which records have served their time: the period of the site file after the consent they prove has ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from consent_gateway.consent import REMEMBERED
from consent_gateway.periods import Period
from consent_gateway.record import Record


@dataclass(frozen=True, slots=True)
class Expiring:
    """A record with the end of what it proves."""

    number: int
    record: Record
    end: datetime


def ends(records: Iterable[tuple[int, Record]]) -> list[Expiring]:
    """Each record with the moment from which on it proves nothing that still goes on: the next decision
    under its receipt, six calendar months at the latest; for a single activation its own time."""
    found: list[Expiring] = []
    after: dict[str, datetime] = {}
    for number, record in reversed(list(records)):
        decided = record.decided
        end = decided if record.kind == "activation" else REMEMBERED.after(decided)
        if record.receipt and record.kind != "activation":
            end = max(decided, min(end, after.get(record.receipt, end)))
            after[record.receipt] = decided
        found.append(Expiring(number, record, end))
    return found[::-1]


def due(records: Iterable[tuple[int, Record]], period: Period, now: datetime) -> list[Expiring]:
    """Those whose period is over."""
    return [kept for kept in ends(records) if period.after(kept.end) <= now]
