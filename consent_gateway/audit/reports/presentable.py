"""An audit as reports may show it: without queries, sessions and persons in addresses, without what a terminal obeys.

What is audited is written by strangers: the names of hosts, paths, cookies and fields of a page.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from hashlib import sha256
from typing import TypeVar

from consent_gateway.audit.findings import Audit

LONGEST = 400  # characters of one text; what is longer is told apart by its hash
ADDRESSES = {"page", "path", "host", "pages"}

# Control characters (C0, C1), lone surrogates and what is no character (Unicode 23.7); what is invisible or
# turns the direction of writing (Unicode 23.2, UTS #36 3.1.4).
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
_USER = re.compile(r"(?<=://)[^\s/?#]*@")
_QUERY = re.compile(r"\?\S+")
_FRAGMENT = re.compile(r"(?<=\S)#\S+")
_SESSION = re.compile(r";[^/;?#=\s]*=[^/;?#\s]*")  # such as ;jsessionid=…
# What in a path says who somebody is, or lets in whoever has it: an e-mail address, a JSON Web Token (RFC 7519),
# a segment that is a UUID or a long number in hexadecimal.
_PERSONAL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}(?:@|%40)(?:[\w-]+\.)+[a-z]{2,}"
    r"|(?<![\w-])eyJ[\w-]{8,}\.[\w-]+\.[\w-]*"
    r"|(?<=/)(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,})(?![\w.-])",
    re.I,
)

Value = TypeVar("Value")


def presentable(audit: Audit) -> Audit:
    """The same audit with every text of it made fit to be shown."""
    return _shown(audit, "")


def _shown(value: Value, name: str) -> Value:
    kind = type(value)
    if kind is str:
        return address(value) if name in ADDRESSES else text(value)  # type: ignore[return-value]
    if kind is tuple:
        return tuple(_shown(one, name) for one in value)  # type: ignore[attr-defined, return-value]
    if not (names := _names(kind)):  # type: ignore[arg-type] # classes can be hashed
        return value
    now = {name: getattr(value, name) for name in names}
    shown = {name: _shown(one, name) for name, one in now.items()}
    return value if shown == now else replace(value, **shown)  # type: ignore[type-var]


@lru_cache
def _names(kind: Hashable) -> tuple[str, ...]:
    """The fields of our values; none of anything else."""
    return tuple(one.name for one in fields(kind)) if is_dataclass(kind) else ()


@lru_cache(maxsize=1 << 16)
def address(value: str) -> str:
    """An address or a path: no user, no query, no fragment, no session."""
    plain = _USER.sub("", re.split(r"[?#]", _seen(value), maxsplit=1)[0])
    return _cut(_nobody(_SESSION.sub("", plain)))


@lru_cache(maxsize=1 << 16)
def text(value: str) -> str:
    """A sentence or an argument; addresses in it lose what they lose elsewhere. A question mark stays."""
    plain = _QUERY.sub("", _USER.sub("", _seen(value)))
    if "/" not in plain:
        return _cut(_SESSION.sub("", plain))
    return _cut(_nobody(_SESSION.sub("", _FRAGMENT.sub("", plain))))


def _nobody(value: str) -> str:
    """Without what says who somebody is; addresses that were different stay so."""
    return _PERSONAL.sub(lambda one: f"…{sha256(one[0].encode()).hexdigest()[:8]}", value)


def _seen(value: str) -> str:
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", re.sub(r"[\t\n\r]+", " ", value))


def _cut(value: str) -> str:
    if len(value) <= LONGEST:
        return value
    mark = sha256(value.encode("utf-8")).hexdigest()[:8]
    return f"{value[: LONGEST - 9]}…{mark}"
