"""What mitmproxy's HTTP/1 leaves undone, seen on 11.0.2 and 12.2.3: interim responses, trailers, error pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from mitmproxy import http
from mitmproxy.net.http import http1
from mitmproxy.proxy import events, layer
from mitmproxy.proxy.layers.http import _http1

from consent_gateway.proxy.apart import Own

ErrorPage = Callable[[int], http.Response]

_INTERIM = re.compile(rb"HTTP/1\.[01] 1(?!01)[0-9]{2}[ \r\n]")
_STATUS_LINE = 16  # bytes that tell

_error_page: Own[ErrorPage] = Own("error_page")
_read_response_head = _http1.Http1Client.read_headers


def _read_final_head(
    client: _http1.Http1Client, event: events.ConnectionEvent
) -> layer.CommandGenerator[None]:
    """An interim response is not the response (RFC 9110 15.2): mitmproxy #2229 takes it for that, and
    the real one never comes. What a 103 hints at would reach the browser past the rewriter anyway."""
    if isinstance(event, events.DataReceived):
        skipped = False
        while _INTERIM.match(bytes(client.buf)[:_STATUS_LINE]):
            if client.buf.maybe_extract_lines() is None:
                return
            skipped = True
        if skipped and not client.buf:
            return
    yield from _read_response_head(client, event)


class _WithoutTrailers(_http1.ChunkedReader):  # type: ignore[misc, name-defined]
    """Trailers may be dropped (RFC 9110 6.5.1); mitmproxy raises on them and the visitor waits (#2474)."""

    def __call__(self, buf: Any) -> Any:
        event = super().__call__(buf)
        end = _http1.h11.EndOfMessage  # type: ignore[attr-defined]
        return end() if isinstance(event, end) else event


def _error_response(status: int, message: str = "") -> bytes:
    response = _error_page.get()(status)
    response.headers["connection"] = "close"
    assembled: bytes = http1.assemble_response(response)
    return assembled


def mend(error_page: ErrorPage) -> None:
    """Puts the above in place. `error_page` gives what a visitor sees where there is no response:
    mitmproxy's own page names its version, the origin's address and bytes of what it got."""
    _error_page.set(error_page)
    for owner, name, mended in (
        (_http1.Http1Client, "read_headers", _read_final_head),
        (_http1, "ChunkedReader", _WithoutTrailers),
        (_http1, "make_error_response", _error_response),
    ):
        setattr(owner, name, mended)
