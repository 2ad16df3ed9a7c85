"""Documents inside attributes of a page: `srcdoc`, and the `data:` addresses of frames and style sheets."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from consent_gateway.page import charset
from consent_gateway.page.charset import Encoding, text_of
from consent_gateway.page.edits import Edit
from consent_gateway.page.reading import Reading
from consent_gateway.page.tags import Attribute
from consent_gateway.urls import attribute_text

DEEPEST = 4  # documents within documents; nobody needs more
HOLDERS = {b"iframe": b"src", b"frame": b"src", b"embed": b"src", b"object": b"data", b"link": b"href"}
_XML = ("text/xml", "application/xml")
_DATA = re.compile(r"[\x00-\x20]*data:([^,]*),([^#]*)", re.I | re.S)
_LEFT_OUT = {ord("\t"): None, ord("\n"): None, ord("\r"): None}  # URL standard 4.4: anywhere in an address
_BASE64 = re.compile(r";\s*base64\s*$", re.I)


class Document(NamedTuple):
    """A document in an attribute. `content` is in its own encoding; `media_type` is empty for srcdoc."""

    attribute: Attribute
    quoted: bool
    content: bytes
    encoding: Encoding
    media_type: str
    doubtful: bool

    @property
    def xml(self) -> bool:
        return _is_xml(_essence(self.media_type))

    @property
    def styles(self) -> bool:
        return is_styles(self.media_type)

    def with_content(self, content: bytes) -> Edit:
        """The edit that puts another content in its place."""
        if self.media_type:
            text = f"data:{self.media_type};base64,{base64.b64encode(content).decode('ascii')}"
        else:
            text = content.decode("utf-8", "replace")
        value = _as_value(text, quoted=self.quoted)
        return Edit(self.attribute.value_start, self.attribute.value_end, value)


def documents(data: bytes, reading: Reading, encoding: Encoding) -> Iterator[Document]:
    """Every document that stands in an attribute of the page."""
    for tag in reading.tags:
        if tag.name not in HOLDERS:
            continue
        attributes = tag.attributes(data)
        for name in (b"srcdoc", HOLDERS[tag.name]):
            if attribute := attributes.get(name):
                text = attribute_text(text_of(data[attribute.value_start : attribute.value_end], encoding))
                quoted = data[attribute.value_start - 1 : attribute.value_start] in (b'"', b"'")
                if name == b"srcdoc":
                    content = text.encode("utf-8", "replace")
                    yield Document(attribute, quoted, content, Encoding("utf-8"), "", tag.doubtful)
                elif (found := content_of(text)) and _is_shown(tag.name, found[1]):
                    content, media_type = found
                    found_encoding = charset.sniff(content, media_type)
                    yield Document(attribute, quoted, content, found_encoding, media_type, tag.doubtful)


def base_in_data(base: str) -> str:
    """A data: address is the base of what is in it, so that `https:host` is absolute there. Another
    scheme in front of the page's own base makes it so, and anything relative still has an owner."""
    return f"wss:{base.partition(':')[2]}"


def content_of(address: str) -> tuple[bytes, str] | None:
    """Content and media type of a data: address (RFC 2397, Fetch 3.1); None for any other."""
    match = _DATA.match(address.translate(_LEFT_OUT))
    if not match:
        return None
    content = unquote_to_bytes(match[2])
    if _BASE64.search(match[1]):
        content = re.sub(rb"[^A-Za-z0-9+/]", b"", content)
        content = base64.b64decode(content[: len(content) - (len(content) % 4 == 1)] + b"==")
    return content, _BASE64.sub("", match[1])


def is_styles(media_type: str) -> bool:
    return _essence(media_type) == "text/css"


def _is_shown(element: bytes, media_type: str) -> bool:
    if element == b"link":
        return is_styles(media_type)
    essence = _essence(media_type)
    return essence == "text/html" or _is_xml(essence)


def _is_xml(essence: str) -> bool:
    return essence in _XML or essence.endswith("+xml")


def _essence(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()


_ESCAPED = {"&": "&amp;", '"': "&quot;", "'": "&#39;", "<": "&lt;", ">": "&gt;"}
_UNQUOTED = re.compile(r"[\t\n\f\r =`]")


def _as_value(text: str, *, quoted: bool) -> bytes:
    escaped = re.sub(r"[&\"'<>]", lambda match: _ESCAPED[match[0]], text)
    if not quoted:
        escaped = _UNQUOTED.sub(lambda match: f"&#{ord(match[0])};", escaped)
    return escaped.encode("ascii", "xmlcharrefreplace")
