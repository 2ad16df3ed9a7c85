"""How often one address may write, per minute: counted in memory under a salt that lives as long as the minute."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import logging
import math
import secrets
from collections import Counter
from datetime import datetime, timedelta
from typing import Literal

from consent_gateway.messages import Request
from consent_gateway.site_tables import Limits

logger = logging.getLogger(__name__)

What = Literal["grants", "refusals", "reports", "hits"]
WINDOW = timedelta(minutes=1)
MOST_ADDRESSES = (
    100_000  # beyond, further ones go uncounted: none may be kept out by how many others there are
)
LAN_PREFIX = 64  # bits of IPv6: one host has all addresses below (RFC 4291 2.5.4)


class Rates:
    """Counts per address, of IPv6 per /64. What comes from this machine is not counted: it is the operator, or a
    proxy that nobody has named, and then all visitors would count as one."""

    def __init__(self, limits: Limits) -> None:
        # Every refusal takes effect; beyond the limit those of nobody known are not written down one by one.
        self._most: dict[What, int] = {
            "grants": limits.grants,
            "refusals": limits.grants,
            "reports": limits.reports,
            "hits": limits.hits,
        }
        self._salt = b""
        self._until: datetime | None = None
        self._counts: Counter[bytes] = Counter()
        self._warned: set[str] = set()

    def wait(self, what: What, request: Request, now: datetime) -> int:
        """Counts one more and returns 0; or the seconds after which there is room again."""
        network = _network(request.address)
        if network == "":
            self._warn_of_proxies(request)
            return 0
        if self._until is None or not self._until - WINDOW <= now < self._until:
            self._salt, self._until = secrets.token_bytes(32), now + WINDOW
            self._counts.clear()
        name = hmac.digest(self._salt, f"{what} {network}".encode(), hashlib.sha256)
        if self._counts[name] >= self._most[what]:
            self._warn(what)
            return max(1, math.ceil((self._until - now).total_seconds()))
        if name in self._counts or len(self._counts) < MOST_ADDRESSES:
            self._counts[name] += 1
        return 0

    def _warn(self, what: str) -> None:
        if what not in self._warned:
            self._warned.add(what)
            logger.warning(
                "too many %s from one address within a minute: see [limits] in the site file; if there is a proxy "
                "in front, name it in [site] trusted_proxies, or all its visitors count as one",
                what,
            )

    def _warn_of_proxies(self, request: Request) -> None:
        if request.headers.get("x-forwarded-for") and not request.through_trusted and "" not in self._warned:
            self._warned.add("")
            logger.warning(
                "requests come from this machine with X-Forwarded-For: name the proxy in [site] trusted_proxies, "
                "or the limits per address hold for nobody"
            )


def _network(address: str) -> str:
    """What counts as one; empty for this machine, and where there is no address."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    if found.is_loopback:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, LAN_PREFIX), strict=False))
    return str(found)
