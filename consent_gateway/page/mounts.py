"""The elements a plug-in is mounted in: `<div class="fb-like">`, `<script type="IN/Share">`, `<amp-twitter>`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from consent_gateway.catalogue import Mount, Selector
from consent_gateway.page.grammar import IMPLIED_END_NAMES, STOP, VOID_NAMES
from consent_gateway.page.reading import read_every
from consent_gateway.page.tags import Tag
from consent_gateway.urls import attribute_text, without_stand_ins

_VALUE = rb"\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>]+)"
_CLASS = re.compile(rb"class" + _VALUE)
_ID = re.compile(rb" id" + _VALUE)
_DATA = re.compile(rb" (data-[a-z0-9-]+)")
_LISTED = frozenset(STOP)  # elements that every reading lists
_ASKED = ("iframe", "script")  # those of them that a plug-in is looked for in


Entry = tuple[Selector, str, Mount]


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
    selector asks for decide whether the page is read tag by tag, and which tags are looked at.
    With `stand_ins` an address of one counts as that of what it stands for.
    """

    def __init__(self, entries: Iterable[Entry], *, stand_ins: bool = False) -> None:
        self._meant: Callable[[bytes], bytes] = without_stand_ins if stand_ins else bytes
        self._classes: set[bytes] = set()
        self._class_parts: set[bytes] = set()
        self._ids: set[bytes] = set()
        self._id_starts: set[bytes] = set()
        self._attributes: set[bytes] = set()
        names: set[bytes] = set()
        self._listed: list[Entry] = []
        self._by_hint: dict[bytes, list[tuple[int, Entry]]] = {}
        for number, entry in enumerate(entries):
            selector = entry[0]
            if selector.element in _ASKED:
                self._listed.append(entry)
                continue
            if selector.element in _LISTED:
                raise ValueError(f"no plug-in is looked for in this element: {selector}")
            kinds = (
                (self._classes, min(selector.classes, default="")),
                (self._class_parts, _value(selector, "class", "^=", "*=")),
                (self._ids, _value(selector, "id", "=")),
                (self._id_starts, _value(selector, "id", "^=")),
                (
                    self._attributes,
                    next((t.attribute for t in selector.tests if t.attribute[:5] == "data-"), ""),
                ),
                (names, selector.element),
            )
            hint, kind = next(((hint.encode(), kind) for kind, hint in kinds if hint), (b"", names))
            if not hint:
                raise ValueError(f"a selector needs a class, an id, a data- attribute or a name: {selector}")
            kind.add(hint)
            self._by_hint.setdefault(hint, []).append((number, entry))
        any_name = b"|".join(re.escape(name) for name in sorted(names))
        self._names = re.compile(b"<(" + any_name + rb")(?=[\s/>])") if names else None
        words = sorted({re.escape(_longest_word(selector)) for selector, _, _ in self._listed})
        self._likely = re.compile(b"|".join((*words, b"&")), re.I)  # a reference may stand for any letter

    def of_tag(self, tag: Tag, data: bytes) -> tuple[str, Mount] | None:
        """The plug-in a tag of the page's reading mounts: only elements that every reading lists."""
        if not self._likely.search(self._meant(data[tag.start : tag.end])):
            return None
        return _match(self._listed, tag, data, self._meant)

    def find(self, data: bytes) -> Iterator[Mounted]:
        """Every other one of an HTML document, in order."""
        hints = self._hints(data)
        if not hints:
            return
        tags = [tag for tag in read_every(data) if not tag.doubtful]
        ends = _ends(tags)
        for tag in tags:
            if tag.name[:1] == b"/":
                continue
            text = data[tag.start : tag.end]
            likely = [entry for hint in hints if hint in text for entry in self._by_hint[hint]]
            if likely and (found := _match([entry for _, entry in sorted(likely)], tag, data, self._meant)):
                yield Mounted(tag, ends.get(tag.start), *found)

    def _hints(self, data: bytes) -> list[bytes]:
        """What some selector asks for and the page has, to be found in the tag of each plug-in again."""
        hints: set[bytes] = set()
        if self._classes or self._class_parts:
            classes = _CLASS.findall(data)
            hints |= self._classes & _words(classes)
            joined = b" ".join(classes)
            hints.update(part for part in self._class_parts if part in joined)
        if self._attributes:
            hints |= self._attributes.intersection(_DATA.findall(data))
        if self._ids or self._id_starts:
            ids = _words(_ID.findall(data))
            hints |= self._ids & ids
            begun = [id for id in ids if id.startswith(tuple(self._id_starts))]
            hints.update(start for start in self._id_starts if any(id.startswith(start) for id in begun))
        if self._names:
            hints.update(self._names.findall(data))
        return sorted(hints)


def _longest_word(selector: Selector) -> bytes:
    """What stands in every tag that the selector means, unless a reference stands for it."""
    words = (*selector.classes, *(test.value or test.attribute for test in selector.tests))
    return max(words, key=len, default="").encode()


def _value(selector: Selector, attribute: str, *operators: str) -> str:
    """What an attribute must be, begin with or contain; empty where a selector does not ask for that."""
    return next(
        (test.value for test in selector.tests if test.attribute == attribute and test.operator in operators),
        "",
    )


def _match(
    entries: list[Entry], tag: Tag, data: bytes, meant: Callable[[bytes], bytes]
) -> tuple[str, Mount] | None:
    if tag.foreign:
        return None
    name = tag.name.decode("latin-1")
    attributes: dict[str, str] | None = None
    for selector, service, mount in entries:
        if selector.element and selector.element != name:
            continue
        if attributes is None:
            attributes = _attributes(tag, data, meant)
        if selector.matches(name, attributes):
            return service, mount
    return None


def _attributes(tag: Tag, data: bytes, meant: Callable[[bytes], bytes]) -> dict[str, str]:
    return {
        name.decode("latin-1"): attribute_text(
            meant(data[found.value_start : found.value_end]).decode("latin-1")
        )
        for name, found in tag.attributes(data).items()
    }


def _words(values: list[bytes]) -> set[bytes]:
    return set(b" ".join(values).translate(None, b"\"'").split())


def _ends(tags: list[Tag]) -> dict[int, int]:
    """The offset after the end tag, by that of the start tag. Only elements whose end tag stands where
    they do, and in which everything is closed that was opened, are among them: a table left open would
    take in what follows."""
    ends: dict[int, int] = {}
    opened: list[Tag] = []
    counts: Counter[bytes] = Counter()
    for tag in tags:
        if tag.body_end is not None or tag.name in VOID_NAMES:
            continue
        if tag.name[:1] != b"/":
            opened.append(tag)
            counts[tag.name] += 1
            continue
        whole = True
        while counts[tag.name[1:]]:
            start = opened.pop()
            counts[start.name] -= 1
            if start.name == tag.name[1:]:
                same = (start.noscript, start.template, start.foreign) == (
                    tag.noscript,
                    tag.template,
                    tag.foreign,
                )
                if whole and same:
                    ends[start.start] = tag.end
                break
            whole = whole and start.name in IMPLIED_END_NAMES
    return ends
