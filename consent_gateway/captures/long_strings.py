"""A JSON file whose longest strings are cut, so that a video in a HAR takes no more memory than a page,
and which is refused where it is nested so deeply that a parser would take hours."""

from __future__ import annotations

import codecs
import re
from typing import BinaryIO

from consent_gateway.page.patterns import compiled

PIECE = 2**16
# JSON (RFC 8259 7): whole strings and what stands between them; whole characters inside of one.
_OUTSIDE = compiled(rb'(?:[^"]++|"(?:[^"\\]++|\\.)*+")*+', re.S)
_INSIDE = compiled(rb'(?:[^"\\]++|\\u[0-9a-fA-F]{4}|\\[^u])*+', re.S)
_LONGEST_ESCAPE = 6
_QUOTE, _BACKSLASH = b'"', b"\\"
DEEPEST = 200  # a HAR needs a dozen; ijson keeps the path of every value
_STRING = compiled(rb'"(?:[^"\\]++|\\.)*+"', re.S)
_OPENING, _CLOSING = b"[{", b"]}"
_NO_BRACKETS = bytes(set(range(256)) - set(_OPENING + _CLOSING))


class TooDeep(ValueError):
    """JSON that is nested more deeply than anybody means."""


class Shortened:
    """To be read in pieces: valid UTF-8, and of a string that is much longer than `most` bytes the
    first `most`. Reading raises TooDeep."""

    def __init__(self, file: BinaryIO, most: int) -> None:
        self._file = file
        self._most = most
        self._rest = b""
        self._is_inside = False
        self._left = 0  # of the string that is open
        self._depth = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def read(self, size: int = -1) -> bytes:
        """The next piece, which may be longer than `size`; empty at the end and for a size of 0."""
        while size:
            piece = self._file.read(PIECE)
            data = self._shortened(self._rest + piece) if piece else self._rest
            if not piece:
                self._rest = b""
            valid = self._decoder.decode(data, final=not piece).encode("utf-8")
            if valid or not piece:
                return valid
        return b""

    def _shortened(self, data: bytes) -> bytes:
        parts: list[bytes] = []
        at = 0
        while at < len(data):
            if not self._is_inside:
                end = _end(_OUTSIDE, data, at)
                self._descend(data[at:end])
                parts.append(data[at:end])
                at = end
                if at < len(data):  # a string that goes on in the next piece
                    parts.append(_QUOTE)
                    self._is_inside, self._left = True, self._most
                    at += 1
                continue
            end = _end(_INSIDE, data, at)
            kept = end if end - at <= self._left else _end(_INSIDE, data, at, at + self._left)
            parts.append(data[at:kept])
            self._left = self._left - (kept - at) if kept == end else 0
            at = end
            if data.startswith(_BACKSLASH, at) and len(data) - at < _LONGEST_ESCAPE:
                break
            if at < len(data):
                self._is_inside = data.startswith(_BACKSLASH, at)  # no escape: the parser will say so
                parts.append(data[at : at + 1])
                at += 1
        self._rest = data[at:]
        return b"".join(parts)

    def _descend(self, between: bytes) -> None:
        brackets = _STRING.sub(b"", between).translate(None, _NO_BRACKETS)
        for pair in (b"{}", b"[]", b"{}"):  # most of them, and cheap
            brackets = brackets.replace(pair, b"")
        for one in brackets:
            self._depth += 1 if one in _OPENING else -1
            if self._depth > DEEPEST:
                raise TooDeep(f"it is nested more than {DEEPEST} levels deep")


def _end(pattern: re.Pattern[bytes], data: bytes, start: int, end: int | None = None) -> int:
    match = pattern.match(data, start, len(data) if end is None else end)
    assert match  # each may be empty
    return match.end()
