"""Conditional comments: `<!--[if IE]> … <![endif]-->`, which old browsers read as markup."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from consent_gateway.page.grammar import LONGEST_DOUBTFUL_TAG, START_TAG
from consent_gateway.page.patterns import compiled
from consent_gateway.page.reading import Reading, read
from consent_gateway.page.tags import Tag

_OPENING = compiled(rb"<!--\[if[^\]<>]*+\]>", re.I)
_CLOSING = compiled(rb"--!?>")


def conditional_tags(data: bytes, reading: Reading) -> Iterator[Tag]:
    """The tags inside of conditional comments, each of them doubtful: no other browser sees them.

    What is edited there is a name, a value in base64, a script's text taken out: none can end a comment.
    """
    starts: list[int] = []
    for opening in _OPENING.finditer(data):
        if not starts:
            starts = [tag.start for tag in reading.tags]
        if _in_text_or_tag(data, opening.start(), starts, reading):
            continue
        closing = _CLOSING.search(data, opening.start() + 4)
        if not closing or closing.start() <= opening.end():
            continue
        for tag in read(data[opening.end() : closing.start()]).tags:
            tag.start += opening.end()
            tag.end += opening.end()
            tag.attributes_start += opening.end()
            if tag.body_end is not None:
                tag.body_end += opening.end()
            tag.doubtful = True
            yield tag


def _in_text_or_tag(data: bytes, position: int, starts: list[int], reading: Reading) -> bool:
    """Whether a position lies inside of a tag, or of the text of a script, style or the like."""
    before = bisect_right(starts, position) - 1
    if before >= 0:
        tag = reading.tags[before]
        if position < (tag.end if tag.body_end is None or tag.name == b"noscript" else tag.body_end):
            return True
    opening = data.rfind(b"<", max(0, position - LONGEST_DOUBTFUL_TAG), position)
    match = START_TAG.match(data, opening) if opening > data.rfind(b">", max(0, opening), position) else None
    return match is not None and match.end() > position
