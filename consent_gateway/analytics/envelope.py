"""The request that goes on to Google, built from nothing: only what is named here is in it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from consent_gateway.analytics import SERVICE
from consent_gateway.analytics.filter import Filtered
from consent_gateway.analytics.hits import Pairs


@dataclass(frozen=True, slots=True)
class OutboundRequest:
    """A request the gateway sends on a visitor's behalf."""

    service: str
    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""
    visitor: str = ""  # the pseudonym: what is of one visitor is sent in its order


def outbound(filtered: Filtered, *, collect_url: str, user_agent: str) -> OutboundRequest:
    """A GA4 hit to the fixed endpoint. No cookie, referrer, address, language or client hint."""
    body = "\r\n".join(_query(event) for event in filtered.events if event).encode()
    headers = [("User-Agent", user_agent), ("Accept", "*/*")]
    if body:
        headers.append(("Content-Type", "text/plain;charset=UTF-8"))
    return OutboundRequest(
        service=SERVICE,
        method="POST" if body else "GET",
        url=f"{collect_url}/g/collect?{_query(filtered.shared)}",
        headers=tuple(headers),
        body=body,
        visitor=dict(filtered.shared).get("cid", ""),
    )


def _query(pairs: Pairs) -> str:
    return urlencode(pairs, quote_via=quote, safe="")
