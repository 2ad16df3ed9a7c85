"""Where markup leads a visitor: addresses that are not written as most are, and refreshes, are led to here.

`https:/host`, `//192.0.2.1` and a backslash for a slash are addresses to a browser (URL standard 4.4). What a page
loads by them a policy stops; a refresh that leads elsewhere nothing does.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator

from consent_gateway.audit.refresh import refreshed
from consent_gateway.page import edits
from consent_gateway.page.edits import Edit
from consent_gateway.page.reading import read_every
from consent_gateway.page.tags import Attribute, Tag
from consent_gateway.urls import attribute_text

_ADDRESSES = (b"href", b"xlink:href", b"src", b"action", b"formaction", b"data", b"poster")
# Not as "https://host", which is found in the text; a browser takes tabs and line feeds out of addresses first.
_ODD = re.compile(r"https?:(?!//[a-z0-9])|[/\\]{2}", re.I)
_BLANKS = re.compile(r"^[\x00-\x20]+|[\t\n\r]+")
_SECONDS = re.compile(r"[ \t\n\r\f]*([0-9]*)")

PlaceOf = Callable[[str], str | None]


def led_here(data: bytes, place_of: PlaceOf) -> bytes:
    """The document with such addresses changed to what `place_of` gives for them; a refresh for which it gives None
    leads nowhere."""
    return edits.apply(data, _edits(data, place_of))


def _edits(data: bytes, place_of: PlaceOf) -> Iterator[Edit]:
    for tag in read_every(data):
        fields = tag.attributes(data)
        for found in filter(None, map(fields.get, _ADDRESSES)):
            value = _text(data, found)
            if _ODD.match(_BLANKS.sub("", value)) and (place := place_of(value)) not in (None, value):
                yield _written(data, found, place or "")
        if tag.name == b"meta":
            yield from _refresh(data, tag, place_of)


def _refresh(data: bytes, tag: Tag, place_of: PlaceOf) -> Iterator[Edit]:
    """HTML standard 4.2.5.3."""
    fields = tag.attributes(data)
    kind, content = fields.get(b"http-equiv"), fields.get(b"content")
    if not kind or not content or _text(data, kind).lower() != "refresh":
        return
    said = _text(data, content)
    for address in refreshed(said):
        place = place_of(address)
        if place is None:
            yield _written(data, content, "")
        elif place != address:
            seconds = _SECONDS.match(said)
            yield _written(data, content, f"{(seconds and seconds[1]) or 0};url={place}")


def _text(data: bytes, attribute: Attribute) -> str:
    value = data[attribute.value_start : attribute.value_end]
    return attribute_text(value.decode("utf-8", "surrogateescape"))


def _written(data: bytes, attribute: Attribute, value: str) -> Edit:
    text = html.escape(value).encode("utf-8", "surrogateescape")
    quoted = data[attribute.value_start - 1 : attribute.value_start] in (b"'", b'"')
    return Edit(attribute.value_start, attribute.value_end, text if quoted else b'"%s"' % text)
