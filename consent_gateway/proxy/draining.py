"""The end of a server: it takes nothing new, and what is under way gets its answer."""

from __future__ import annotations

import asyncio
import select
import socket
from collections.abc import Collection, Sequence

from mitmproxy import http
from mitmproxy.proxy.layers.http import HttpLayer
from mitmproxy.proxy.server import ConnectionHandler

DRAIN_SECONDS = 10.0
POLL_SECONDS = 0.01
QUEUE_SECONDS = 1.0
# asyncio drops a connection that it has let in where the server is closed within the next turns of its loop
# (selector_events.py, _accept_connection2).
EMPTY_TURNS = 8


class Draining:
    """An addon that closes connections after their next answer, from `begin` on."""

    def __init__(self) -> None:
        self._closes = False

    def begin(self) -> None:
        self._closes = True

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        self._announce(flow)

    def response(self, flow: http.HTTPFlow) -> None:
        self._announce(flow)

    def _announce(self, flow: http.HTTPFlow) -> None:
        """A client that is told sends its next request elsewhere, instead of into a connection that is being
        closed (RFC 9112 9.6)."""
        if self._closes and flow.response is not None and flow.response.status_code != 101:
            flow.response.headers["connection"] = "close"


async def all_let_in(sockets: Sequence[socket.socket]) -> None:
    """Returns when nobody waits to be let in any more, a second from now at the latest. Whoever waits in the queue of
    a socket that is closed is connected already, as far as he knows, and is reset: a proxy sends no post again then."""
    waiting = select.poll()
    for one in sockets:
        waiting.register(one, select.POLLIN)
    until = asyncio.get_running_loop().time() + QUEUE_SECONDS
    empty = 0
    while empty < EMPTY_TURNS and asyncio.get_running_loop().time() < until:
        await asyncio.sleep(0)  # a turn of the loop, which lets them in
        empty = 0 if waiting.poll(0) else empty + 1


async def quiet(connections: Collection[ConnectionHandler], linger: float) -> None:
    """Returns when no request is under way any more, ten seconds from now at the latest; while connections are
    open, not before `linger` seconds, in which a request may come that was sent before its client could know."""
    waited = 0.0
    while waited < DRAIN_SECONDS and (any(map(_busy, connections)) or (connections and waited < linger)):
        await asyncio.sleep(POLL_SECONDS)
        waited += POLL_SECONDS


async def closed(connections: Collection[ConnectionHandler]) -> None:
    """Closes what is open, and waits a second for that."""
    for handler in list(connections):
        reading = handler.transports.get(handler.client)
        if reading is not None and reading.handler is not None:
            reading.handler.cancel()
    waited = 0.0
    while connections and waited < 1:
        await asyncio.sleep(POLL_SECONDS)
        waited += POLL_SECONDS


def _busy(handler: ConnectionHandler) -> bool:
    """Whether a request is under way on a connection from a visitor."""
    return any(isinstance(layer, HttpLayer) and layer.streams for layer in handler.layer.context.layers)
