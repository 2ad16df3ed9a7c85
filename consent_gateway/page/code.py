"""The text of scripts: what its escapes and concatenations spell, and the addresses that no guard
script could hold when it runs."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from consent_gateway.page.patterns import compiled

_DISGUISED = compiled(rb"\\[xu/]|[\"'`]\s*+\+\s*+[\"'`]|%3[cC]|atob|fromCharCode")
_ESCAPE = compiled(rb"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{0*([0-9a-fA-F]{1,6})\}|(/))")
_JOINT = compiled(rb"[\"'`]\s*+\+\s*+[\"'`]")
_ATOB = compiled(rb"\batob\s*\(\s*[\"'`]([A-Za-z0-9+/]{4,}+={0,2})[\"'`]\s*\)")
_CODES = compiled(rb"\bfromCharCode\s*\(([0-9,\s]*+)\)")
_PERCENT = compiled(rb"\b(?:unescape|decodeURI(?:Component)?)\s*\(")

# What a framework streams to its client: one string after another, which nothing evaluates.
_STREAMED = compiled(
    rb"\s*+(?:(?:self|window|globalThis)\.__next_f\.push\(\[[0-9]++,\s*+\"(?:[^\"\\]++|\\.)*+\"\s*+\]\)[;\s]*+)++\Z",
    re.S,
)
_ACTS = compiled(
    rb"createElement|\.src\b|\.write|innerHTML|\beval\b|\bFunction\b|\bimport\b|getScript|\brequire\b"
)
LONGEST_SNIPPET = 32_768  # bytes; what is longer is an application, or the state of one

_SPACE = rb"(?:\s|/\*(?:[^*]|\*(?!/)){0,300}+\*/)*+"  # a comment with an end: bundlers write some there
_SPECIFIER = rb"[\"'`]((?:https?:)?[/\\]{2}[^\"'`\s]++)[\"'`]"
_IMPORT = compiled(rb"\bimport" + _SPACE + rb"(?:\(" + _SPACE + rb")?" + _SPECIFIER, re.I)
_FROM = compiled(rb"\bfrom" + _SPACE + _SPECIFIER, re.I)
_COMPUTED = compiled(rb"\bimport" + _SPACE + rb"\(" + _SPACE + rb"(?![\"'][^\"']*+[\"']\s*[),])")
# The start of an address on a server for files: a website's own pages stand on a name without a third part.
_START = compiled(
    rb"[\"'`]((?:https?:)?//(?!www\.)[a-zA-Z0-9-]++\.[a-zA-Z0-9-]++\.[a-zA-Z0-9.-]++(?:/[^\"'`\s?#]*/|/)?)(?:[\"'`]|\$\{)",
    re.I,
)
_WRITES = compiled(rb"\bdocument\s*\.\s*writel?n?\b")
_WRITTEN = compiled(
    rb"<(?:script|iframe|frame|img|link|embed|object)\b[^<>]{0,300}?(//[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}[^\s\"'<>\\]*+)",
    re.I,
)
_ADDRESS = compiled(rb"(?:https?:)?//[a-zA-Z0-9][a-zA-Z0-9.-]*+[^\s\"'`<>\\]*+", re.I)


def spelt_out(code: bytes) -> bytes:
    """The same text with the strings in it as they are when it runs, as far as that can be read off:
    escapes, literals that are joined, base64, character codes, percent-encoding."""
    if not _DISGUISED.search(code):
        return code
    text = _ESCAPE.sub(_character, code)
    text = _CODES.sub(_spelt, text)
    text = _ATOB.sub(lambda match: b'"%s"' % base64.b64decode(match[1] + b"=="), text)
    text = _JOINT.sub(b"", text)
    return unquote_to_bytes(text) if _PERCENT.search(text) else text


def is_snippet(code: bytes) -> bool:
    """Whether it may be there to load something. State that a framework hydrates from names addresses
    as well, in the same disguises, and must not be held."""
    return len(code) <= LONGEST_SNIPPET and _ACTS.search(code) is not None


def is_streamed(code: bytes) -> bool:
    """Whether it only hands strings to a framework, which hydrates from them. (The guard script holds
    what comes of that.)"""
    return b"__next_f" in code and _STREAMED.match(code) is not None


def has_address(code: bytes) -> bool:
    """Whether there may be an address in it."""
    return b"//" in code or b"\\/" in code


def _character(match: re.Match[bytes]) -> bytes:
    if match[4]:
        return b"/"
    code = int(match[1] or match[2] or match[3], 16)
    return chr(code).encode("utf-8", "replace") if code < 0x110000 else b""


def _spelt(match: re.Match[bytes]) -> bytes:
    codes = (int(number) for number in match[1].split(b",") if number.strip())
    return b'"%s"' % b"".join(chr(code).encode("utf-8", "replace") for code in codes if code < 0x110000)


def imported(code: bytes, *, module: bool) -> Iterator[bytes]:
    """The addresses of modules it imports. Only in a module they can stand without parentheses. Where one
    is put together at run time, those that it may begin with."""
    for expression in (_IMPORT, _FROM) if module else (_IMPORT,):
        for match in expression.finditer(code):
            yield match[1]
    if is_snippet(code) and _COMPUTED.search(code):
        for match in _START.finditer(code):
            yield match[1]


def written(code: bytes) -> Iterator[bytes]:
    """The addresses of the elements it writes into the document while that is read."""
    if _WRITES.search(code):
        for match in _WRITTEN.finditer(code):
            yield match[1]


def addresses(code: bytes) -> Iterator[bytes]:
    """Everything in it that looks like a whole address."""
    for match in _ADDRESS.finditer(code):
        yield match[0]
