"""Start tags of a document with their byte positions, as the HTML standard's tokenizer sees them.

One pass of compiled expressions over the bytes (grammar.py). Tags that can make no browser fetch
anything are skipped inside the expression; the rest is yielded.
Sections named in comments are those of https://html.spec.whatwg.org/multipage/parsing.html.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from consent_gateway.page.grammar import (
    ATTRIBUTE,
    BREAKOUT_NAMES,
    DOUBLE_ESCAPED,
    ESCAPED,
    FONT_ATTRIBUTES,
    FOREIGN,
    HTML,
    LONGEST_DOUBTFUL_TAG,
    MATH_HTML_NAMES,
    NESTED,
    RAW_END,
    RAW_TEXT_NAMES,
    START_TAG,
    SVG_HTML_NAMES,
    XML,
)


@dataclass(frozen=True, slots=True)
class Attribute:
    """Where an attribute stands: its name, and its value without quotes (empty span: no value)."""

    name: bytes
    name_start: int
    value_start: int
    value_end: int


@dataclass(slots=True)
class Tag:
    """A tag. `name` is in lower case, an end tag's begins with a slash.

    `body_end` is where the raw text after a start tag ends (the offset of its end tag), None where
    the element has no raw text; `closed` says whether that end tag is there. `doubtful` ones are
    perhaps none: nothing but an attribute of theirs may be edited.
    """

    name: bytes
    start: int
    end: int
    attributes_start: int
    foreign: bool = False
    noscript: bool = False
    template: bool = False
    doubtful: bool = False
    body_end: int | None = None
    closed: bool = True

    def every_attribute(self, data: bytes) -> Iterator[Attribute]:
        """Its attributes in order, duplicates included; names in lower case."""
        for match in ATTRIBUTE.finditer(data, self.attributes_start, self.end):
            group = match.lastindex or 1
            start, end = match.span(group) if group > 1 else (match.end(), match.end())
            yield Attribute(match[1].lower(), match.start(1), start, end)

    def attributes(self, data: bytes) -> dict[bytes, Attribute]:
        """Its attributes by lower-case name; of duplicates the first counts (13.2.5.33)."""
        found: dict[bytes, Attribute] = {}
        for attribute in self.every_attribute(data):
            found.setdefault(attribute.name, attribute)
        return found

    def element_end(self, data: bytes) -> int:
        """The offset after the end tag of an element with raw text, or after its text."""
        if self.body_end is None:
            return self.end
        if not self.closed:
            return self.body_end
        close = data.find(b">", self.body_end)
        return len(data) if close < 0 else close + 1


def script_text_end(data: bytes, start: int, end: int) -> int:
    """The offset of the `</script` that ends the text from `start`; -1 if there is none.

    13.2.5.17 ff.: inside `<!--` a nested `<script` hides one `</script`.
    """
    position = start
    closing = -1
    while True:
        if closing < position:
            found = RAW_END[b"script"].search(data, position, end)
            if not found:
                return -1
            closing = found.start()
        opening = data.find(b"<!--", position, closing)
        if opening < 0:
            return closing
        position = opening + 2  # "-->" may share its dashes with "<!--"
        double = False
        while True:
            match = (DOUBLE_ESCAPED if double else ESCAPED).search(data, position, end)
            if not match:
                return -1
            position = match.end()
            if data[match.start()] == 0x2D:
                break
            if double:
                double = False
            elif match[1]:
                return match.start()
            else:
                double = True


class Tokens:
    """A reading of one HTML document; iterate over it for its tags, in order.

    Afterwards `uncertain` says that browsers may disagree about what is markup, `scanned_ahead`
    that the scanner which fetches ahead of Chromium's parser, and knows neither svg nor math, may
    find other tags (measured on Chromium 156), and `finished_in_text` whether the document ends
    outside of tag, comment and raw text. `foreign` off is the reading of that scanner.
    """

    def __init__(self, data: bytes, *, foreign: bool = True) -> None:
        self.data = data
        self.uncertain = False
        self.scanned_ahead = False
        self.finished_in_text = True
        self._foreign_rules = foreign
        self._has_sections = b"<![CDATA[" in data

    def __iter__(self) -> Iterator[Tag]:
        return self._read(0, len(self.data), noscript=False)

    def _read(self, position: int, end: int, *, noscript: bool) -> Iterator[Tag]:
        data = self.data
        stack: list[Foreign] = []
        templates = 0
        in_select = False
        while position < end:
            context = stack[-1].namespace if stack else b""
            pattern = HTML if not context else NESTED if context == b"html" else FOREIGN
            match = pattern.match(data, position, end)
            if match is None or match[1] is None:
                # Nothing more, or an unterminated tag or comment, which is dropped (13.2.5).
                reached = match.end() if match else position
                self.finished_in_text = reached == end
                break
            name = match[1].lower()
            tag = Tag(name, match.start(1) - 1, match.end(), match.start(2), noscript=noscript)
            position = match.end()
            if name == b"/template":
                templates = max(0, templates - 1)
            if name == b"/select":
                in_select = False
            tag.template = templates > 0
            if context and self._foreign(tag, stack):
                if tag.foreign:
                    # Their text is read as markup (13.2.6.5), so the walk goes on inside it.
                    if name in (b"script", b"style") and data[position - 2] != 0x2F:
                        self._raw_text(tag, end)
                    yield tag
                continue
            if name[:1] == b"/":
                yield tag
                continue
            if name == b"template":
                templates += 1
            elif name == b"select":
                in_select = True
            elif name in (b"svg", b"math"):
                if data[position - 2] != 0x2F and self._foreign_rules:
                    stack.append(Foreign(name, name))
                    self.scanned_ahead |= self._has_sections
            elif name in RAW_TEXT_NAMES and not (name == b"noscript" and noscript):
                # Until 2025 parsers ignored most of these tags inside <select>.
                self.uncertain |= in_select and name not in (b"script", b"textarea")
                if name == b"plaintext":
                    self.finished_in_text = False
                    break
                self._raw_text(tag, end)
                assert tag.body_end is not None
                yield tag
                if name == b"noscript":
                    yield from self._inside_noscript(tag.end, tag.body_end)
                position = tag.body_end
                if not tag.closed:
                    self.finished_in_text = False
                    break
                continue
            yield tag
        self.uncertain |= bool(stack)

    def _inside_noscript(self, start: int, end: int) -> Iterator[Tag]:
        """The tags a browser without scripting finds there. If they do not end where the text does,
        all that follows reads differently for it."""
        yield from self._read(start, end, noscript=True)
        self.uncertain |= not self.finished_in_text
        self.finished_in_text = True

    def _raw_text(self, tag: Tag, end: int) -> None:
        if tag.name == b"script":
            found = script_text_end(self.data, tag.end, end)
        else:
            match = RAW_END[tag.name].search(self.data, tag.end, end)
            found = match.start() if match else -1
        tag.closed = found >= 0
        tag.body_end = found if found >= 0 else end

    def _foreign(self, tag: Tag, stack: list[Foreign]) -> bool:
        """Whether the tag is dealt with inside svg or math; `stack` follows it (13.2.6.5)."""
        name, namespace = tag.name, stack[-1].namespace
        if name[:1] == b"/":
            self._leave(name[1:], stack)
            return namespace != b"html"
        if namespace == b"html":
            return False
        if name in BREAKOUT_NAMES or (name == b"font" and FONT_ATTRIBUTES & tag.attributes(self.data).keys()):
            while stack and stack[-1].namespace != b"html":
                stack.pop()
            return False
        tag.foreign = True
        self.scanned_ahead |= name in RAW_TEXT_NAMES
        if self.data[tag.end - 2] == 0x2F:
            return True
        if name in (b"svg", b"math"):
            stack.append(Foreign(namespace, name))  # math inside svg is an element of svg
        elif self._is_integration_point(tag, namespace):
            stack.append(Foreign(b"html", name))
        return True

    def _leave(self, name: bytes, stack: list[Foreign]) -> None:
        if stack[-1].namespace != b"html":
            if name == stack[-1].name:
                stack.pop()
            elif name in (b"p", b"br"):
                while stack and stack[-1].namespace != b"html":
                    stack.pop()
        elif any(name == opened.name for opened in stack):
            while stack.pop().name != name:
                pass

    def _is_integration_point(self, tag: Tag, namespace: bytes) -> bool:
        if namespace == b"svg":
            return tag.name in SVG_HTML_NAMES
        if tag.name == b"annotation-xml":
            encoding = tag.attributes(self.data).get(b"encoding")
            value = self.data[encoding.value_start : encoding.value_end].lower() if encoding else b""
            return value in (b"text/html", b"application/xhtml+xml")
        return tag.name in MATH_HTML_NAMES


class Foreign(NamedTuple):
    """An open element of svg or math. What it contains is in `namespace`: its own, or html at the
    points where the two are integrated."""

    namespace: bytes
    name: bytes


@dataclass(frozen=True, slots=True)
class Reading:
    """The tags of a document in order of position, for every browser.

    `certain` is False where browsers may disagree about what is markup: then everything that could
    be a tag is among them.
    """

    tags: list[Tag]
    finished_in_text: bool
    certain: bool


def read(data: bytes) -> Reading:
    """Reads an HTML document; tags that can make no browser fetch anything are left out."""
    tokens = Tokens(data)
    tags = list(tokens)
    others: Iterable[Tag] = ()
    if tokens.uncertain:
        others = anything_like_a_tag(data)
    elif tokens.scanned_ahead:
        others = Tokens(data, foreign=False)
    if others:
        known = {tag.start for tag in tags}
        for tag in others:
            if tag.start not in known:
                tag.doubtful = True
                tags.append(tag)
        tags.sort(key=lambda tag: tag.start)
    return Reading(tags, tokens.finished_in_text, not tokens.uncertain)


def anything_like_a_tag(data: bytes) -> Iterator[Tag]:
    """Every start tag that any reading of the document could find, up to a length."""
    position = data.find(b"<")
    while position >= 0:
        match = START_TAG.match(data, position, position + LONGEST_DOUBTFUL_TAG)
        if match:
            yield Tag(match[1].lower(), position, match.end(), match.start(2))
        position = data.find(b"<", position + 1)


def read_xml(data: bytes) -> Reading:
    """Reads an XML document (XHTML, SVG); names come without their namespace prefix."""
    tags: list[Tag] = []
    position = 0
    while True:
        match = XML.match(data, position)
        if match is None or match[1] is None:
            return Reading(tags, match is not None and match.end() == len(data), True)
        position = match.end()
        name = match[1].rpartition(b":")[2].lower()
        tag = Tag(name, match.start(1) - 1, match.end(), match.start(2))
        if data[position - 2] == 0x2F:
            tag.body_end, tag.closed = position, False
        elif name in (b"script", b"style", b"iframe"):
            end = RAW_END[name].search(data, position)
            tag.closed = end is not None
            tag.body_end = end.start() if end else len(data)
        tags.append(tag)
