"""The encoding a browser would read a page in, and pages whose bytes are not ASCII-like."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from consent_gateway.page.grammar import ATTRIBUTE, ATTRIBUTES
from consent_gateway.page.labels import CODECS
from consent_gateway.page.patterns import compiled
from consent_gateway.page.tokens import Tokens

PRESCAN = 1024  # HTML standard 13.2.3.2: how many bytes are searched for a declaration
LATE = 65536  # one that comes later makes browsers start again (13.2.3.5)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# 13.2.3.2: comments, tags with quotes in them, and whatever else stands in angle brackets.
_PRESCANNED = compiled(
    rb"<!--.*?(?:-->|\Z)|<meta(?=[ \t\n\r\f/])(?P<meta>" + ATTRIBUTES + rb")>|</?[a-z][^ \t\n\r\f>]*+" + ATTRIBUTES
    + rb"|<[!/?][^>]*+",
    re.I | re.S,
)  # fmt: skip
_CHARSET = re.compile(r"charset\s*+=\s*+[\"']?\s*+([^\s\"';,]+)", re.I)
# Their characters may hold bytes that look like markup: scanned only after transcoding.
_UTF_16 = ("utf-16-le", "utf-16-be")
_NOT_ASCII_LIKE = (*_UTF_16, "iso2022_jp")


class Undecodable(Exception):
    """A page in an encoding that cannot be read or written back without loss."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """A Python codec; `label` is what the page's own `<meta>` calls it, if that is where it is from."""

    codec: str
    label: str = ""

    @property
    def transcoded(self) -> bool:
        return self.codec in _NOT_ASCII_LIKE


UTF8 = Encoding("utf-8")


def sniff(data: bytes, content_type: str, *, within: int = LATE) -> Encoding:
    """The encoding of a page: byte order mark, Content-Type, `<meta>`, else windows-1252
    (HTML standard 13.2.3.1, without the guesses it allows)."""
    for bom, codec in _BOMS:
        if data.startswith(bom):
            return Encoding(codec)
    declared = _CHARSET.search(content_type)
    if declared and (named := codec_of(declared[1])):
        return Encoding(named)
    for label in _labels(data, within):
        if meant := codec_of(label):
            # 13.2.3.2 step 15: a meta that could be read as ASCII cannot be UTF-16.
            return Encoding("utf-8", "utf-8") if meant.startswith("utf-16") else Encoding(meant, label)
    return Encoding("cp1252")


def _labels(data: bytes, within: int) -> Iterator[str]:
    """What the page calls its encoding: to the prescan, and then to the parser."""
    for found in _PRESCANNED.finditer(data, 0, PRESCAN):
        if found["meta"]:
            yield _declared(found["meta"])
    if within > PRESCAN:
        start = data[:within]
        for tag in Tokens(start):
            if tag.name == b"meta" and not (tag.foreign or tag.noscript):
                yield _declared(start[tag.attributes_start : tag.end - 1])


def _declared(attributes: bytes) -> str:
    """The label in the attributes of a `<meta>`."""
    values: dict[bytes, str] = {}
    for match in ATTRIBUTE.finditer(attributes):
        if match[1] is None:
            continue
        value = next((group for group in match.groups()[1:] if group is not None), b"")
        values.setdefault(match[1].lower(), value.decode("ascii", "replace"))
    if b"charset" in values:
        return values[b"charset"].strip()
    if values.get(b"http-equiv", "").lower() == "content-type":
        found = _CHARSET.search(values.get(b"content", ""))
        return found[1] if found else ""
    return ""


def codec_of(label: str) -> str | None:
    """Python's codec for a label of the Encoding standard, None for any other: browsers know no more."""
    return CODECS.get(label.strip().lower())


def to_bytes_like_ascii(data: bytes, encoding: Encoding) -> bytes:
    """The page as UTF-8 where its own encoding cannot be scanned byte by byte. Raises Undecodable."""
    if not encoding.transcoded:
        return data
    if encoding.codec in _UTF_16:
        # Half a character at the end and a lone surrogate are U+FFFD to browsers, too (Encoding standard 14.2).
        return data.decode(encoding.codec, "replace").encode("utf-8")
    try:
        text = data.decode(encoding.codec)
        if text.encode(encoding.codec) != data:
            raise Undecodable(f"not reversible: {encoding.codec}")
    except UnicodeError as error:
        raise Undecodable(str(error)) from error
    return text.encode("utf-8")


def from_bytes_like_ascii(data: bytes, encoding: Encoding) -> bytes:
    return data.decode("utf-8").encode(encoding.codec) if encoding.transcoded else data


_ASCII = compiled(rb"[\x00-\x7f]+")


def as_utf8(value: bytes, encoding: Encoding) -> tuple[bytes, Sequence[int]]:
    """A piece of the page as UTF-8, with the offset in `value` of every resulting byte and of the end.
    The second byte of a Japanese or Chinese character may look like a backslash."""
    codec = "utf-8" if encoding.transcoded else encoding.codec
    if codec == "utf-8" or value.isascii():
        return value, range(len(value) + 1)
    decoder = codecs.getincrementaldecoder(codec)("replace")
    parts: list[bytes] = []
    offsets: list[int] = []
    position = begun = 0
    while position < len(value):
        if begun == position and (plain := _ASCII.match(value, position)):
            parts.append(plain[0])
            offsets += range(position, plain.end())
            position = begun = plain.end()
            continue
        position += 1
        text = decoder.decode(value[position - 1 : position], final=position == len(value))
        for index, character in enumerate(text):
            parts.append(character.encode("utf-8"))
            offsets += [position - 1 if index else begun] * len(parts[-1])
        if text:
            begun = position
    offsets.append(len(value))
    return b"".join(parts), offsets


def text_of(value: bytes, encoding: Encoding) -> str:
    """A short value out of the page as text, never failing."""
    return value.decode("utf-8" if encoding.transcoded else encoding.codec, "replace")
