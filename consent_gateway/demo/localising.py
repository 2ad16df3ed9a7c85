"""Addresses of the web turned into those of their stand-ins, wherever they are written in a file."""

from __future__ import annotations

import re

from consent_gateway.demo.stand_ins import SUFFIX

# Two slashes as HTML, CSS, JavaScript and JSON write them, with a host that has a name below the top.
_ADDRESS = re.compile(
    rb"(?P<scheme>\b(?:https?|wss?):)?(?P<slashes>\\?/\\?/)"
    rb"(?P<host>[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?)*\.[a-z][a-z0-9-]*[a-z0-9])"
    rb"(?P<port>:[0-9]+)?(?![\w.@:-])",
    re.I,
)
_SECURE = {b"https:": b"http:", b"wss:": b"ws:"}
_THERE = SUFFIX.encode()


def localised(text: bytes, port: int) -> bytes:
    """The same text, each whole address of another computer in it with the name of its stand-in, which
    answers at `port`, over plain HTTP. What code puts together of parts stays; so do paths of its own."""

    def stand_in(found: re.Match[bytes]) -> bytes:
        host = found["host"].lower()
        if host.endswith(_THERE):
            return found[0]
        scheme = (found["scheme"] or b"").lower()
        return b"%s%s%s%s:%d" % (_SECURE.get(scheme, scheme), found["slashes"], host, _THERE, port)

    return _ADDRESS.sub(stand_in, text)
