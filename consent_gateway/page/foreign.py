"""Inside svg and math, where tags mean something else (HTML standard 13.2.6.5)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from consent_gateway.page.grammar import (
    BREAKOUT_NAMES,
    FONT_ATTRIBUTES,
    HTML_END_NAMES,
    IMPLIED_END_NAMES,
    MATH_HTML_NAMES,
    SVG_HTML_NAMES,
    VOID_NAMES,
)
from consent_gateway.page.tags import Tag

_DEEPEST_IMPLIED = 16


@dataclass(slots=True)
class Foreign:
    """An open element of svg or math. What it contains is in `namespace`: its own, or html at the
    points where the two are integrated; `inside` are the open HTML elements there."""

    namespace: bytes
    name: bytes
    inside: list[bytes] = field(default_factory=list)


class Nesting:
    """The open elements of svg and math, followed tag by tag.

    `disputed` says that an end tag came that may leave svg or not: while HTML elements were open
    inside, or one of an HTML element that may be open around it.
    """

    def __init__(self) -> None:
        self.disputed = False
        self._open: list[Foreign] = []
        self._names: Counter[bytes] = Counter()

    @property
    def context(self) -> bytes:
        """The namespace the next tag is in; empty outside of svg and math."""
        return self._open[-1].namespace if self._open else b""

    @property
    def allows_sections(self) -> bool:
        """Whether `<![CDATA[` opens one: in svg and math, and directly in what integrates html (13.2.5.42)."""
        return bool(self._open) and not self._open[-1].inside

    def enter(self, name: bytes) -> None:
        """After the start tag of svg or math."""
        self._push(name, name)

    def take(self, tag: Tag, data: bytes) -> bool:
        """Whether the tag is dealt with inside; marks it, and follows it."""
        name, namespace = tag.name, self._open[-1].namespace
        if name[:1] == b"/":
            self._leave(name[1:])
            return namespace != b"html"
        if namespace == b"html":
            self._follow(name)
            return False
        if name in BREAKOUT_NAMES or (name == b"font" and FONT_ATTRIBUTES & tag.attributes(data).keys()):
            self._leave_all()
            if self._open:
                self._follow(name)
            return False
        tag.foreign = True
        if data[tag.end - 2] == 0x2F:
            return True
        if name in (b"svg", b"math"):
            self._push(namespace, name)  # math inside svg is an element of svg
        elif _is_integration_point(tag, data, namespace):
            self._push(b"html", name)
        return True

    def _push(self, namespace: bytes, name: bytes) -> None:
        self._open.append(Foreign(namespace, name))
        self._names[name] += 1

    def _pop(self) -> bytes:
        name = self._open.pop().name
        self._names[name] -= 1
        return name

    def _follow(self, name: bytes) -> None:
        if name not in VOID_NAMES and name not in (b"svg", b"math"):
            self._open[-1].inside.append(name)

    def _leave(self, name: bytes) -> None:
        inside = self._open[-1].inside
        if self._open[-1].namespace != b"html":
            if name == self._open[-1].name:
                self._pop()
            elif name in (b"p", b"br"):
                self._leave_all()
            else:
                self.disputed |= name in HTML_END_NAMES
        elif reached := _closes(name, inside):
            del inside[-reached:]
        elif self._names[name]:
            self.disputed |= bool(inside)
            while self._pop() != name:
                pass

    def _leave_all(self) -> None:
        while self._open and self._open[-1].namespace != b"html":
            self._pop()


def _closes(name: bytes, inside: list[bytes]) -> int:
    """How many of the open elements an end tag closes, if it closes them in every parser."""
    for count, opened in enumerate(reversed(inside[-_DEEPEST_IMPLIED:]), start=1):
        if opened == name:
            return count
        if opened not in IMPLIED_END_NAMES:
            return 0
    return 0


def _is_integration_point(tag: Tag, data: bytes, namespace: bytes) -> bool:
    if namespace == b"svg":
        return tag.name in SVG_HTML_NAMES
    if tag.name == b"annotation-xml":
        encoding = tag.attributes(data).get(b"encoding")
        value = data[encoding.value_start : encoding.value_end].lower() if encoding else b""
        return value in (b"text/html", b"application/xhtml+xml")
    return tag.name in MATH_HTML_NAMES
