"""Addresses in CSS: url(), @import and image-set(), found by the tokens of CSS Syntax."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from typing import NamedTuple

from consent_gateway.page.patterns import compiled

NOTHING = b"data:,"
NO_STYLES = b"data:text/css,"

# https://drafts.csswg.org/css-syntax-3/#tokenization
_ESCAPE = rb"\\(?:[0-9a-fA-F]{1,6}(?:\r\n|[ \t\n\r\f])?|\r\n|[^0-9a-fA-F])"
_NAME = rb"(?:[a-zA-Z0-9_-]|[^\x00-\x7f]|" + _ESCAPE + rb")++"
_COMMENT = rb"/\*(?:[^*]++|\*(?!/))*+(?:\*/)?"
_STRING = (
    rb"\"(?P<double>(?:[^\"\\\n\r\f]++|" + _ESCAPE + rb")*+)\"?"
    rb"|'(?P<single>(?:[^'\\\n\r\f]++|" + _ESCAPE + rb")*+)'?"
)
_TOKEN = compiled(
    _COMMENT + rb"|(?P<string>" + _STRING + rb")|@(?P<at>" + _NAME + rb")"
    rb"|(?P<function>" + _NAME + rb")\((?:[ \t\n\r\f]*+(?P<bare>(?:[^\"'()\\ \t\n\r\f]|" + _ESCAPE + rb")++)"
    rb"(?=[ \t\n\r\f]*(?:\)|\Z)))?"
    rb"|" + _NAME + rb"|(?P<open>\()|(?P<close>\))|(?P<end>[;{}])",
    re.S,
)  # fmt: skip
_FETCH = rb"(?:-webkit-)?image-set|image|url|src"
_RULE = rb"import|namespace|(?:-moz-)?document"
_PLAIN = rb"(?:[a-zA-Z0-9_-]|[^\x00-\x7f])++(?!\\)"
# Everything up to a function that fetches, an at-rule with an address, or a name with an escape in it.
_NEXT = compiled(
    rb"(?:[^\"'@a-zA-Z0-9_\\\x80-\xff/-]++|" + _COMMENT + rb"|/|" + _STRING.replace(b"?P<double>", b"?:").replace(b"?P<single>", b"?:")
    + rb"|(?!(?:" + _FETCH + rb")\()" + _PLAIN + rb"|@(?!(?:" + _RULE + rb")(?![a-zA-Z0-9_-]))(?:" + _PLAIN + rb"|(?![a-zA-Z0-9_\\\x80-\xff-])))*+"
    rb"(?:(?P<function>" + _NAME + rb")\(|@(?P<at>" + _NAME + rb")|" + _NAME + rb"|.|\Z)",
    re.S | re.I,
)  # fmt: skip
_ESCAPED = compiled(rb"\\(?:([0-9a-fA-F]{1,6})(?:\r\n|[ \t\n\r\f])?|(\r\n|[\n\r\f])|(.))", re.S)
_WORTH_READING = compiled(rb"url|import|image-set|src|\\", re.I)
_STRINGS_ARE_ADDRESSES = (b"url", b"src", b"image", b"image-set", b"-webkit-image-set")
_NAMES = (b"namespace", b"document", b"-moz-document")  # their addresses are names: nothing is fetched
# 4.3.14: an unquoted url() with anything else in it ends at the next parenthesis all the same.
_BAD_URL = compiled(rb"[ \t\n\r\f]*+(?![\"' \t\n\r\f])(?:[^)\\]++|\\.|\\\Z)*+\)?", re.S)


class CssAddress(NamedTuple):
    """An address in a style sheet: the span of its text without quotes, escapes resolved.

    `nothing` is an address of the same kind that leads nowhere.
    """

    start: int
    end: int
    value: bytes
    nothing: bytes


def addresses(css: bytes) -> Iterator[CssAddress]:
    """Every address a browser may fetch for this CSS, in order."""
    if not _WORTH_READING.search(css):
        return
    position = 0
    while position < len(css) and (match := _NEXT.match(css, position)):
        position = match.end()
        if match["function"] and _unescaped(match["function"]).lower() in _STRINGS_ARE_ADDRESSES:
            position = yield from _within(css, match.start("function"), b"")
        elif match["at"] and (rule := _unescaped(match["at"]).lower()) in (b"import", *_NAMES):
            position = yield from _within(css, position, rule)


def _within(css: bytes, position: int, rule: bytes) -> Generator[CssAddress, None, int]:
    """The addresses in a function's arguments, or in the prelude of an at-rule; where that ends."""
    functions: list[bool] = []  # of each open parenthesis: are strings in it addresses?
    while match := _TOKEN.search(css, position):
        position = match.end()
        kind = match.lastgroup
        if kind in ("double", "single", "string"):
            if rule == b"import" or (functions and functions[-1] and rule not in _NAMES):
                inner = "double" if match["double"] is not None else "single"
                yield _address(css, *match.span(inner), rule == b"import")
            if rule == b"import":
                rule = b""
        elif kind == "at":
            rule = _unescaped(match["at"]).lower()
        elif match["function"] is not None:
            name = _unescaped(match["function"]).lower()
            if match["bare"] is not None and name in (b"url", b"src") and rule not in _NAMES:
                yield _address(css, *match.span("bare"), rule == b"import")
            bad = _BAD_URL.match(css, position) if name == b"url" and match["bare"] is None else None
            if bad:
                position = bad.end()
            else:
                functions.append(name in _STRINGS_ARE_ADDRESSES)
        elif kind == "open":
            functions.append(bool(functions) and functions[-1])
        elif kind == "close" and functions:
            functions.pop()
        elif kind == "end":
            rule = b""
        if not functions and not rule:
            return position
    return len(css)


def _address(css: bytes, start: int, end: int, imports: bool) -> CssAddress:
    return CssAddress(start, end, _unescaped(css[start:end]), NO_STYLES if imports else NOTHING)


def _unescaped(text: bytes) -> bytes:
    return _ESCAPED.sub(_character, text) if b"\\" in text else text


def _character(match: re.Match[bytes]) -> bytes:
    if match[1]:
        code = int(match[1], 16)
        return chr(code).encode() if 0 < code < 0xD800 or 0xDFFF < code < 0x110000 else b"\xef\xbf\xbd"
    return match[3] or b""
