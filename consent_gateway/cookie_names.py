"""Names of cookies as catalogue and site file write them: whole, or with `*` for any letters."""

from __future__ import annotations

import re
from functools import lru_cache

_NAME = re.compile(r"[\w!#$%&'*+.^`|~-]{1,100}", re.A)  # RFC 9110 5.6.2: a token


def is_name(text: str) -> bool:
    """Whether it can be the name of a cookie, or stand for several (RFC 6265 4.1.1)."""
    return _NAME.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def expression(name: str) -> re.Pattern[str]:
    """What a name as it is written matches."""
    return re.compile(".*".join(map(re.escape, name.split("*"))), re.S)


@lru_cache(maxsize=65536)
def overlap(one: str, other: str) -> bool:
    """Whether some cookie is meant by both."""
    if not one or not other:
        return not (one or other).strip("*")
    if one[0] == "*":
        return overlap(one[1:], other) or overlap(one, other[1:])
    if other[0] == "*":
        return overlap(other, one)
    return one[0] == other[0] and overlap(one[1:], other[1:])
