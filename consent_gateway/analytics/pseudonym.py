"""Keyed, truncated, rotating pseudonyms: what Google sees instead of a client id.

The construction is HKDF over a salt that lives for one period and a secret that is kept apart from
it; once the salt is destroyed nobody can compute a pseudonym again (GDPR Art. 4(5), recital 29).
"""

from __future__ import annotations

import hashlib
import hmac
import math
import struct
from base64 import b32encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from consent_gateway.keys import hkdf
from consent_gateway.periods import Period

# CNIL asks for "a sufficient level of collision" and names no number: about one visitor in twenty
# of a period shares a pseudonym with another.
COLLISIONS = 0.05
SMALLEST, LARGEST = 10, 26  # bits
HOUR = 3600
HALF_AN_HOUR = 1800
_SECONDS = {"hour": HOUR, "day": 24 * HOUR}


@dataclass(frozen=True, slots=True, repr=False)
class Salt:
    """The random value of one period, which begins at `start`. Its repr never shows it."""

    start: datetime
    value: bytes

    def __repr__(self) -> str:
        return f"Salt({self.start:%Y-%m-%dT%H:%M})"


@dataclass(frozen=True, slots=True, repr=False)
class Pseudonyms:
    """The pseudonyms of one browser at one property of one site in one period."""

    key: bytes
    handle: str
    start: int
    bits: int

    @property
    def client(self) -> str:
        """In the form of a client id: two numbers joined by a point, the second the period."""
        bucket = int.from_bytes(self._keyed("cid", self.handle)[:8], "big") >> (64 - self.bits)
        return f"{2**30 + bucket}.{self.start}"

    def session(self, start: datetime) -> str:
        """A session id in the form of a moment: the hour is true, the second in it is not. Hits that
        begin a session at the same time begin the same one; two sessions are half an hour apart."""
        begun = int(start.timestamp())
        drawn = self._keyed("sid", self.handle, str(begun // HALF_AN_HOUR))
        return str(begun // HOUR * HOUR + int.from_bytes(drawn[:8], "big") % HOUR)

    def page(self, value: str) -> str:
        """An id of a page view that says nothing about when it was."""
        return str(int.from_bytes(self._keyed("page", self.handle, value)[:8], "big") >> 33)

    def order(self, value: str) -> str:
        """What stands for an order number in this period: 16 letters and digits."""
        return b32encode(self._keyed("order", self.handle, value)[:10]).decode("ascii").lower()

    def _keyed(self, use: str, *parts: str) -> bytes:
        return hmac.digest(self.key, _joined(use, *parts), hashlib.sha256)


def pseudonyms(
    *, handle: str, site: str, property: str, salt: Salt, pepper: bytes, visitors: int
) -> Pseudonyms:
    """Pseudonyms for a handle; two sites or two properties have nothing in common."""
    start = int(salt.start.timestamp())
    key = hkdf(salt.value, salt=pepper, info=_joined("analytics-1", site, property, str(start)))
    return Pseudonyms(key, handle, start, bits_for(visitors))


def bits_for(visitors: int) -> int:
    """How many bits are left of a pseudonym so that about one in twenty visitors shares his."""
    return min(LARGEST, max(SMALLEST, round(math.log2(visitors / COLLISIONS))))


def period_start(period: Period, now: datetime) -> datetime:
    """When the period that holds `now` began (UTC, counted from 1970-01-01)."""
    seconds = period.number * _SECONDS[period.unit]
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)


def length(period: Period) -> timedelta:
    """How long a period lasts."""
    return timedelta(seconds=period.number * _SECONDS[period.unit])


def visitors_in(period: Period, per_day: int) -> int:
    """How many visitors a period has, from those of a day."""
    return max(1, round(per_day * period.number * _SECONDS[period.unit] / _SECONDS["day"]))


def _joined(*parts: str) -> bytes:
    """Parts with their lengths, so that no two lists of parts give the same bytes."""
    return b"".join(struct.pack(">I", len(part)) + part for part in (text.encode() for text in parts))
