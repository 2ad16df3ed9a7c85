"""The elements a plug-in is mounted in: `<div class="fb-like">`, `<script type="IN/Share">`, `<amp-twitter>`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from consent_gateway.catalogue import Mount, Selector
from consent_gateway.page.grammar import STOP
from consent_gateway.page.reading import read_every
from consent_gateway.page.tags import Tag
from consent_gateway.urls import attribute_text

_VALUE = rb"\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>]+)"
_CLASS = re.compile(rb"class" + _VALUE)
_ID = re.compile(rb" id" + _VALUE)
_DATA = re.compile(rb" (data-[a-z0-9-]+)")
_LISTED = frozenset(STOP)  # elements that every reading lists
_ASKED = ("iframe", "script")  # those of them that a plug-in is looked for in


class Mounted(NamedTuple):
    """An element that is a plug-in. `end` is the offset after its end tag, None where that is not
    to be told."""

    tag: Tag
    end: int | None
    service: str
    mount: Mount


class Mounts:
    """Finds the plug-ins of all services, in one page after the other.

    Most pages have none: four quick searches for a class, an id, an attribute or a name that some
    selector asks for decide whether the page is read tag by tag.
    """

    def __init__(self, entries: Iterable[tuple[Selector, str, Mount]]) -> None:
        self._entries = list(entries)
        self._classes: set[bytes] = set()
        self._class_parts: list[bytes] = []
        self._ids: set[bytes] = set()
        self._id_starts: list[bytes] = []
        self._attributes: set[bytes] = set()
        names: list[bytes] = []
        for selector, _, _ in self._entries:
            if selector.element in _ASKED:
                continue
            if selector.element in _LISTED:
                raise ValueError(f"no plug-in is looked for in this element: {selector}")
            ids = [test for test in selector.tests if test.attribute == "id"]
            parts = [test.value for test in selector.tests if test.attribute == "class" and test.operator]
            data = [test.attribute for test in selector.tests if test.attribute.startswith("data-")]
            if selector.classes:
                self._classes.add(min(selector.classes).encode())
            elif parts:
                self._class_parts.append(parts[0].encode())
            elif ids and ids[0].operator == "=":
                self._ids.add(ids[0].value.encode())
            elif ids and ids[0].operator == "^=":
                self._id_starts.append(ids[0].value.encode())
            elif data:
                self._attributes.add(data[0].encode())
            elif selector.element:
                names.append(re.escape(selector.element.encode()))
            else:
                raise ValueError(f"a selector needs a class, an id, a data- attribute or a name: {selector}")
        self._names = re.compile(b"<(?:" + b"|".join(sorted(set(names))) + rb")\b") if names else None
        self._listed = [entry for entry in self._entries if entry[0].element in _LISTED]

    def of_tag(self, tag: Tag, data: bytes) -> tuple[str, Mount] | None:
        """The plug-in a tag of the page's reading mounts: only elements that every reading lists."""
        return self._match(self._listed, tag, data)

    def find(self, data: bytes) -> Iterator[Mounted]:
        """Every other one of an HTML document, in order."""
        if not self._hinted(data):
            return
        tags = [tag for tag in read_every(data) if not tag.doubtful]
        ends = _ends(tags)
        others = [entry for entry in self._entries if entry[0].element not in _LISTED]
        for tag in tags:
            if tag.name[:1] != b"/" and (found := self._match(others, tag, data)):
                yield Mounted(tag, ends.get(tag.start), *found)

    def _hinted(self, data: bytes) -> bool:
        if self._classes or self._class_parts:
            classes = _words(_CLASS.findall(data))
            if not self._classes.isdisjoint(classes):
                return True
            if any(part in word for word in classes for part in self._class_parts):
                return True
        if self._attributes and not self._attributes.isdisjoint(_DATA.findall(data)):
            return True
        if self._ids or self._id_starts:
            ids = _words(_ID.findall(data))
            if not self._ids.isdisjoint(ids):
                return True
            if any(id.startswith(start) for id in ids for start in self._id_starts):
                return True
        return self._names is not None and self._names.search(data) is not None

    def _match(
        self, entries: list[tuple[Selector, str, Mount]], tag: Tag, data: bytes
    ) -> tuple[str, Mount] | None:
        if tag.foreign:
            return None
        name = tag.name.decode("latin-1")
        attributes: dict[str, str] | None = None
        for selector, service, mount in entries:
            if selector.element and selector.element != name:
                continue
            if attributes is None:
                attributes = _attributes(tag, data)
            if selector.matches(name, attributes):
                return service, mount
        return None


def _attributes(tag: Tag, data: bytes) -> dict[str, str]:
    return {
        name.decode("latin-1"): attribute_text(data[found.value_start : found.value_end].decode("latin-1"))
        for name, found in tag.attributes(data).items()
    }


def _words(values: list[bytes]) -> set[bytes]:
    return set(b" ".join(values).translate(None, b"\"'").split())


def _ends(tags: list[Tag]) -> dict[int, int]:
    """The offset after the end tag, by that of the start tag. Only elements whose end tag stands where
    they do, with as many of their kind opened as closed between, are among them."""
    ends: dict[int, int] = {}
    open_tags: dict[bytes, list[Tag]] = {}
    for tag in tags:
        if tag.body_end is not None:
            continue
        if tag.name[:1] != b"/":
            open_tags.setdefault(tag.name, []).append(tag)
        elif opened := open_tags.get(tag.name[1:]):
            start = opened.pop()
            if (start.noscript, start.template, start.foreign) == (tag.noscript, tag.template, tag.foreign):
                ends[start.start] = tag.end
    return ends
