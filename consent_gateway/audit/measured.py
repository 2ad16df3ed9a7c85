"""Recorded hits of Google's measurement, handed to the gateway as each visitor: what it sends on, field by field."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from consent_gateway.analytics import SERVICE
from consent_gateway.audit.findings import Forwarded
from consent_gateway.audit.hit_fields import at_the_gateway, carried, carried_on, compared, event_of
from consent_gateway.audit.looking import Looking, as_visitor
from consent_gateway.audit.states import Visitor
from consent_gateway.messages import Request

_KEPT_BACK = (
    "answered by the gateway, which sends on only hits of the site's own properties with events that may pass"
)


def forwarded(
    looking: Looking, request: Request, page: str, scheme: str, host: str, visitors: tuple[Visitor, ...]
) -> Iterator[Forwarded]:
    """What becomes of a hit of a page in each state."""
    given = carried(request.query, request.body)
    for visitor in visitors:
        asked = as_visitor(at_the_gateway(looking.gateway, request, scheme, host), visitor, "empty")
        reply = looking.gateway.answer(asked, looking.now)
        sent = reply.outbound if reply else None
        decision = looking.visit(scheme, host, visitor).decision(SERVICE)
        yield Forwarded(
            page=page,
            state=visitor.state.id,
            event=event_of(given),
            host=(urlsplit(sent.url).hostname or "") if sent else request.hostname,
            sent_on=sent is not None,
            reason=_KEPT_BACK if decision.loads and not sent else decision.reason,
            fields=compared(given, carried_on(sent)),
        )
