"""What of a hit for Google would be sent on for a visitor who has agreed, field by field, by the gateway itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

from consent_gateway.analytics import hits
from consent_gateway.analytics.hits import BadHit, Pairs
from consent_gateway.audit.findings import Field
from consent_gateway.gateway import Gateway
from consent_gateway.messages import Headers, Request
from consent_gateway.seen import Seen

PASSED, CHANGED, DROPPED, ADDED = "passed", "changed", "dropped", "added"
_OF_BROWSERS = ("User-Agent", "Content-Type", "Accept-Language")


def fields_of(
    gateway: Gateway, hit: Request, agreed: tuple[tuple[str, str], ...], page: Request, now: datetime
) -> tuple[Field, ...]:
    """The fields of a hit that a browser sent to Google, each "passed", "changed" or "dropped", and those "added".
    `agreed` are the header fields of a visitor who has agreed to statistics, `page` is a request of his for
    the page. Nothing comes back where nothing of it is sent on, or it cannot be read."""
    try:
        read = hits.read(hit)
    except BadHit:
        return ()
    gateway.learn(Seen(properties=frozenset({read.property})))
    kept = tuple((name, value) for name in _OF_BROWSERS for value in hit.headers.all(name))
    through = replace(
        page,
        method=hit.method,
        target=f"{gateway.site.prefix}/ga{hit.target}",
        headers=Headers((*kept, *agreed)),
        body=hit.body,
    )
    reply = gateway.answer(through, now)
    if reply is None or reply.outbound is None:
        return ()
    before: Pairs = [pair for pairs in (read.shared, *read.events) for pair in pairs]
    after = _pairs(urlsplit(reply.outbound.url).query)
    for line in reply.outbound.body.decode().splitlines():
        after += _pairs(line)
    return (*_compared(before, after), *_added(before, after))


def _compared(before: Pairs, after: Pairs) -> tuple[Field, ...]:
    names = {name for name, _ in after}
    return tuple(
        dict.fromkeys(
            Field(name, PASSED if (name, value) in after else CHANGED if name in names else DROPPED)
            for name, value in before
        )
    )


def _added(before: Pairs, after: Pairs) -> tuple[Field, ...]:
    known = {name for name, _ in before}
    return tuple(Field(name, ADDED) for name in dict.fromkeys(name for name, _ in after) if name not in known)


def _pairs(query: str) -> Pairs:
    return parse_qsl(query, keep_blank_values=True)
