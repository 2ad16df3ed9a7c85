"""Regular expressions, compiled so that every Python from 3.11 on finds the same with them.

Until 3.11.4 a group that is repeated possessively may end too early (CPython issue 106052). It means
the same as an atomic group around the greedy one, which is right there as well, only slower.
"""

from __future__ import annotations

import re

_RIGHT = re.match(rb"(?:[^<]++|<(?:(?!x)[a-z]++>))*+<x>", b"a<b>c<x>") is not None
_ITEM = re.compile(rb"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()]|.", re.S)
_POSSESSIVE = re.compile(rb"([*+?]|\{\d*,?\d*\})\+")


def compiled(pattern: bytes, flags: re.RegexFlag | int = 0) -> re.Pattern[bytes]:
    """The pattern, compiled. Raises re.error."""
    return re.compile(pattern if _RIGHT else atomic(pattern), flags)


def atomic(pattern: bytes) -> bytes:
    """The same pattern with an atomic group for every group that is repeated possessively."""
    parts: list[bytes] = []
    opened: list[int] = []
    position = 0
    while match := _ITEM.match(pattern, position):
        position = match.end()
        if match[0] == b"(":
            opened.append(len(parts))
        parts.append(match[0])
        if match[0] == b")":
            start = opened.pop()
            if repeated := _POSSESSIVE.match(pattern, position):
                parts[start:] = [b"(?>" + b"".join(parts[start:]) + repeated[1] + b")"]
                position = repeated.end()
    return b"".join(parts)
