"""What was noted of a tab, told as exchanges: with what the browser says of them once they are over."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from consent_gateway.captures.exchange import DOCUMENT, FRAME, Exchange
from consent_gateway.captures.tab_watch import Watch
from consent_gateway.messages import Headers, Request, Response
from consent_gateway.urls import resolve

if TYPE_CHECKING:
    from playwright.async_api import Request as Asked

LARGEST = 16 * 2**20  # bytes of a body
SHORT = 3.0  # seconds for a word of the browser's about something that is over
# Playwright's names of what a request is for → those of Fetch Metadata, where the browser does not say.
DESTINATIONS = {
    "stylesheet": "style", "image": "image", "media": "video", "font": "font", "script": "script",
    "texttrack": "track", "manifest": "manifest", "xhr": "empty", "fetch": "empty", "eventsource": "empty",
    "ping": "empty", "beacon": "empty", "websocket": "websocket", "cspviolationreport": "report",
}  # fmt: skip
KEPT = (DOCUMENT, FRAME, "style", "script")
# What never left the browser: stopped by a policy, or by the browser itself (Chromium, Network.BlockedReason).
NEVER_SENT = (
    "csp", "mixed-content", "inspector", "subresource-filter", "net::ERR_BLOCKED_BY_CSP", "net::ERR_UNSAFE_PORT",
    "net::ERR_BLOCKED_BY_CLIENT", "net::ERR_UNKNOWN_URL_SCHEME", "net::ERR_DISALLOWED_URL_SCHEME",
)  # fmt: skip

T = TypeVar("T")


async def exchanges_of(watch: Watch, *, bodies: bool) -> list[Exchange]:
    """All that was asked for, in order, then the sockets. With `bodies` documents, style sheets and scripts are in
    them."""
    told = await asyncio.gather(*(_exchange(watch, one, bodies=bodies) for one in watch.asked))
    return [*(one for one in told if one is not None), *(_socket(*one) for one in watch.sockets)]


async def _exchange(watch: Watch, noted: tuple[Asked, str, datetime], *, bodies: bool) -> Exchange | None:
    asked, page, time = noted
    if (asked.failure or "") in NEVER_SENT:
        return None
    fields = await soon(asked.all_headers(), None) or asked.headers
    address = resolve(asked.url, "about:blank")
    if address is None:
        return None
    host = f"{address.host}:{address.port}" if address.port else address.host
    destination = _destination(watch, asked, fields)
    response, unreadable = await _response(watch, asked, bodies=bodies and destination in KEPT)
    by, by_code = watch.causes.get(asked.url, (_frame_of(asked), destination == "empty"))
    return Exchange(
        request=Request(
            method=asked.method,
            scheme=address.scheme,
            host=host,
            target=address.rest,
            headers=Headers(tuple((name, value) for name, value in fields.items() if name[:1] != ":")),
            body=asked.post_data_buffer or b"",
        ),
        response=response,
        destination=destination,
        page=page,
        initiator=by,
        time=time,
        unreadable=unreadable,
        by_code=by_code,
    )


def _destination(watch: Watch, asked: Asked, fields: dict[str, str]) -> str:
    if asked.resource_type == "document":
        return DOCUMENT if watch.leads_tab(asked) else fields.get("sec-fetch-dest", FRAME)
    return fields.get("sec-fetch-dest") or DESTINATIONS.get(asked.resource_type, "")


async def _response(watch: Watch, asked: Asked, *, bodies: bool) -> tuple[Response | None, str]:
    from playwright.async_api import Error

    try:
        answer = None if asked in watch.under_way else await soon(asked.response(), None)
        if answer is None:
            return None, asked.failure or "no answer"
        fields = await soon(answer.headers_array(), None) or []
        headers = Headers(tuple((one["name"], one["value"]) for one in fields))
        status, body, unreadable = answer.status, b"", ""
        if bodies and not 300 <= status < 400:
            length = headers.get("content-length")
            if length.isdigit() and int(length) > LARGEST:
                unreadable = f"more than {LARGEST} bytes"
            else:
                body = await answer.body()
        # The browser has decoded it.
        headers = headers.without("content-encoding", "content-length") if body else headers
        return Response(status=status, headers=headers, body=body[:LARGEST]), unreadable
    except Error as error:
        return None, first_line(error)


def _socket(url: str, page: str, time: datetime) -> Exchange:
    address = resolve(url, "about:blank")
    assert address is not None, "Chromium opens no other"
    host = f"{address.host}:{address.port}" if address.port else address.host
    request = Request(method="GET", scheme=address.scheme, host=host, target=address.rest)
    return Exchange(
        request=request, response=None, destination="websocket", page=page, time=time, by_code=True
    )


def _frame_of(asked: Asked) -> str:
    from playwright.async_api import Error

    try:
        return asked.frame.url
    except Error:  # asked for before its frame was there, or by nobody's frame
        return ""


async def soon(answer: Awaitable[T], otherwise: T) -> T:
    """What the browser says, or `otherwise` where it says nothing in time, or has nothing to say any more."""
    from playwright.async_api import Error

    try:
        return await asyncio.wait_for(answer, SHORT)
    except (Error, TimeoutError):
        return otherwise


def first_line(error: Exception) -> str:
    """What Playwright says has the name of its method in front."""
    line = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    return re.sub(r"^\w+\.\w+: ", "", line)
