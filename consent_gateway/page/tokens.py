"""Start tags of a document with their byte positions, as the HTML standard's tokenizer sees them.

One pass of compiled expressions over the bytes (grammar.py). Tags that can make no browser fetch
anything are skipped inside the expression; the rest is yielded.
Sections named in comments are those of https://html.spec.whatwg.org/multipage/parsing.html.
"""

from __future__ import annotations

from collections.abc import Iterator

from consent_gateway.page.foreign import Nesting
from consent_gateway.page.grammar import (
    DOUBLE_ESCAPED,
    ESCAPED,
    EVERY,
    EVERY_FOREIGN,
    FOREIGN,
    HTML,
    RAW_END,
    RAW_TEXT_NAMES,
)
from consent_gateway.page.tags import Tag


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


def _end_texts(texts: dict[bytes, Tag], tag: Tag, *, all: bool) -> None:
    """Ends those that the tag ends; none goes beyond the next tag of its kind."""
    kind = tag.name.removeprefix(b"/")
    for ended in list(texts.values()) if all else [texts[kind]] if kind in texts else []:
        ended.body_end, ended.closed = tag.start, tag.name == b"/" + ended.name
        del texts[ended.name]


class Tokens:
    """A reading of one HTML document; iterate over it for its tags, in order.

    Afterwards `uncertain` says that browsers may disagree about what is markup, `scanned_ahead`
    that the scanner which fetches ahead of Chromium's parser, and knows neither svg nor math, may
    find other tags (measured on Chromium 156), and `finished_in_text` whether the document ends
    outside of tag, comment and raw text. `foreign` off is the reading of that scanner, `every` on
    leaves no tag out.
    """

    def __init__(self, data: bytes, *, foreign: bool = True, every: bool = False) -> None:
        self.data = data
        self.uncertain = False
        self.scanned_ahead = False
        self.finished_in_text = True
        self._foreign_rules = foreign
        self._in_html, self._in_foreign = (EVERY, EVERY_FOREIGN) if every else (HTML, FOREIGN)
        self._has_sections = b"<![CDATA[" in data

    def __iter__(self) -> Iterator[Tag]:
        return self._read(0, len(self.data), noscript=False)

    def _read(self, position: int, end: int, *, noscript: bool) -> Iterator[Tag]:
        data = self.data
        nesting = Nesting()
        templates = 0
        in_select = in_frameset = False
        texts: dict[bytes, Tag] = {}  # scripts and styles in svg, whose text is read as markup (13.2.6.5)
        while position < end:
            context = nesting.context
            pattern = self._in_html if not context else self._in_foreign
            if context == b"html":
                pattern = EVERY_FOREIGN if nesting.allows_sections else EVERY
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
            taken = bool(context) and nesting.take(tag, data)
            if texts:
                _end_texts(texts, tag, all=nesting.context in (b"", b"html"))
            if taken:
                if tag.foreign:
                    self.scanned_ahead |= name in RAW_TEXT_NAMES and not self._is_only_text(tag)
                    if name in (b"script", b"style") and data[position - 2] != 0x2F:
                        texts[name] = tag
                        tag.body_end, tag.closed = end, False
                    yield tag
                continue
            if name[:1] == b"/":
                yield tag
                continue
            if name == b"template":
                templates += 1
            elif name == b"select":
                in_select = True
            elif name == b"frameset":
                in_frameset = True
            elif name in (b"svg", b"math"):
                if data[position - 2] != 0x2F and self._foreign_rules:
                    nesting.enter(name)
                    self.scanned_ahead |= self._has_sections
            elif name in RAW_TEXT_NAMES and not (name == b"noscript" and noscript):
                # Until 2025 parsers ignored most of these tags inside <select>.
                self.uncertain |= in_select and name not in (b"script", b"textarea")
                # 13.2.6.4.20: in a frameset they are ignored, and what follows is no text of theirs.
                self.uncertain |= in_frameset and name != b"noframes"
                if name == b"plaintext":
                    self.finished_in_text = False
                    yield tag
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
        self.uncertain |= bool(nesting.context) or nesting.disputed

    def _inside_noscript(self, start: int, end: int) -> Iterator[Tag]:
        """The tags a browser without scripting finds there. If they do not end where the text does,
        all that follows reads differently for it."""
        yield from self._read(start, end, noscript=True)
        self.uncertain |= not self.finished_in_text
        self.finished_in_text = True

    def _is_only_text(self, tag: Tag) -> bool:
        """Whether nothing but text is in it: then it does not matter who takes that for markup."""
        following = self.data.find(b"<", tag.end)
        end = RAW_END.get(tag.name)
        if self.data[tag.end - 2] == 0x2F or end is None or following < 0:
            return False
        return end.match(self.data, following) is not None

    def _raw_text(self, tag: Tag, end: int) -> None:
        if tag.name == b"script":
            found = script_text_end(self.data, tag.end, end)
        else:
            match = RAW_END[tag.name].search(self.data, tag.end, end)
            found = match.start() if match else -1
        tag.closed = found >= 0
        tag.body_end = found if found >= 0 else end
