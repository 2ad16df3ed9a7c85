"""Names of cookies as catalogue and site file write them: whole, or with `*` for any letters."""

from __future__ import annotations

import re
from functools import lru_cache

_NAME = re.compile(r"[\w!#$%&'*+.^`|~-]{1,100}", re.A)  # RFC 9110 5.6.2: a token
# Of storage any text is one (HTML standard 12.2.1). What looks like an e-mail address or a sentence is none to us.
_ITEM = re.compile(r"[^\s;=@\x00-\x20\x7f]{1,100}")
_ID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|[0-9a-fA-F]{16,}|[0-9]{5,}")


def is_name(text: str) -> bool:
    """Whether it can be the name of a cookie, or stand for several (RFC 6265 4.1.1)."""
    return _NAME.fullmatch(text) is not None


def is_item_name(text: str) -> bool:
    """Whether it can be the name of a cookie or of an item of storage that a site file declares."""
    return _ITEM.fullmatch(text) is not None and text.strip("*") != ""


def without_ids(text: str) -> str:
    """The name with a `*` for whatever in it looks like somebody's or something's number."""
    return _ID.sub("*", text)


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
