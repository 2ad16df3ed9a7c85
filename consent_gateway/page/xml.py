"""XML documents (XHTML, SVG, and whatever calls itself +xml), read by XML's own rules."""

from __future__ import annotations

import re
from collections.abc import Iterator

from consent_gateway.page.grammar import XML
from consent_gateway.page.patterns import compiled
from consent_gateway.page.reading import Reading
from consent_gateway.page.tags import Tag

# Only elements of these namespaces fetch. That of a feed, of a site map or of an envelope does not.
_LIVE = (b"http://www.w3.org/1999/xhtml", b"http://www.w3.org/2000/svg")
_NAMESPACE = compiled(rb"\sxmlns(?::([^\s=/>]++))?\s*+=\s*+(?:\"([^\"<]*+)\"|'([^'<]*+)')")
# <?xml-stylesheet href="…"?>, W3C "Associating Style Sheets with XML documents".
_STYLE_SHEET = compiled(rb"<!--(?:[^-]++|-(?!->))*+|(<\?xml-stylesheet)(\s(?:[^?]++|\?(?!>))*+(?:\?>|\Z))")


def read_xml(data: bytes) -> Reading:
    """Reads an XML document; names come without their namespace prefix, elements that can make no
    browser fetch anything are left out."""
    live = _live_prefixes(data)
    tags = list(_style_sheets(data))
    unclosed: set[bytes] = set()
    position = 0
    while True:
        match = XML.match(data, position)
        if match is None or match[1] is None:
            return Reading(tags, match is not None and match.end() == len(data), True, xml=True)
        position = match.end()
        prefix, _, local = match[1].removeprefix(b"/").rpartition(b":")
        if live is not None and prefix not in live:
            continue
        name = (b"/" if match[1][:1] == b"/" else b"") + local.lower()
        tag = Tag(name, match.start(1) - 1, match.end(), match.start(2))
        if data[position - 2] == 0x2F:
            tag.body_end, tag.closed = position, False
        elif name in (b"script", b"style", b"iframe"):
            end = -1 if match[1] in unclosed else data.find(b"</" + match[1], position)
            tag.closed = end >= 0
            tag.body_end = end if tag.closed else len(data)
            if not tag.closed:
                unclosed.add(match[1])
        tags.append(tag)


def _live_prefixes(data: bytes) -> set[bytes] | None:
    """The prefixes (empty: none) under which elements of XHTML or SVG may stand; None if any may."""
    if b"<!ENTITY" in data or b"<!ATTLIST" in data:
        return None
    found = set()
    for prefix, double, single in _NAMESPACE.findall(data):
        name = double or single
        if name.strip() in _LIVE or b"&" in name:
            found.add(prefix)
    return found


def _style_sheets(data: bytes) -> Iterator[Tag]:
    """The processing instructions before the root that name style sheets, as if they were tags."""
    root = re.search(rb"<[^!?\s]", data)
    for match in _STYLE_SHEET.finditer(data, 0, root.start() if root else len(data)):
        if match[1]:
            yield Tag(b"?xml-stylesheet", match.start(), match.end(), match.start(2))
