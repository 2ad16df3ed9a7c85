"""How often one address may do something: remembered for an hour, in memory, and not as an address."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import math
import secrets
from collections import deque
from datetime import datetime, timedelta

MOST_ADDRESSES = 10_000
WITHIN = timedelta(hours=1)


class Pace:
    """Counts per address, of IPv6 per network of a subscriber (/64). The key is new in every process, so that
    what is remembered says nothing to anybody else."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._key = secrets.token_bytes(32)
        self._times: dict[bytes, deque[datetime]] = {}

    def wait(self, address: str, now: datetime) -> int:
        """Notes one more, and returns 0; or the seconds after which one more is taken."""
        self._forget(now)
        times = self._times.setdefault(self._name(address), deque())
        if len(times) >= self._most:
            return math.ceil((times[0] + WITHIN - now).total_seconds())
        times.append(now)
        return 0

    def _forget(self, now: datetime) -> None:
        for name, times in list(self._times.items()):
            while times and times[0] + WITHIN <= now:
                times.popleft()
            if not times:
                del self._times[name]
        while len(self._times) >= MOST_ADDRESSES:
            del self._times[next(iter(self._times))]

    def _name(self, address: str) -> bytes:
        return hmac.digest(self._key, _network(address).encode(), hashlib.sha256)


def _network(address: str) -> str:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address) and not found.ipv4_mapped:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else str(found)
