"""Start tags of an HTML document with their byte positions, as the HTML standard's tokenizer sees them.

One pass of compiled expressions over the bytes. Tags that can make no browser fetch anything are
skipped inside the expression; the rest is yielded. Every quantifier over the document is
possessive, so the time is linear in its size, whatever it contains.
Sections named in comments are those of https://html.spec.whatwg.org/multipage/parsing.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

WS = rb"[ \t\n\r\f]"
NAME = rb"[a-zA-Z][^ \t\n\r\f/>]*+"
_QUOTED = rb"\"[^\"]*+\"|'[^']*+'"
_VALUE = rb"[ \t\n\r\f]*+=[ \t\n\r\f]*+(?:" + _QUOTED + rb"|[^ \t\n\r\f>\"'][^ \t\n\r\f>]*+|(?=>))"
_NO_VALUE = rb"(?![ \t\n\r\f]*+=)"
ATTRIBUTES = (
    rb"(?:[ \t\n\r\f/]++"
    rb"|[^ \t\n\r\f/>][^ \t\n\r\f/>=]*+(?:" + _VALUE + rb"|" + _NO_VALUE + rb"))*+"
)
# Attributes that make no element fetch anything but those in _STOP: tags that have only such are
# skipped. Names are compared by how they begin; the lazy-loading ones may have any prefix.
_LOUD = (
    rb"(?!(?:[sS][tTrR]|[pP][iIoO]|[bB][aA]|[dD][aA][tT][aA]-[^ \t\n\r\f/>=]*?"
    rb"(?:[sS][rR][cC]|[lL][aA][zZ]|[bB][gG]|[bB][aA][cC][kK]|[oO][rR][iI]|[uU][rR][lL]|[pP][oO][sS]|[iI][mM])))"
)
_QUIET_ATTRIBUTES = (
    rb"(?:[ \t\n\r\f/]++"
    rb"|" + _LOUD + rb"[^ \t\n\r\f/>][^ \t\n\r\f/>=]*+(?:" + _VALUE + rb"|" + _NO_VALUE + rb"))*+"
)
_NAME_END = rb"(?=[ \t\n\r\f/>])"


def _caseless(word: str) -> bytes:
    return b"".join(
        b"[%c%c]" % (ord(letter), ord(letter.upper())) if letter.isalpha() else re.escape(letter.encode())
        for letter in word
    )


def _any_of(words: tuple[str, ...]) -> bytes:
    """One of the words, in any case, as a whole tag name; factored by first letter for speed."""
    by_letter: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        by_letter.setdefault(word[0], []).append(word[1:])
    groups = (
        _caseless(letter) + b"(?:" + b"|".join(_caseless(rest) for rest in rests) + b")"
        for letter, rests in sorted(by_letter.items())
    )
    return b"(?:" + b"|".join(groups) + b")" + _NAME_END


RAW_TEXT = ("style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "noscript")
_STOP = (
    "script", "plaintext", "svg", "math", "select", "template", "html", "head", "body",
    "frameset", "frame", "base", "meta", "link", "img", "image", "source", "video", "audio",
    "track", "object", "embed", "input", "portal", "fencedframe", *RAW_TEXT,
)  # fmt: skip
_STOP_END = ("select", "template", "head", "body", "html")
# 13.2.6.5 "The rules for parsing tokens in foreign content": start tags that leave it.
_BREAKOUT = (
    "b", "big", "blockquote", "body", "br", "center", "code", "dd", "div", "dl", "dt", "em", "embed",
    "h1", "h2", "h3", "h4", "h5", "h6", "head", "hr", "i", "img", "li", "listing", "menu", "meta", "nobr",
    "ol", "p", "pre", "ruby", "s", "small", "span", "strong", "strike", "sub", "sup", "table", "tt", "u",
    "ul", "var",
)  # fmt: skip
_SVG_HTML = ("foreignobject", "desc", "title")
_MATH_HTML = ("mi", "mo", "mn", "ms", "mtext")
_INTEGRATION = (*_SVG_HTML, *_MATH_HTML, "annotation-xml")

# 13.2.5.42 ff.: "<!-->" and "<!--->" are whole comments; "-->" and "--!>" end one.
_COMMENT = rb"!--(?:-?+>|(?:[^-]++|-(?!-!?>))*+--!?+>)"
_BOGUS = rb"\?[^>]*+>|/(?![a-zA-Z])[^>]*+>|(?![a-zA-Z/!?])"
_CAPTURE = rb"(?:<(/?+" + NAME + rb")(" + ATTRIBUTES + rb")>)?+"


def _walk(stop: tuple[str, ...], stop_end: tuple[str, ...], *, cdata: bool) -> re.Pattern[bytes]:
    """Skips text, comments and what `stop` and _LOUD let pass; captures the tag after that."""
    quiet = rb"(?!" + _any_of(stop) + rb")" + NAME + _QUIET_ATTRIBUTES + rb">|" if stop else b""
    end_tag = rb"/" + (rb"(?!" + _any_of(stop_end) + rb")" if stop_end else b"") + NAME + ATTRIBUTES + rb">"
    section = rb"!\[CDATA\[(?:[^\]]++|\](?!\]>))*+\]\]>|" if cdata else b""
    declaration = rb"!(?!--|\[CDATA\[)[^>]*+>" if cdata else rb"!(?!--)[^>]*+>"
    markup = quiet + end_tag + rb"|" + section + _COMMENT + rb"|" + declaration + rb"|" + _BOGUS
    return re.compile(rb"(?:[^<]++|<(?:" + markup + rb"))*+" + _CAPTURE, re.S)


_HTML = _walk(_STOP, _STOP_END, cdata=False)
_NESTED = _walk(_STOP, (*_STOP_END, *_INTEGRATION, "svg", "math"), cdata=False)
_FOREIGN = _walk(
    (*_BREAKOUT, *_INTEGRATION, "svg", "math", "script", "style", "font", "image", "use", "feimage"),
    ("p", "br", "svg", "math"),
    cdata=True,
)
_XML = _walk((), (), cdata=True)
_RAW_END = {word.encode(): re.compile(rb"</" + _caseless(word) + _NAME_END) for word in (*RAW_TEXT, "script")}
_ESCAPED = re.compile(rb"-->|<(/?)" + _caseless("script") + _NAME_END)
_DOUBLE_ESCAPED = re.compile(rb"-->|</" + _caseless("script") + _NAME_END)
_ATTRIBUTE = re.compile(
    rb"[ \t\n\r\f/]*+([^ \t\n\r\f/>][^ \t\n\r\f/>=]*+)"
    rb"(?:[ \t\n\r\f]*+=[ \t\n\r\f]*+(?:\"([^\"]*+)\"|'([^']*+)'|([^ \t\n\r\f>\"'][^ \t\n\r\f>]*+)|(?=>))"
    rb"|(?![ \t\n\r\f]*+=))"
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
    the element has no raw text; `closed` says whether that end tag is there.
    """

    name: bytes
    start: int
    end: int
    attributes_start: int
    foreign: bool = False
    noscript: bool = False
    template: bool = False
    body_end: int | None = None
    closed: bool = True

    def every_attribute(self, data: bytes) -> Iterator[Attribute]:
        """Its attributes in order, duplicates included; names in lower case."""
        for match in _ATTRIBUTE.finditer(data, self.attributes_start, self.end - 1):
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
            found = _RAW_END[b"script"].search(data, position, end)
            if not found:
                return -1
            closing = found.start()
        opening = data.find(b"<!--", position, closing)
        if opening < 0:
            return closing
        position = opening + 2  # "-->" may share its dashes with "<!--"
        double = False
        while True:
            match = (_DOUBLE_ESCAPED if double else _ESCAPED).search(data, position, end)
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

    `scripting` chooses between a browser that runs scripts, for which `<noscript>` is text, and
    one that does not. Afterwards `unclean` says that the two readings drift apart, and
    `finished_in_text` that the document ends outside of tag, comment and raw text.
    """

    def __init__(self, data: bytes, *, scripting: bool = True) -> None:
        self.data = data
        self.unclean = False
        self.finished_in_text = True
        self._scripting = scripting

    def __iter__(self) -> Iterator[Tag]:
        return self._read(0, len(self.data), noscript=False, in_select=False)

    def _read(self, position: int, end: int, *, noscript: bool, in_select: bool) -> Iterator[Tag]:
        data = self.data
        stack: list[bytes] = []  # open foreign elements; b"html" stands for an integration point
        templates = 0
        while position < end:
            context = stack[-1] if stack else b""
            pattern = _HTML if not context else _NESTED if context == b"html" else _FOREIGN
            match = pattern.match(data, position, end)
            if match is None or match[1] is None:
                # Nothing more, or an unterminated tag or comment, which is dropped (13.2.5).
                reached = match.end() if match else position
                self.finished_in_text = reached == end
                return
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
                if data[position - 2] != 0x2F:
                    stack.append(name)
            elif name == b"plaintext":
                # Old parsers drop it inside <select>, so there the rest may be markup.
                if not in_select:
                    self.finished_in_text = False
                    return
            elif name == b"noscript" and (noscript or not self._scripting):
                tag.noscript = True
            elif name in _RAW_END:
                self._raw_text(tag, end)
                assert tag.body_end is not None
                if name == b"noscript":
                    inner = self._read(tag.end, tag.body_end, noscript=True, in_select=False)
                    yield from self._clean(inner)
                elif in_select and name not in (b"script", b"textarea"):
                    # Until 2025 parsers ignored these tags inside <select>: read what they hold.
                    yield from self._clean(
                        self._read(tag.end, tag.body_end, noscript=noscript, in_select=True)
                    )
                yield tag
                position = tag.body_end
                if not tag.closed:
                    self.finished_in_text = False
                    return
                continue
            yield tag

    def _clean(self, tags: Iterator[Tag]) -> Iterator[Tag]:
        yield from tags
        if not self.finished_in_text:
            self.unclean = True
        self.finished_in_text = True

    def _raw_text(self, tag: Tag, end: int) -> None:
        if tag.name == b"script":
            found = script_text_end(self.data, tag.end, end)
        else:
            match = _RAW_END[tag.name].search(self.data, tag.end, end)
            found = match.start() if match else -1
        tag.closed = found >= 0
        tag.body_end = found if found >= 0 else end

    def _foreign(self, tag: Tag, stack: list[bytes]) -> bool:
        """Whether the tag is dealt with inside svg or math; `stack` follows it (13.2.6.5)."""
        name, context = tag.name, stack[-1]
        if name[:1] == b"/":
            self._leave(name[1:], stack)
            return context != b"html"
        if context == b"html":
            return False
        self_closing = self.data[tag.end - 2] == 0x2F
        if name in _BREAKOUT_NAMES or (name == b"font" and _FONT & tag.attributes(self.data).keys()):
            while stack and stack[-1] != b"html":
                stack.pop()
            return False
        tag.foreign = True
        if self_closing:
            return True
        if name in (b"svg", b"math"):
            stack.append(name)
        elif self._is_integration_point(tag, context):
            stack.append(b"html")
        return True

    def _leave(self, name: bytes, stack: list[bytes]) -> None:
        if stack[-1] == b"html":
            if name in (b"svg", b"math"):
                if name in stack:
                    while stack.pop() != name:
                        pass
            elif name in _INTEGRATION_NAMES and len(stack) > 1:
                stack.pop()
        elif name == stack[-1]:
            stack.pop()
        elif name in (b"p", b"br"):
            while stack and stack[-1] != b"html":
                stack.pop()

    def _is_integration_point(self, tag: Tag, context: bytes) -> bool:
        if context == b"svg":
            return tag.name in _SVG_HTML_NAMES
        if tag.name == b"annotation-xml":
            encoding = tag.attributes(self.data).get(b"encoding")
            value = self.data[encoding.value_start : encoding.value_end].lower() if encoding else b""
            return value in (b"text/html", b"application/xhtml+xml")
        return tag.name in _MATH_HTML_NAMES


_BREAKOUT_NAMES = frozenset(word.encode() for word in _BREAKOUT)
_INTEGRATION_NAMES = frozenset(word.encode() for word in _INTEGRATION)
_SVG_HTML_NAMES = frozenset(word.encode() for word in _SVG_HTML)
_MATH_HTML_NAMES = frozenset(word.encode() for word in _MATH_HTML)
_FONT = {b"color", b"face", b"size"}


@dataclass(frozen=True, slots=True)
class Reading:
    """The tags of a document in order of position, for browsers with and without scripting."""

    tags: list[Tag]
    finished_in_text: bool
    certain: bool


def read(data: bytes) -> Reading:
    """Reads an HTML document; tags that can make no browser fetch anything are left out.

    `certain` is False where browsers with and without scripting disagree about what is markup.
    """
    tokens = Tokens(data)
    tags = list(tokens)
    if tokens.unclean:
        known = {(tag.start, tag.name) for tag in tags}
        other = Tokens(data, scripting=False)
        tags += [tag for tag in other if (tag.start, tag.name) not in known]
        tags.sort(key=lambda tag: tag.start)
    return Reading(tags, tokens.finished_in_text, not tokens.unclean)


def read_xml(data: bytes) -> Reading:
    """Reads an XML document (XHTML, SVG); names come without their namespace prefix."""
    tags: list[Tag] = []
    position = 0
    while True:
        match = _XML.match(data, position)
        if match is None or match[1] is None:
            return Reading(tags, match is not None and match.end() == len(data), True)
        position = match.end()
        name = match[1].rpartition(b":")[2].lower()
        tag = Tag(name, match.start(1) - 1, match.end(), match.start(2))
        if name in (b"script", b"style", b"iframe") and data[position - 2] != 0x2F:
            end = _RAW_END[name].search(data, position)
            tag.closed = end is not None
            tag.body_end = end.start() if end else len(data)
        tags.append(tag)
