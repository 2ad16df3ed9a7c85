"""A page on its way through: out of its content coding, rewritten, and back into it."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import NamedTuple

from mitmproxy import http

from consent_gateway import bodies
from consent_gateway.gateway import Gateway
from consent_gateway.messages import Request
from consent_gateway.proxy.flows import mitmproxy_headers, response_of
from consent_gateway.seen import Seen

# Bytes as they came; a larger page is rewritten in a thread, and others go on meanwhile. One that is known is done
# before a thread has begun.
LARGE = 100_000


class Recoded(NamedTuple):
    """What goes out: `body` is in its content coding, None where none is sent or it stays as it is."""

    status: int
    headers: http.Headers
    body: bytes | None
    seen: Seen


async def recoded(gateway: Gateway, request: Request, response: http.Response, now: datetime) -> Recoded:
    """The response this visitor gets. Raises bodies.BadBody, charset.Undecodable and what goes wrong."""
    raw = response.raw_content
    if raw is None or response.status_code == 206:
        raise bodies.BadBody("streamed past the gateway" if raw is None else "a part of a document")
    if len(raw) > LARGE and not gateway.has_read(raw):
        return await asyncio.to_thread(_recoded, gateway, request, response, raw, now)
    return _recoded(gateway, request, response, raw, now)


def _recoded(
    gateway: Gateway, request: Request, response: http.Response, raw: bytes, now: datetime
) -> Recoded:
    coding = response.headers.get("content-encoding", "")
    body = bodies.decode(raw, coding, gateway.site.limits.page)
    result, seen = gateway.rewrite(request, response_of(response, body), now)
    headers = mitmproxy_headers(result.headers)
    if result.status != response.status_code:
        return Recoded(result.status, headers, result.body, seen)
    if request.method == "HEAD" or result.status in (204, 304):
        return Recoded(result.status, headers, None, seen)
    changed = bodies.encode(result.body, coding) if result.body != body else None
    if "transfer-encoding" not in headers:
        headers["content-length"] = str(len(raw if changed is None else changed))
    return Recoded(result.status, headers, changed, seen)
