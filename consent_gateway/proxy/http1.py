"""What mitmproxy's HTTP/1 leaves undone, seen on 11.0.2 and 12.2.3: interim responses, trailers, error pages,
heads without limit or end."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from mitmproxy import http
from mitmproxy.net.http import http1
from mitmproxy.proxy import commands, events, layer
from mitmproxy.proxy.layers.http import _events, _http1
from mitmproxy.proxy.layers.http._base import ReceiveHttp
from mitmproxy.proxy.layers.http._events import HttpEvent, ResponseHeaders, ResponseProtocolError

from consent_gateway.proxy import crashed, deadlines, failing, request_head, tcp_only
from consent_gateway.proxy.apart import Own

ErrorPage = Callable[[int], http.Response]

_INTERIM = re.compile(rb"HTTP/1\.[01] 1(?!01)[0-9]{2}[ \r\n]")
_STATUS_LINE = 16  # bytes that tell
LONGEST_HEAD = 262_144  # bytes of an answer: the origin is the operator's own
# A connection ends after so many requests, as with nginx (keepalive_requests): until then mitmproxy remembers each
# connection to the origin that was closed, and looks through all of them for every request.
MOST_REQUESTS = 1000

_error_page: Own[ErrorPage] = Own("error_page")
_read_response_head = _http1.Http1Client.read_headers
_read_request_head = _http1.Http1Server.read_headers
_handle = _http1.Http1Server._handle_event
_send = _http1.Http1Server.send


def _read_sound_head(
    visitor: _http1.Http1Server, event: events.ConnectionEvent
) -> layer.CommandGenerator[None]:
    """A request is read once its head is whole, if nothing is wrong with it."""
    if isinstance(event, events.DataReceived):
        while bytes(visitor.buf)[:2].startswith((b"\n", b"\r\n")):  # RFC 9112 2.2: empty lines before it
            visitor.buf.maybe_extract_lines()
        received = bytes(visitor.buf)
        end = request_head.END.search(received)
        if end is None and len(received) <= request_head.LONGEST:
            if received:
                yield from deadlines.begun(visitor)
            return
        status = request_head.fault(received[: end.start() + 1] if end else received)
        if status:
            yield from _refused(visitor, status)
            return
    yield from _read_request_head(visitor, event)


def _refused(visitor: _http1.Http1Server, status: int) -> layer.CommandGenerator[None]:
    yield commands.SendData(visitor.conn, _error_response(status))
    yield commands.CloseConnection(visitor.conn)
    visitor.state = visitor.done


def _woken(visitor: _http1.Http1Server, event: events.Event) -> layer.CommandGenerator[None]:
    if not isinstance(event, events.Wakeup):
        yield from _handle(visitor, event)
    elif deadlines.is_over(visitor):
        yield from _refused(visitor, 408)


def _send_at_most(visitor: _http1.Http1Server, event: HttpEvent) -> layer.CommandGenerator[None]:
    """Stream ids are odd (RFC 9113 5.1.1), and mitmproxy counts requests by them."""
    if isinstance(event, ResponseHeaders) and visitor.stream_id >= 2 * MOST_REQUESTS - 1:
        event.response.headers["connection"] = "close"
    yield from _send(visitor, event)


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
        if len(client.buf) > LONGEST_HEAD and request_head.END.search(bytes(client.buf)) is None:
            yield from _given_up(client, failing.HEAD_WITHOUT_END)
            return
    elif isinstance(event, events.ConnectionClosed) and deadlines.is_late(client.conn) and client.stream_id:
        yield from _given_up(client, deadlines.LATE)
        return
    yield from _read_response_head(client, event)


# mitmproxy 11 says it by the status.
_OF_THE_ORIGIN: Any = _events.ErrorCode.GENERIC_SERVER_ERROR if hasattr(_events, "ErrorCode") else 502


def _given_up(client: _http1.Http1Client, why: str) -> layer.CommandGenerator[None]:
    assert client.stream_id is not None
    client.state = client.done  # more may be on its way
    yield commands.CloseConnection(client.conn)
    yield ReceiveHttp(ResponseProtocolError(client.stream_id, why, _OF_THE_ORIGIN))


class _WithoutTrailers(_http1.ChunkedReader):  # type: ignore[misc, name-defined]
    """Trailers may be dropped (RFC 9110 6.5.1); mitmproxy raises on them and the visitor waits (#2474)."""

    def __call__(self, buf: Any) -> Any:
        event = super().__call__(buf)
        end = _http1.h11.EndOfMessage  # type: ignore[attr-defined]
        return end() if isinstance(event, end) else event


def _error_response(status: int, message: str = "") -> bytes:
    response = _error_page.get()(504 if message == deadlines.LATE else status)
    response.headers["connection"] = "close"
    assembled: bytes = http1.assemble_response(response)
    return assembled


def mend(error_page: ErrorPage) -> None:
    """Puts the above in place. `error_page` gives what a visitor sees where there is no response:
    mitmproxy's own page names its version, the origin's address and bytes of what it got."""
    _error_page.set(error_page)
    crashed.mend()
    deadlines.mend()
    tcp_only.mend()
    for owner, name, mended in (
        (_http1.Http1Client, "read_headers", _read_final_head),
        (_http1.Http1Server, "read_headers", _read_sound_head),
        (_http1.Http1Server, "_handle_event", _woken),
        (_http1.Http1Server, "send", _send_at_most),
        (_http1, "ChunkedReader", _WithoutTrailers),
        (_http1, "make_error_response", _error_response),
    ):
        setattr(owner, name, mended)
