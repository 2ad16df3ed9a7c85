"""What requests show of a proxy in front that the site file does not say, told to the operator once each."""

from __future__ import annotations

import ipaddress
import logging

from consent_gateway.messages import Request

logger = logging.getLogger(__name__)

UNSAID_SCHEME = (
    'visitors come by https, as the proxy in front says: write scheme = "https" into [site]. The policy page '
    "names cookies and measures as they are without TLS until then"
)
UNSAID_PROXY = (
    "requests come with X-Forwarded-Proto: https from an address within a network of your own: if that is your proxy, "
    "name it in [site] trusted_proxies. Without, cookies are set as without TLS, and browsers' answers to the "
    "notice are refused as those of another website"
)


class ProxyHints:
    """`scheme` is the one that the gateway takes visitors to come by."""

    def __init__(self, scheme: str) -> None:
        self._needed = scheme == "http"

    def look(self, request: Request) -> None:
        """Warns where a proxy speaks TLS and the site file has not been told. Never of an address."""
        if not self._needed or request.headers.get("x-forwarded-proto").strip().lower() != "https":
            return
        if request.through_trusted:
            self._warn(UNSAID_SCHEME)
        elif _is_near(request.peer):
            self._warn(UNSAID_PROXY)

    def _warn(self, what: str) -> None:
        self._needed = False
        logger.warning(what)


def _is_near(address: str) -> bool:
    """From where a visitor cannot come, but a proxy."""
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_private
    except ValueError:
        return False
