"""How often one address may do something: remembered for an hour, in memory, and not as an address."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import math
import secrets
from datetime import datetime, timedelta

MOST_ADDRESSES = 10_000
WITHIN = timedelta(hours=1)
HELD = timedelta(minutes=1)
SITE_PREFIX = 48  # bits of IPv6: providers give that much to one end site (RFC 6177)


class Pace:
    """Counts per address, of IPv6 per network of an end site. A place is held for a minute, and counts for the hour
    once it is kept: what failed in between costs nobody a place. The key is new in every process, so that what
    is remembered says nothing to anybody else."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._key = secrets.token_bytes(32)
        self._ends: dict[bytes, list[datetime]] = {}

    def wait(self, address: str, now: datetime) -> int:
        """Holds a place, and returns 0; or the seconds after which there is one."""
        self._forget(now)
        ends = self._ends.setdefault(self._name(address), [])
        if len(ends) >= self._most:
            return math.ceil((min(ends) - now).total_seconds())
        ends.append(now + HELD)
        return 0

    def keep(self, address: str, now: datetime) -> None:
        """The place held at that time was used."""
        self.give_back(address, now)
        self._ends.setdefault(self._name(address), []).append(now + WITHIN)

    def give_back(self, address: str, now: datetime) -> None:
        """The place held at that time was not used."""
        ends = self._ends.get(self._name(address), [])
        if now + HELD in ends:
            ends.remove(now + HELD)

    def _forget(self, now: datetime) -> None:
        for name, ends in list(self._ends.items()):
            ends[:] = [end for end in ends if end > now]
            if not ends:
                del self._ends[name]
        while len(self._ends) >= MOST_ADDRESSES:
            del self._ends[next(iter(self._ends))]

    def _name(self, address: str) -> bytes:
        return hmac.digest(self._key, _network(address).encode(), hashlib.sha256)


def _network(address: str) -> str:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address) and not found.ipv4_mapped:
        return str(ipaddress.ip_network((found, SITE_PREFIX), strict=False))
    return str(found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else str(found)
