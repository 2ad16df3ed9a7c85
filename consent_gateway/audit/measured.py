"""Recorded hits of Google's measurement, handed to the gateway as each visitor: what it sends on, field by field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from consent_gateway.analytics import SERVICE
from consent_gateway.analytics.envelope import OutboundRequest
from consent_gateway.analytics.hits import is_hit
from consent_gateway.audit.findings import Field, Forwarded
from consent_gateway.audit.looking import Looking, as_visitor
from consent_gateway.audit.states import Visitor
from consent_gateway.messages import Request

Pairs = list[tuple[str, str]]
MOST_FIELDS = 200
_LONGEST_NAME = 40
# As the guard script leads them to the gateway (templates/static/guard/14-hits.js).
_MEASURED = re.compile(r"(?:^|\.)(?:google-analytics\.com|analytics\.google\.com|googletagmanager\.com)$")
_ABBREVIATED = re.compile(r"^/(?:(?:ag|ga)/)?g/c$")
_JOINED = re.compile(r"/g/s/collect$")
_COLLECTED = re.compile(r"/g/c(?:ollect)?$")


def is_measurement(request: Request) -> bool:
    """Whether a recorded request is a hit, whatever its host."""
    return is_hit(request)


def forwarded(
    looking: Looking, request: Request, page: str, scheme: str, host: str, visitors: tuple[Visitor, ...]
) -> Iterator[Forwarded]:
    """What becomes of a hit of a page in each state."""
    given = _said(request.query, request.body)
    for visitor in visitors:
        asked = as_visitor(_at_the_gateway(looking, request, scheme, host), visitor, "empty")
        reply = looking.gateway.answer(asked, looking.now)
        sent = reply.outbound if reply else None
        decision = looking.visit(scheme, host, visitor).decision(SERVICE)
        yield Forwarded(
            page=page,
            state=visitor.state.id,
            event=_event(given),
            host=(urlsplit(sent.url).hostname or "") if sent else request.hostname,
            sent_on=sent is not None,
            reason=decision.reason
            if sent or not decision.loads
            else "answered by the gateway, which sends on "
            "only hits of the site's own properties with events that may pass",
            fields=_fields(given, sent),
        )


def _at_the_gateway(looking: Looking, request: Request, scheme: str, host: str) -> Request:
    """The request as the guard script makes it of the recorded one."""
    if not looking.gateway.recogniser.is_own(request.hostname, host):
        path, query = request.path, f"?{request.query}" if request.query else ""
        place = f"/x/{request.hostname}{path}"
        if _MEASURED.search(request.hostname) and not _JOINED.search(path):
            place = _ABBREVIATED.sub("/g/collect", path)
        elif _COLLECTED.search(path) and ("v", "2") in parse_qsl(request.query):
            place = "/g/collect"
        request = replace(request, target=f"{looking.gateway.site.prefix}/ga{place}{query}")
    headers = request.headers.without("Host", "Origin")
    return replace(request, scheme=scheme, host=host, headers=headers)


def _fields(given: Pairs, sent: OutboundRequest | None) -> tuple[Field, ...]:
    """Each parameter that was in the hit or is in what goes on."""
    before, after = _values(given), _values(_said(urlsplit(sent.url).query, sent.body) if sent else [])
    names = list(dict.fromkeys((*before, *after)))[:MOST_FIELDS]
    return tuple(Field(name, _became(before.get(name, set()), after.get(name, set()))) for name in names)


def _became(before: set[str], after: set[str]) -> str:
    if not after:
        return "dropped"
    return "passed" if after <= before else "changed"


def _values(pairs: Pairs) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, value in pairs:
        found.setdefault(name[:_LONGEST_NAME], set()).add(value)
    return found


def _said(query: str, body: bytes) -> Pairs:
    lines = [query, *body.decode("utf-8", "replace").splitlines()[:50]]
    pairs: Pairs = []
    for line in filter(None, lines):
        try:
            pairs += parse_qsl(line, keep_blank_values=True, max_num_fields=2 * MOST_FIELDS)
        except ValueError:
            continue
    return pairs


def _event(pairs: Pairs) -> str:
    events = list(dict.fromkeys(value for name, value in pairs if name in ("en", "t")))
    return ", ".join(value for value in events[:5] if re.fullmatch(r"[\w.-]{1,40}", value))
