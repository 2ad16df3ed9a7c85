"""The hits that a watched browser gave the gateway, and what of each went on to Google."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from consent_gateway.analytics import SERVICE, hits
from consent_gateway.analytics.envelope import OutboundRequest
from consent_gateway.analytics.hits import Pairs
from consent_gateway.audit.findings import Forwarded, Side
from consent_gateway.audit.hit_fields import carried, carried_on, compared, event_of
from consent_gateway.audit.recorded import label_of
from consent_gateway.audit.sighting import Sighting
from consent_gateway.gateway import Gateway
from consent_gateway.messages import Request


def forwarded_of(sightings: Iterable[Sighting], gateway: Gateway) -> Iterator[Forwarded]:
    """The hits that pages gave the gateway, and what of each it sent on, field by field."""
    for sighting in sightings:
        if sighting.side is not Side.THROUGH:
            continue
        reason = gateway.visit(sighting.request, sighting.time).decision(SERVICE).reason
        left = list(sighting.outbound)
        for given in (carried(one.query, one.body) for one in _hits(sighting)):
            sent = next((one for one in left if event_of(carried_on(one)) == event_of(given)), None)
            if sent is not None:
                left.remove(sent)
            yield _forwarded(sighting, given, sent, reason)
        for sent in left:  # nobody has seen what it was made from
            yield _forwarded(sighting, [], sent, reason)


def _hits(sighting: Sighting) -> Iterator[Request]:
    own = sighting.request.hostname
    return (
        one.request for one in sighting.exchanges if one.request.hostname == own and hits.is_hit(one.request)
    )


def _forwarded(sighting: Sighting, given: Pairs, sent: OutboundRequest | None, reason: str) -> Forwarded:
    after = carried_on(sent)
    return Forwarded(
        page=label_of(sighting.page),
        state=sighting.state,
        event=event_of(after) or event_of(given),
        host=urlsplit(sent.url).netloc if sent else "",
        sent_on=sent is not None,
        reason=reason,
        fields=compared(given, after),
    )
