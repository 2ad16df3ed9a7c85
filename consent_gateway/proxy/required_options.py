"""Options of mitmproxy that `serve` and the addon script both set: what a gateway in front of visitors rests on."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mitmproxy.options import Options

TIMEOUT = 65  # seconds without a byte from origin or visitor

# fmt: off
REQUIRED: tuple[tuple[str, object, str], ...] = (
    # How HTTP is spoken with visitors
    ("http2", False, "H07, H32: bodies of HTTP/2 go to an origin of HTTP/1 without their length (RFC 9113 8.1.1)"),
    ("http3", False, "the same"),
    ("rawtcp", False, "H17: what is no HTTP would pass unread"),
    ("validate_inbound_headers", True, "RFC 9112 11.2: fields that make two requests of one"),
    ("tcp_timeout", TIMEOUT, "H11; since 12.2.1: before, a dead origin is waited for 600 s"),
    # What would go past the gateway
    ("stream_large_bodies", None, "pages would pass unread; what is no page is streamed anyway"),
    ("ignore_hosts", (), "connections that are not read"),
    ("allow_hosts", (), "the same for all the others"),
    ("tcp_hosts", (), "the same"),
    ("udp_hosts", (), "the same"),
    # Whose requests these are
    ("keep_host_header", True, "cookies are bound to the visitor's own host, and posts are checked against it"),
    ("connection_strategy", "lazy", "H18: a dead origin must not take the gateway's own pages with it"),
    ("stickycookie", None, "one visitor's cookies would go with the requests of another"),
    ("stickyauth", None, "the same for passwords"),
    # Who is let in, and to what
    ("onboarding", False, "H33: for `Host: mitm.it` a page of mitmproxy's and its certificate authority"),
    ("block_global", False, "H19: on purpose; a website is for visitors with public addresses"),
)
# fmt: on


def known(options: Options) -> Mapping[str, object]:
    """Those that this mitmproxy has, with the addons that are there, as it keeps them."""
    values = {name: list(value) if isinstance(value, tuple) else value for name, value, _ in REQUIRED}
    return MappingProxyType({name: value for name, value in values.items() if name in options})


def missing(options: Options) -> Mapping[str, object]:
    """Those that have another value now."""
    return MappingProxyType(
        {name: value for name, value in known(options).items() if getattr(options, name) != value}
    )
