"""No port of UDP: for an origin that speaks TLS mitmproxy opens one beside that of TCP, for HTTP/3."""

from __future__ import annotations

from mitmproxy.proxy import mode_specs

_parse = mode_specs.ReverseMode.__post_init__


def _parsed(mode: mode_specs.ReverseMode) -> None:
    _parse(mode)
    keep(mode)


def keep(mode: mode_specs.ReverseMode) -> None:
    """For a mode that was read already, and is not yet listened in."""
    if mode.transport_protocol == mode_specs.BOTH:
        mode.transport_protocol = mode_specs.TCP


def mend() -> None:
    """Puts it in place, for modes that are read from now on."""
    mode_specs.ReverseMode.__post_init__ = _parsed  # type: ignore[method-assign, assignment]
