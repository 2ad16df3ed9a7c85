"""What a visitor gets, as a tree of elements."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, TreeBuilder

from consent_gateway.page.grammar import VOID_NAMES
from consent_gateway.stylesheets import Tree

VOID = frozenset(name.decode() for name in VOID_NAMES - {b"image"})  # in SVG it has an end
MAY_END_UNSAID = frozenset("dd dt li option p rp rt tbody td tfoot th thead tr".split())


class Malformed(Exception):
    """Markup whose tags do not fit together: browsers would make something else of it than we do."""


class Document:
    """A page or part of one."""

    def __init__(self, html: str) -> None:
        found = _Builder().built(html)
        self.root = next(found.iter("html"), found)
        self._parents = {child: parent for parent in self.root.iter() for child in parent}

    def all(self, tag: str | None = None, **attributes: str) -> Iterator[Element]:
        """The elements with these attributes, in their order; `data_x` means `data-x`."""
        wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
        for element in self.root.iter(tag):
            if all(element.get(name) == value for name, value in wanted.items()):
                yield element

    def parent(self, element: Element) -> Element | None:
        return self._parents.get(element)

    def path(self, element: Element) -> Iterator[Element]:
        """An element and all around it, from the inside out."""
        here: Element | None = element
        while here is not None:
            yield here
            here = self._parents.get(here)

    @cached_property
    def tree(self) -> Tree:
        """For selectors."""
        return Tree(self.root)


def text(element: Element) -> str:
    """The words in an element, with single spaces."""
    return " ".join("".join(element.itertext()).split())


def unfolded(element: Element) -> str:
    """The words that are seen without unfolding anything."""
    return " ".join(" ".join(_unfolded(element)).split())


def _unfolded(element: Element) -> Iterator[str]:
    yield element.text or ""
    is_folded = element.tag == "details" and element.get("open") is None
    for child in element:
        if not is_folded or child.tag == "summary":
            yield from _unfolded(child)
        yield child.tail or "" if not is_folded else ""


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._tree = TreeBuilder()
        self._open: list[str] = []

    def built(self, html: str) -> Element:
        self._tree.start("document", {})
        self.feed(html)
        self.close()
        for tag in reversed(self._open):
            self._tree.end(tag)
        self._tree.end("document")
        return self._tree.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tree.start(tag, {name: value or "" for name, value in reversed(attrs)})
        if tag in VOID:
            self._tree.end(tag)
        else:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID and "svg" in self._open:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open[-1] != tag and self._open[-1] in MAY_END_UNSAID:
            self._tree.end(self._open.pop())
        if not self._open or self._open[-1] != tag:
            raise Malformed(f"</{tag}> does not end what is open: {' '.join(self._open) or 'nothing'}")
        self._tree.end(self._open.pop())

    def handle_data(self, data: str) -> None:
        self._tree.data(data)
