"""What the ledger holds of one visitor, and what is to become of it on request, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from consent_gateway.consent import REMEMBERED
from consent_gateway.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A record with its number and the terms it refers to; `restricted` if it is only kept, and not used."""

    number: int
    record: Record
    terms: str = ""
    restricted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """All that is held under a receipt is to be destroyed (GDPR Art. 17(1)). Where a statutory duty to keep
    it is `retained`, it is marked instead (Art. 17(3)(b), 18); that is the ground of the duty."""

    receipt: str
    time: datetime
    retained: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """An erasure that was carried out: under which name the ledger had it, when, and whether it was only
    marked. `time` is UTC."""

    name: str
    time: datetime
    retained: bool = False

    @property
    def until(self) -> str:
        """The day after which no cookie from before it is valid."""
        return ended_until(self.time)

    @property
    def day(self) -> str:
        return self.time.astimezone(UTC).date().isoformat()


def ended_until(time: datetime) -> str:
    """The day after which no cookie from before a moment is valid."""
    return REMEMBERED.after(time).date().isoformat()
