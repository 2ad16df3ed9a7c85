"""Listening sockets that another process has opened, in the place of mitmproxy's own.

Workers share one socket and its queue. With SO_REUSEPORT (socket(7)) each had a queue of its own, and what waits in
it when a worker closes is reset: a rolling restart would lose visitors.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from typing import Any

from mitmproxy.proxy.mode_servers import ReverseInstance

from consent_gateway.proxy.apart import Own

BACKLOG = 1024  # connections that wait; the system allows net.core.somaxconn

_sockets: Own[Sequence[socket.socket]] = Own("sockets")
_listen = ReverseInstance.listen


class Shared(socket.socket):
    """asyncio sets the backlog of a socket to as many connections as it accepts at once: that is one here, so that
    the others get theirs, and the queue stays as long as it is."""

    def listen(self, backlog: int = BACKLOG, /) -> None:
        super().listen(BACKLOG)


async def _listening(instance: ReverseInstance, host: str, port: int) -> list[Any]:
    if not _sockets.get():
        return await _listen(instance, host, port)
    return [
        await asyncio.start_server(instance.handle_stream, sock=Shared(fileno=one.detach()), backlog=1)
        for one in _sockets.get()
    ]


def mend(sockets: Sequence[socket.socket]) -> None:
    """From now on these sockets are listened on, once; mitmproxy's own if there are none."""
    _sockets.set(sockets)
    ReverseInstance.listen = _listening  # type: ignore[method-assign, assignment]
