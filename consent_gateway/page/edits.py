"""Edits by byte position: what no edit touches stays as it came."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import NamedTuple

from consent_gateway.page.tags import Attribute, Tag

INERT = b"data-privacy-"
KEPT = b"data-privacy-kept-"


class Edit(NamedTuple):
    """Replace the bytes from `start` up to `end` by `text`; an insertion has both alike."""

    start: int
    end: int
    text: bytes


def apply(data: bytes, edits: Iterable[Edit]) -> bytes:
    """The document after the edits. Of two that overlap the one that begins first counts: it
    replaces an element as a whole, and the other lies inside that element. What is inserted
    where a replacement begins goes before it. The same edit twice, for two owners, is one."""
    parts: list[bytes] = []
    position = 0
    for edit in sorted(dict.fromkeys(edits), key=lambda edit: (edit.start, edit.end > edit.start, -edit.end)):
        if edit.start < position:
            continue
        parts += (data[position : edit.start], edit.text)
        position = edit.end
    parts.append(data[position:])
    return b"".join(parts)


def encoded(original: bytes) -> bytes:
    """An original as it is kept in an attribute: nothing in it can be taken for an address."""
    return base64.b64encode(original)


def inert_attribute(data: bytes, tag: Tag, name: bytes) -> list[Edit]:
    """The attribute, in every duplicate, renamed to `data-privacy-NAME` and its value encoded.

    A duplicate left alone would count once the first one is renamed. Where there may be no tag the
    value stays, behind `data-privacy-kept-NAME`: a quote in it may end something else.
    """
    edits = []
    for attribute in tag.every_attribute(data):
        if attribute.name == name:
            edits.append((kept if tag.doubtful else _inert)(data, attribute))
    return edits


def _inert(data: bytes, attribute: Attribute) -> Edit:
    value = encoded(data[attribute.value_start : attribute.value_end])
    text = INERT + data[attribute.name_start : attribute.value_start] + value
    return Edit(attribute.name_start, attribute.value_end, text)


def kept(data: bytes, attribute: Attribute) -> Edit:
    """The attribute renamed, with its value as it is."""
    start, end = attribute.name_start, attribute.value_start
    return Edit(start, end, KEPT + data[start:end])


def inert_type(tag: Tag, owner: str, *, uses: bool = False) -> Edit:
    """A type before the script's own: the first attribute of a name counts (13.2.5.33). `uses` marks
    code that runs only after the service's loader."""
    at = tag.attributes_start
    mark = b" data-privacy-uses" if uses else b""
    if tag.doubtful:  # perhaps inside a quoted value, which must not end here
        return Edit(at, at, b" type=text/plain data-privacy-service=%s%s" % (owner.encode("ascii"), mark))
    return Edit(at, at, b' type="text/plain" data-privacy-service="%s"%s' % (owner.encode("ascii"), mark))


def inert_text(data: bytes, tag: Tag) -> list[Edit]:
    """The text of a script moved into an attribute, encoded. In svg it stays, for it is markup there
    (a comment in it may hide what follows), and so it does where there may be no script at all."""
    if tag.body_end is None or tag.foreign or tag.doubtful:
        return []
    at = tag.attributes_start
    kept = b' data-privacy-text="%s"' % encoded(data[tag.end : tag.body_end])
    return [Edit(at, at, kept), Edit(tag.end, tag.body_end, b"")]
