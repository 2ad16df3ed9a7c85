"""Headers whose value is a list (RFC 9110 5.6.1): their members, and what remains when some go."""

from __future__ import annotations

import re
from collections.abc import Callable


def members(value: str, *, brackets: str = "<>") -> list[str]:
    """The members as they stand: what is between commas that are in no string and in no brackets.
    An address in angle brackets may hold anything, also quotation marks (RFC 8288 3)."""
    found = []
    opening, closing = brackets[0], brackets[1]
    start, depth, quoted, escaped = 0, 0, False, False
    for position, character in enumerate(value):
        if quoted:
            quoted = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == '"' and (opening != "<" or depth == 0):
            quoted = True
        elif character == opening:
            depth += 1 if opening != "<" or depth == 0 else 0
        elif character == closing:
            depth = max(depth - 1, 0)
        elif character == "," and depth == 0:
            found.append(value[start:position])
            start = position + 1
    return [*found, value[start:]]


def remaining(value: str, gone: Callable[[str], bool], *, brackets: str = "<>") -> str | None:
    """The value itself if none of its members is gone, else those that are not; None if none is left."""
    all_members = members(value, brackets=brackets)
    kept = [member for member in all_members if not gone(member)]
    if len(kept) == len(all_members):
        return value
    return ", ".join(member.strip() for member in kept if member.strip()) or None


def text_of(member: str) -> str:
    """The string that a member is (RFC 9651 3.3.3), without quotation marks and parameters."""
    match = re.match(r"\s*\"((?:[^\"\\]|\\.)*)\"", member)
    return re.sub(r"\\(.)", r"\1", match[1]) if match else member.strip()
