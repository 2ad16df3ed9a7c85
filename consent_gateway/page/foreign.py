"""Inside svg and math, where tags mean something else (HTML standard 13.2.6.5)."""

from __future__ import annotations

from typing import NamedTuple

from consent_gateway.page.grammar import BREAKOUT_NAMES, FONT_ATTRIBUTES, MATH_HTML_NAMES, SVG_HTML_NAMES
from consent_gateway.page.tags import Tag


class Foreign(NamedTuple):
    """An open element of svg or math. What it contains is in `namespace`: its own, or html at the
    points where the two are integrated."""

    namespace: bytes
    name: bytes


def taken(tag: Tag, data: bytes, stack: list[Foreign]) -> bool:
    """Whether the tag is dealt with inside svg or math; marks it, and `stack` follows it."""
    name, namespace = tag.name, stack[-1].namespace
    if name[:1] == b"/":
        _leave(name[1:], stack)
        return namespace != b"html"
    if namespace == b"html":
        return False
    if name in BREAKOUT_NAMES or (name == b"font" and FONT_ATTRIBUTES & tag.attributes(data).keys()):
        _leave_all(stack)
        return False
    tag.foreign = True
    if data[tag.end - 2] == 0x2F:
        return True
    if name in (b"svg", b"math"):
        stack.append(Foreign(namespace, name))  # math inside svg is an element of svg
    elif _is_integration_point(tag, data, namespace):
        stack.append(Foreign(b"html", name))
    return True


def _leave(name: bytes, stack: list[Foreign]) -> None:
    if stack[-1].namespace != b"html":
        if name == stack[-1].name:
            stack.pop()
        elif name in (b"p", b"br"):
            _leave_all(stack)
    elif any(name == opened.name for opened in stack):
        while stack.pop().name != name:
            pass


def _leave_all(stack: list[Foreign]) -> None:
    while stack and stack[-1].namespace != b"html":
        stack.pop()


def _is_integration_point(tag: Tag, data: bytes, namespace: bytes) -> bool:
    if namespace == b"svg":
        return tag.name in SVG_HTML_NAMES
    if tag.name == b"annotation-xml":
        encoding = tag.attributes(data).get(b"encoding")
        value = data[encoding.value_start : encoding.value_end].lower() if encoding else b""
        return value in (b"text/html", b"application/xhtml+xml")
    return tag.name in MATH_HTML_NAMES
