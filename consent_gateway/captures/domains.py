"""Which hosts belong together: those of one registrable domain (URL standard 3.2, Public Suffix List)."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address

from publicsuffixlist import PublicSuffixList

from consent_gateway.urls import STAND_IN


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(maxsize=4096)
def registrable(host: str) -> str:
    """The domain that somebody has registered: of `shop.example.co.uk` it is `example.co.uk`. An IP
    address and a host without a registered domain are one of their own."""
    if host.endswith(STAND_IN):
        return registrable(host.removesuffix(STAND_IN)) + STAND_IN
    try:
        return str(ip_address(host.strip("[]")))
    except ValueError:
        return _suffixes().privatesuffix(host) or host
