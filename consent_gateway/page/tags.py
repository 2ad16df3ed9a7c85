"""A tag of a document and its attributes, by their byte positions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from consent_gateway.page.grammar import ATTRIBUTE, END_TAG


class Attribute(NamedTuple):
    """Where an attribute stands: its name, and its value without quotes (empty span: no value)."""

    name: bytes
    name_start: int
    value_start: int
    value_end: int


@dataclass(slots=True)
class Tag:
    """A tag. `name` is in lower case, an end tag's begins with a slash.

    `body_end` is where the raw text after a start tag ends (the offset of its end tag), None where
    the element has no raw text; `closed` says whether that end tag is there. `doubtful` ones are
    perhaps none: nothing but an attribute of theirs may be edited.
    """

    name: bytes
    start: int
    end: int
    attributes_start: int
    foreign: bool = False
    noscript: bool = False
    template: bool = False
    doubtful: bool = False
    body_end: int | None = None
    closed: bool = True
    _attributes: dict[bytes, Attribute] | None = field(default=None, compare=False, repr=False)

    def every_attribute(self, data: bytes) -> Iterator[Attribute]:
        """Its attributes in order, duplicates included; names in lower case."""
        for match in ATTRIBUTE.finditer(data, self.attributes_start, self.end):
            if match[1] is None:
                continue
            group = match.lastindex or 1
            start, end = match.span(group) if group > 1 else (match.end(), match.end())
            yield Attribute(match[1].lower(), match.start(1), start, end)

    def attributes(self, data: bytes) -> dict[bytes, Attribute]:
        """Its attributes by lower-case name; of duplicates the first counts (13.2.5.33)."""
        if self._attributes is None:
            found: dict[bytes, Attribute] = {}
            for match in ATTRIBUTE.finditer(data, self.attributes_start, self.end):
                name = (match[1] or b"").lower()
                if name and name not in found:
                    group = match.lastindex or 1
                    start, end = match.span(group) if group > 1 else (match.end(), match.end())
                    found[name] = Attribute(name, match.start(1), start, end)
            self._attributes = found
        return self._attributes

    def element_end(self, data: bytes) -> int:
        """The offset after the end tag of an element with raw text, or after its text."""
        if self.body_end is None:
            return self.end
        if not self.closed:
            return self.body_end
        end_tag = END_TAG.match(data, self.body_end)
        return end_tag.end() if end_tag else len(data)
