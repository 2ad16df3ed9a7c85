"""A connection on which mitmproxy fails is ended. It logs the error and goes on, and the visitor waits until his connection
times out: seen on 11.0.2 and 12.3.1 where what modifies a streamed body raises."""

from __future__ import annotations

from weakref import WeakSet

from mitmproxy.proxy import commands, events, layer
from mitmproxy.proxy.layers.modes import ReverseProxy

_handle_event = ReverseProxy.handle_event
_crashed: WeakSet[ReverseProxy] = WeakSet()


def _ending(top: ReverseProxy, event: events.Event) -> layer.CommandGenerator[None]:
    if top in _crashed:
        return
    try:
        yield from _handle_event(top, event)
    except Exception:
        _crashed.add(top)
        yield commands.CloseConnection(top.context.client)  # the others end with it
        raise  # for the log


def mend() -> None:
    """Puts it in place."""
    ReverseProxy.handle_event = _ending  # type: ignore[method-assign, assignment]
