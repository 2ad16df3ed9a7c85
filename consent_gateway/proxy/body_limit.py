"""Requests that are answered before their body is read, or once it is too long. mitmproxy, seen on 11.0.2 and
12.3.1, reads all of it into memory first; its `body_size_limit` would hold for uploads to the site, too."""

from __future__ import annotations

from collections.abc import Callable

from mitmproxy import http
from mitmproxy.net.http.http1 import expected_http_body_size
from mitmproxy.proxy import commands, events, layer
from mitmproxy.proxy.layers.http import DropStream, HttpStream, SendHttp
from mitmproxy.proxy.layers.http._events import (
    RequestData,
    RequestEndOfMessage,
    ResponseData,
    ResponseEndOfMessage,
    ResponseHeaders,
)

from consent_gateway.proxy.apart import Own

Refusal = Callable[[http.HTTPFlow, int], http.Response | None]

LINGER = 2**20  # bytes that are swallowed after the answer
_refusal: Own[Refusal] = Own("refusal")
_check_body_size = HttpStream.check_body_size


def announced(request: http.Request) -> int | None:
    """The bytes of a request's body; None if it does not say. Where it contradicts itself 0: mitmproxy refuses
    that."""
    try:
        return expected_http_body_size(request)
    except ValueError:
        return 0


def _checked(stream: HttpStream, request: bool) -> layer.CommandGenerator[bool]:
    if request:
        size = len(stream.request_body_buf) or announced(stream.flow.request) or 0
        if response := _refusal.get()(stream.flow, size):
            return (yield from _answered(stream, response))
    return (yield from _check_body_size(stream, request))


def mend(refusal: Refusal) -> None:
    """Puts the check in place. `refusal` is asked with the bytes that are announced, before anything is done
    about a request, then with those that came; after its answer the connection is closed. No hook is called."""
    _refusal.set(refusal)
    HttpStream.check_body_size = _checked  # type: ignore[method-assign, assignment]


def _answered(stream: HttpStream, response: http.Response) -> layer.CommandGenerator[bool]:
    """The whole answer; the visitor's side is closed when it has stopped sending or was heard long enough."""
    flow, client = stream.flow, stream.context.client
    stream.request_body_buf.clear()
    flow.response, flow.live = response, False
    response.headers["connection"] = "close"
    for event in (
        ResponseHeaders(stream.stream_id, response),
        ResponseData(stream.stream_id, response.raw_content or b""),
        ResponseEndOfMessage(stream.stream_id),
    ):
        yield SendHttp(event, client)
    if not (flow.request.is_http2 or flow.request.is_http3):
        yield commands.CloseTcpConnection(client, half_close=True)
    stream.client_state, stream.server_state = _swallowing(stream), stream.state_errored
    return True


def _swallowing(stream: HttpStream) -> Callable[[events.Event], layer.CommandGenerator[None]]:
    """Who is still sending when the connection is closed may lose the answer (RFC 9112 9.6). And mitmproxy 12
    does not close a connection on which more arrives while a hook ends."""
    left = LINGER

    def swallow(event: events.Event) -> layer.CommandGenerator[None]:
        nonlocal left
        if isinstance(event, RequestData):
            left -= len(event.data)
            if left < 0:
                stream.client_state = stream.state_errored
                yield commands.CloseConnection(stream.context.client)
        elif isinstance(event, RequestEndOfMessage):
            yield DropStream(stream.stream_id)

    return swallow
