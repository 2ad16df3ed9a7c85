"""Texts in which HTML hides addresses: `srcset` and the content of a refresh, by the steps of the standard."""

from __future__ import annotations

import re

_SPACE = " \t\n\r\f"


def candidates(srcset: str) -> list[str]:
    """HTML standard 4.8.4.3.10 "parse a srcset attribute"."""
    found: list[str] = []
    position = 0
    while True:
        while position < len(srcset) and srcset[position] in f"{_SPACE},":
            position += 1
        if position >= len(srcset):
            return found
        start = position
        while position < len(srcset) and srcset[position] not in _SPACE:
            position += 1
        address = srcset[start:position]
        if address.endswith(","):
            found.append(address.rstrip(","))
            continue
        found.append(address)
        depth = 0
        while position < len(srcset) and (depth or srcset[position] != ","):
            depth = {"(": 1, ")": 0}.get(srcset[position], depth)
            position += 1
        position += 1


def refreshed(content: str) -> list[str]:
    """HTML standard 4.2.5.3 "shared declarative refresh steps": the address, if there is one."""
    match = re.match(r"[ \t\n\r\f]*(?:[0-9]+[0-9.]*|\.[0-9.]*)", content)
    if not match:
        return []
    rest = content[match.end() :]
    if rest and rest[0] not in f";,{_SPACE}":
        return []
    rest = rest.lstrip(_SPACE)
    rest = (rest[1:] if rest[:1] in (";", ",") and rest else rest).lstrip(_SPACE)
    named = re.match(r"url[ \t\n\r\f]*=[ \t\n\r\f]*", rest, re.I)
    rest = rest[named.end() :] if named else rest
    if rest[:1] in ("'", '"') and rest:
        rest = rest[1:].partition(rest[0])[0]
    return [rest] if rest else []
