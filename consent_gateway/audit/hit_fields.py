"""What a hit for Google carries, field by field, and what of it the gateway sends on: of recorded hits, of watched
browsers, and of the flows of a proxy."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

from consent_gateway.analytics import hits
from consent_gateway.analytics.envelope import OutboundRequest
from consent_gateway.analytics.hits import BadHit, Pairs
from consent_gateway.audit.findings import Field
from consent_gateway.gateway import Gateway
from consent_gateway.messages import Headers, Request
from consent_gateway.seen import Seen

PASSED, CHANGED, DROPPED, ADDED = "passed", "changed", "dropped", "added"
MOST_FIELDS = 200
MOST_EVENTS = 50  # lines of a body
_LONGEST_NAME = 40
_OF_BROWSERS = ("User-Agent", "Content-Type", "Accept-Language")
# As the guard script leads them to the gateway (templates/static/guard/14-hits.js).
_MEASURED = re.compile(r"(?:^|\.)(?:google-analytics\.com|analytics\.google\.com|googletagmanager\.com)$")
_ABBREVIATED = re.compile(r"^/(?:(?:ag|ga)/)?g/c$")
_JOINED = re.compile(r"/g/s/collect$")
_COLLECTED = re.compile(r"/g/c(?:ollect)?$")


def carried(query: str, body: bytes) -> Pairs:
    """Every parameter of a hit and of its events."""
    pairs: Pairs = []
    for line in filter(None, (query, *body.decode("utf-8", "replace").splitlines()[:MOST_EVENTS])):
        try:
            pairs += parse_qsl(line, keep_blank_values=True, max_num_fields=2 * MOST_FIELDS)
        except ValueError:
            continue
    return pairs


def carried_on(sent: OutboundRequest | None) -> Pairs:
    """The same of what the gateway sends on."""
    return carried(urlsplit(sent.url).query, sent.body) if sent else []


def event_of(pairs: Pairs) -> str:
    """The events of a hit by name."""
    events = list(dict.fromkeys(value for name, value in pairs if name in ("en", "t")))
    return ", ".join(value for value in events[:5] if re.fullmatch(r"[\w.-]{1,40}", value))


def compared(before: Pairs, after: Pairs) -> tuple[Field, ...]:
    """Each parameter that was in the hit or is in what goes on, and what became of it."""
    given, left = _values(before), _values(after)
    names = list(dict.fromkeys((*given, *left)))[:MOST_FIELDS]
    return tuple(Field(name, _became(given.get(name), left.get(name))) for name in names)


def at_the_gateway(gateway: Gateway, hit: Request, scheme: str, host: str) -> Request:
    """A hit as the guard script makes it of the one that a page at this host would have sent."""
    if not gateway.recogniser.is_own(hit.hostname, host):
        path, query = hit.path, f"?{hit.query}" if hit.query else ""
        place = f"/x/{hit.hostname}{path}"
        if _MEASURED.search(hit.hostname) and not _JOINED.search(path):
            place = _ABBREVIATED.sub("/g/collect", path)
        elif _COLLECTED.search(path) and ("v", "2") in parse_qsl(hit.query):
            place = "/g/collect"
        hit = replace(hit, target=f"{gateway.site.prefix}/ga{place}{query}")
    return replace(hit, scheme=scheme, host=host, headers=hit.headers.without("Host", "Origin"))


def fields_of(
    gateway: Gateway, hit: Request, agreed: tuple[tuple[str, str], ...], page: Request, now: datetime
) -> tuple[Field, ...]:
    """The fields of a hit that a browser sent to Google. `agreed` are the header fields of a visitor who has agreed to
    statistics, `page` is a request of his for the page. Nothing comes back where nothing of it is sent on, or it
    cannot be read."""
    try:
        gateway.learn(Seen(properties=frozenset({hits.read(hit).property})))
    except BadHit:
        return ()
    kept = tuple((name, value) for name in _OF_BROWSERS for value in hit.headers.all(name))
    through = replace(at_the_gateway(gateway, hit, page.scheme, page.host), headers=Headers((*kept, *agreed)))
    reply = gateway.answer(through, now)
    if reply is None or reply.outbound is None:
        return ()
    return compared(carried(hit.query, hit.body), carried_on(reply.outbound))


def _values(pairs: Pairs) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, value in pairs:
        found.setdefault(name[:_LONGEST_NAME], set()).add(value)
    return found


def _became(before: set[str] | None, after: set[str] | None) -> str:
    if after is None:
        return DROPPED
    if before is None:
        return ADDED
    return PASSED if after <= before else CHANGED
