"""How long is waited. mitmproxy takes every byte for a sign of life and ends connections without an answer."""

from __future__ import annotations

import asyncio

from mitmproxy.connection import Connection
from mitmproxy.proxy import layer, server
from mitmproxy.proxy.commands import RequestWakeup
from mitmproxy.proxy.layers.http import HttpLayer, _http1

HEAD_SECONDS = 20  # from the first byte of a request to the end of its header fields; nginx gives them 60
INACTIVE_SECONDS = 65  # without a byte in either direction
LATE = "no answer in time"
GRACE = 1.0  # seconds for the page that says so

_end_connection = server.ConnectionHandler.on_timeout


def begun(reading: _http1.Http1Server) -> layer.CommandGenerator[None]:
    """Called while the head of a request is not yet whole: has the connection woken when its time is over."""
    if getattr(reading, "head_of", None) != reading.stream_id:
        reading.head_of = reading.stream_id  # type: ignore[attr-defined]
        yield RequestWakeup(HEAD_SECONDS)


def is_over(reading: _http1.Http1Server) -> bool:
    """Whether the request that a connection was woken for has still no whole head."""
    is_same = getattr(reading, "head_of", None) == reading.stream_id
    return is_same and reading.state == reading.read_headers and bool(reading.buf)


async def _timed_out(handler: server.ConnectionHandler) -> None:
    """Where an answer is due, the origin is given up first: the visitor gets a page that says so."""
    if any(isinstance(one, HttpLayer) and one.streams for one in handler.layer.context.layers):
        for connection, transport in list(handler.transports.items()):
            if connection is not handler.client and transport.handler is not None:
                connection.error = LATE
                transport.handler.cancel(LATE)
        await asyncio.sleep(GRACE)
    await _end_connection(handler)


def is_late(connection: Connection) -> bool:
    """Whether the origin was given up."""
    return connection.error == LATE


def mend() -> None:
    """Puts the above in place. mitmproxy 11 waits for ten minutes and has no option for it."""
    server.ConnectionHandler.on_timeout = _timed_out  # type: ignore[method-assign, assignment]
    if hasattr(server, "TCP_TIMEOUT"):
        server.TCP_TIMEOUT = INACTIVE_SECONDS
