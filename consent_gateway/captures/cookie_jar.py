"""Who has set the cookies that a browser holds after a visit: the answers it got, or scripts."""

from __future__ import annotations

from collections.abc import Iterable

from consent_gateway.captures.exchange import Exchange
from consent_gateway.captures.visited import ScriptCookie


def set_by_scripts(
    jar: Iterable[tuple[str, str]], exchanges: Iterable[Exchange], *, given: Iterable[str] = ()
) -> tuple[ScriptCookie, ...]:
    """Of the cookies in a jar, by name and domain, those that no answer has set; `given` are the names of those
    that the visitor has brought along."""
    known = {cookie for one in exchanges for cookie in set_by_headers(one)}
    brought = frozenset(given)
    found = {ScriptCookie(name, domain.lstrip(".").lower()) for name, domain in jar if name not in brought}
    return tuple(sorted(one for one in found if (one.name, one.host) not in known))


def set_by_headers(exchange: Exchange) -> list[tuple[str, str]]:
    """Name and host of each cookie that an answer sets (RFC 6265bis 5.6); no Domain means its own host."""
    if exchange.response is None:
        return []
    found = []
    for line in exchange.response.headers.all("set-cookie"):
        for value in line.split("\n"):  # as Chromium joins several
            pair, *attributes = value.split(";")
            name, _, _ = pair.partition("=")
            domain = next(
                (_value(one) for one in attributes if one.strip().lower().startswith("domain=")), ""
            )
            found.append((name.strip(), (domain or exchange.request.hostname).lstrip(".").lower()))
    return found


def _value(attribute: str) -> str:
    return attribute.partition("=")[2].strip()
