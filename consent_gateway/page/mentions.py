"""Addresses that stand in a page for its code to fetch: in scripts, and in the state that frameworks
hydrate from (`__NEXT_DATA__`, `application/json`, `data-props`).

Nothing is edited there: JSON fetches nothing by itself, and a framework that finds other state than
its server rendered throws the page away. What its code then makes of them is held by the guard script;
the services are named here so that visitors are asked for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from consent_gateway.page.patterns import compiled
from consent_gateway.page.reading import Reading

_HOST = compiled(rb"//([a-zA-Z0-9][a-zA-Z0-9.-]*+)")
_ADDRESS = compiled(
    rb"//([a-zA-Z0-9][a-zA-Z0-9.-]*\.[a-zA-Z]{2,})((?:/[a-zA-Z0-9._~!$*+,=:@%-]*+)*+(?:\?[a-zA-Z0-9._~=%+-]*+)?)"
)
# How JSON, JavaScript and attributes may write a slash.
_SLASHES = (
    (b"\\\\/", b"/"),
    (b"\\/", b"/"),
    (b"\\u002F", b"/"),
    (b"\\u002f", b"/"),
    (b"\\x2F", b"/"),
    (b"\\x2f", b"/"),
)
_SLASH_REFERENCE = compiled(rb"&#(?:x2[fF]|47);")
_BEFORE = frozenset(b":\"'`=(;,\\ \t\r\n")
# Attributes in which islands and components get their properties.
_PROPERTIES = compiled(
    rb"(?:props|page|state|settings|options|config|json)=(?:\"((?:&quot;|[\[{])[^\"]*+)\"|'([\[{][^']*+)')"
)
_JSON_IN_ATTRIBUTE = (b"&quot;", b"='{", b"='[")


def mentions(data: bytes, reading: Reading, knows: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    """Host and path, with the start of the query, of every address that code of the page could read and
    whose host somebody `knows`."""
    seen: set[tuple[bytes, bytes]] = set()
    for text in _texts(data, reading):
        if not any(knows(host.decode("ascii").lower()) for host in set(_HOST.findall(text))):
            continue
        for match in _ADDRESS.finditer(text):
            place = match[1].lower(), match[2]
            if place not in seen and (match.start() == 0 or text[match.start() - 1] in _BEFORE):
                seen.add(place)
                yield place[0].decode("ascii"), place[1].decode("ascii") or "/"


def _texts(data: bytes, reading: Reading) -> Iterator[bytes]:
    for tag in reading.tags:
        if tag.name != b"script" or tag.body_end is None or tag.doubtful:
            continue
        if not _is_information(data[tag.attributes_start : tag.end]):
            yield _with_slashes(data[tag.end : tag.body_end])
    if any(mark in data for mark in _JSON_IN_ATTRIBUTE):
        for match in _PROPERTIES.finditer(data):
            yield _SLASH_REFERENCE.sub(b"/", _with_slashes(match[1] or match[2]))


def _with_slashes(text: bytes) -> bytes:
    if b"\\" in text:
        for written, meant in _SLASHES:
            text = text.replace(written, meant)
    return text


def _is_information(attributes: bytes) -> bool:
    """Structured data for search engines: no code of the page reads it."""
    return b"ld+json" in attributes
