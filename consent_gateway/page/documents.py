"""What a document is to the browser that asked for it, and what it says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

from consent_gateway.messages import Request
from consent_gateway.page.grammar import ATTRIBUTES
from consent_gateway.page.insertions import prelude_end
from consent_gateway.page.reading import read_every
from consent_gateway.page.tags import Tag
from consent_gateway.urls import attribute_text


class Place(StrEnum):
    """Where an HTML response ends up."""

    PAGE = "page"
    FRAME = "frame"
    FRAGMENT = "fragment"


_FRAMES = frozenset(("iframe", "frame", "fencedframe", "embed", "object"))


def is_framed(request: Request) -> bool:
    """Whether a frame is led there, by Fetch Metadata; False as well where the browser does not send it."""
    return request.headers.get("sec-fetch-dest").strip().lower() in _FRAMES


def place_of(request: Request, data: bytes) -> Place:
    """By Fetch Metadata where the browser sends it (it does not on plain http); else by Accept and
    by whether the bytes begin like a whole document."""
    destination = request.headers.get("sec-fetch-dest").strip().lower()
    if destination:
        if destination == "document":
            return Place.PAGE
        return Place.FRAME if is_framed(request) else Place.FRAGMENT
    if request.headers.get("x-requested-with").lower() == "xmlhttprequest":
        return Place.FRAGMENT
    if request.method == "HEAD":
        return Place.PAGE  # there is nothing to look at: the answer is that of a page
    if "text/html" in request.headers.get("accept").lower() or prelude_end(data) > 0:
        return Place.PAGE
    return Place.FRAGMENT


_BASE = re.compile(rb"<(?:[^\s<>/:]+:)?base[\s/>]", re.I)


def has_base(data: bytes) -> bool:
    """Whether relative addresses may be relative to something else than the page's own: also where
    only some browser sees the element."""
    return b"base" in data.lower() and _BASE.search(data) is not None


_HTML_TAG = re.compile(rb"<html(?=[ \t\n\r\f/>])(" + ATTRIBUTES + rb")>", re.I)
_LANG = re.compile(rb"(?:^|[ \t\n\r\f/])(?:xml:)?lang[ \t\n\r\f]*=[ \t\n\r\f]*[\"']?([a-zA-Z]{1,8})", re.I)


def language_of(data: bytes) -> str:
    """The primary subtag of the page's `<html lang>`; empty without one."""
    tag = _HTML_TAG.search(data, 0, 4096)
    found = _LANG.search(tag[1]) if tag else None
    return found[1].decode("ascii").lower() if found else ""


def canonical_of(head: bytes) -> str:
    """The address under which a page with this head wants to be known (RFC 6596); empty without one."""
    for link in _seen(head, b"link"):
        values = {one.name: head[one.value_start : one.value_end] for one in link.attributes(head).values()}
        if b"canonical" in values.get(b"rel", b"").lower().split():
            return attribute_text(values.get(b"href", b"").decode("utf-8", "replace")).strip()
    return ""


def title_of(head: bytes) -> str:
    """The title of a page with this head; empty without one, and where its encoding is not UTF-8."""
    title = next(_seen(head, b"title"), None)
    text = attribute_text(head[title.end : title.body_end].decode("utf-8", "replace")) if title else ""
    return "" if "\ufffd" in text else " ".join(text.split())


def _seen(head: bytes, name: bytes) -> Iterator[Tag]:
    """The tags of a name that count in a head for whoever runs scripts."""
    tags = (tag for tag in read_every(head) if tag.name == name)
    return (tag for tag in tags if not (tag.foreign or tag.noscript or tag.template))
