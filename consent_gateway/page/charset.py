"""The encoding a browser would read a page in, and pages whose bytes are not ASCII-like."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

PRESCAN = 1024  # HTML standard 13.2.3.2: how many bytes are searched for a declaration
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_META = re.compile(
    rb"<!--.*?(?:-->|$)"
    rb"|<meta[ \t\n\r\f/][^>]*?charset[ \t\n\r\f]*=[ \t\n\r\f]*[\"']?[ \t\n\r\f]*([^\s\"'/>;]+)",
    re.I | re.S,
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,]+)", re.I)
# Encoding standard 4.2: labels that Python knows under another name, or not at all.
_LABELS = {
    "iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
    "windows-1252": "cp1252", "x-sjis": "cp932", "shift_jis": "cp932", "sjis": "cp932",
    "windows-31j": "cp932", "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "iso-8859-9": "cp1254", "unicode": "utf-16-le",
    "utf-16": "utf-16-le", "x-user-defined": "latin-1", "x-mac-cyrillic": "mac-cyrillic",
    "iso-8859-11": "cp874", "tis-620": "cp874", "iso-8859-8-i": "iso8859-8",
}  # fmt: skip
# Their characters may hold bytes that look like markup: scanned only after transcoding.
_NOT_ASCII_LIKE = ("utf-16-le", "utf-16-be", "iso2022_jp")


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


def sniff(data: bytes, content_type: str) -> Encoding:
    """The encoding of a page: byte order mark, Content-Type, `<meta>`, else windows-1252
    (HTML standard 13.2.3.1, without the guesses it allows)."""
    for bom, codec in _BOMS:
        if data.startswith(bom):
            return Encoding(codec)
    declared = _CHARSET.search(content_type)
    if declared and (named := codec_of(declared[1])):
        return Encoding(named)
    for found in _META.finditer(data[:PRESCAN]):
        label = found[1].decode("ascii", "replace") if found[1] else ""
        if label and (meant := codec_of(label)):
            # 13.2.3.2 step 15: a meta that could be read as ASCII cannot be UTF-16.
            return Encoding("utf-8", "utf-8") if meant.startswith("utf-16") else Encoding(meant, label)
    return Encoding("cp1252")


def codec_of(label: str) -> str | None:
    """Python's codec for a label of the Encoding standard, None for a label it does not know."""
    name = label.strip().lower()
    try:
        return codecs.lookup(_LABELS.get(name, name)).name
    except (LookupError, ValueError):
        return None


def to_bytes_like_ascii(data: bytes, encoding: Encoding) -> bytes:
    """The page as UTF-8 where its own encoding cannot be scanned byte by byte. Raises Undecodable."""
    if not encoding.transcoded:
        return data
    try:
        text = data.decode(encoding.codec)
        if text.encode(encoding.codec) != data:
            raise Undecodable(f"not reversible: {encoding.codec}")
    except UnicodeError as error:
        raise Undecodable(str(error)) from error
    return text.encode("utf-8")


def from_bytes_like_ascii(data: bytes, encoding: Encoding) -> bytes:
    return data.decode("utf-8").encode(encoding.codec) if encoding.transcoded else data


def text_of(value: bytes, encoding: Encoding) -> str:
    """A short value out of the page as text, never failing."""
    return value.decode("utf-8" if encoding.transcoded else encoding.codec, "replace")
