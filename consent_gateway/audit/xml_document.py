"""The elements of an XML document (XHTML, SVG) by XML's own parser, as far as a browser would show it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

import turbohtml

# Elements of other namespaces (a feed's, a site map's) fetch nothing.
_NAMESPACES = {
    "http://www.w3.org/1999/xhtml": turbohtml.Namespace.HTML,
    "http://www.w3.org/2000/svg": turbohtml.Namespace.SVG,
}
_XLINK = "http://www.w3.org/1999/xlink"
_SEPARATOR = "\n"  # stands in no name
# W3C "Associating Style Sheets with XML documents".
_HREF = re.compile(r"\bhref\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'"}


@dataclass(slots=True)
class XmlElement:
    """An element of XHTML or SVG, with what the parser of HTML says of one."""

    tag: str
    namespace: turbohtml.Namespace
    attrs: dict[str, str]
    parent: XmlElement | None
    text: list[str] = field(default_factory=list)


@dataclass(slots=True)
class XmlDocument:
    """The elements in order, and the addresses of style sheets that processing instructions name."""

    elements: list[XmlElement] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)


def parsed(data: bytes, encoding: str | None = None) -> XmlDocument:
    """The document, up to the place where it is no XML any more: that is where browsers stop, too. Entities
    are as expat knows them; none is fetched."""
    reader = _Reader()
    try:
        parser = expat.ParserCreate(_known(encoding), _SEPARATOR)
        parser.buffer_text = True
        parser.UseForeignDTD(True)  # entities of HTML need not be known: browsers know them
        parser.SkippedEntityHandler = lambda name, is_parameter: None
        parser.StartElementHandler = reader.opened
        parser.EndElementHandler = reader.closed
        parser.CharacterDataHandler = reader.said
        parser.ProcessingInstructionHandler = reader.instructed
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError):
        return reader.document  # what came before the fault
    return reader.document


class _Reader:
    """Takes the parser's events in."""

    def __init__(self) -> None:
        self.document = XmlDocument()
        self._open: list[XmlElement | None] = []
        self._has_root = False

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        self._has_root = True
        namespace, _, local = name.rpartition(_SEPARATOR)
        known = _NAMESPACES.get(namespace)
        element = None
        if known is not None:
            above = next((one for one in reversed(self._open[-1:]) if one), None)
            element = XmlElement(local, known, dict(map(_attribute, attributes.items())), above)
            self.document.elements.append(element)
        self._open.append(element)

    def closed(self, name: str) -> None:
        self._open.pop()

    def said(self, text: str) -> None:
        if self._open and (element := self._open[-1]):
            element.text.append(text)

    def instructed(self, target: str, data: str) -> None:
        if target == "xml-stylesheet" and not self._has_root and (match := _HREF.search(data)):
            written = match[1] or match[2] or ""
            self.document.sheets.append(re.sub(r"&\w+;", lambda one: _ENTITIES.get(one[0], one[0]), written))


def _attribute(named: tuple[str, str]) -> tuple[str, str]:
    name, value = named
    namespace, _, local = name.rpartition(_SEPARATOR)
    return (f"xlink:{local}" if namespace == _XLINK else local), value


def _known(encoding: str | None) -> str | None:
    """The encoding of the header, where expat knows it; else the document says its own."""
    name = (encoding or "").lower()
    return name if name in ("utf-8", "utf-16", "iso-8859-1", "us-ascii") else None
