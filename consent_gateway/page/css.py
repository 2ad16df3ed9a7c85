"""Addresses in CSS: url(), @import and image-set(), found by the tokens of CSS Syntax."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

NOTHING = b"data:,"
NO_STYLES = b"data:text/css,"

# https://drafts.csswg.org/css-syntax-3/#tokenization
_ESCAPE = rb"\\(?:[0-9a-fA-F]{1,6}(?:\r\n|[ \t\n\r\f])?|\r\n|[^0-9a-fA-F])"
_NAME = rb"(?:[a-zA-Z0-9_-]|[^\x00-\x7f]|" + _ESCAPE + rb")++"
_TOKEN = re.compile(
    rb"/\*(?:[^*]++|\*(?!/))*+(?:\*/)?"
    rb"|(?P<string>\"(?P<double>(?:[^\"\\\n\r\f]++|" + _ESCAPE + rb")*+)\"?"
    rb"|'(?P<single>(?:[^'\\\n\r\f]++|" + _ESCAPE + rb")*+)'?)"
    rb"|@(?P<at>" + _NAME + rb")"
    rb"|(?P<function>" + _NAME + rb")\((?:[ \t\n\r\f]*+(?P<bare>(?:[^\"'()\\ \t\n\r\f]|" + _ESCAPE + rb")++)"
    rb"(?=[ \t\n\r\f]*(?:\)|\Z)))?"
    rb"|" + _NAME + rb"|(?P<open>\()|(?P<close>\))|(?P<end>[;{}])",
    re.S,
)  # fmt: skip
_ESCAPED = re.compile(rb"\\(?:([0-9a-fA-F]{1,6})(?:\r\n|[ \t\n\r\f])?|(\r\n|[\n\r\f])|(.))", re.S)
_WORTH_READING = re.compile(rb"url|import|image-set|src|\\", re.I)
_STRINGS_ARE_ADDRESSES = (b"url", b"src", b"image", b"image-set", b"-webkit-image-set")
_NAMES = (b"namespace", b"document", b"-moz-document")  # their addresses are names: nothing is fetched
# 4.3.14: an unquoted url() with anything else in it ends at the next parenthesis all the same.
_BAD_URL = re.compile(rb"[ \t\n\r\f]*+(?![\"' \t\n\r\f])(?:[^)\\]++|\\.|\\\Z)*+\)?", re.S)


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
    functions: list[bool] = []  # of each open parenthesis: are strings in it addresses?
    rule = b""  # the at-rule whose prelude this is
    position = 0
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
            if bad := _BAD_URL.match(css, position) if name == b"url" and match["bare"] is None else None:
                position = bad.end()
            else:
                functions.append(name in _STRINGS_ARE_ADDRESSES)
        elif kind == "open":
            functions.append(bool(functions) and functions[-1])
        elif kind == "close":
            if functions:
                functions.pop()
        elif kind == "end":
            rule = b""


def _address(css: bytes, start: int, end: int, imports: bool) -> CssAddress:
    return CssAddress(start, end, _unescaped(css[start:end]), NO_STYLES if imports else NOTHING)


def _unescaped(text: bytes) -> bytes:
    return _ESCAPED.sub(_character, text) if b"\\" in text else text


def _character(match: re.Match[bytes]) -> bytes:
    if match[1]:
        code = int(match[1], 16)
        return chr(code).encode() if 0 < code < 0xD800 or 0xDFFF < code < 0x110000 else b"\xef\xbf\xbd"
    return match[3] or b""
