"""The tags of a whole document, for every browser that may read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from consent_gateway.page.grammar import LONGEST_DOUBTFUL_TAG, RAW_END, START_TAG, XML
from consent_gateway.page.tags import Tag
from consent_gateway.page.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Reading:
    """The tags of a document in order of position, for every browser.

    `certain` is False where browsers may disagree about what is markup: then everything that could
    be a tag is among them.
    """

    tags: list[Tag]
    finished_in_text: bool
    certain: bool
    xml: bool = False


def read(data: bytes) -> Reading:
    """Reads an HTML document; tags that can make no browser fetch anything are left out."""
    tokens = Tokens(data)
    tags = list(tokens)
    others: Iterable[Tag] = ()
    if tokens.uncertain:
        others = anything_like_a_tag(data)
    elif tokens.scanned_ahead:
        others = Tokens(data, foreign=False)
    if others:
        known = {tag.start for tag in tags}
        for tag in others:
            if tag.start not in known:
                tag.doubtful = True
                tags.append(tag)
        tags.sort(key=lambda tag: tag.start)
    return Reading(tags, tokens.finished_in_text, not tokens.uncertain)


def read_every(data: bytes) -> list[Tag]:
    """All tags of an HTML document, in order, as a browser with svg and math reads it."""
    return list(Tokens(data, every=True))


def anything_like_a_tag(data: bytes) -> Iterator[Tag]:
    """Every start tag that any reading of the document could find, up to a length."""
    position = data.find(b"<")
    while position >= 0:
        match = START_TAG.match(data, position, position + LONGEST_DOUBTFUL_TAG)
        if match:
            yield Tag(match[1].lower(), position, match.end(), match.start(2))
        position = data.find(b"<", position + 1)


def read_xml(data: bytes) -> Reading:
    """Reads an XML document (XHTML, SVG); names come without their namespace prefix."""
    tags: list[Tag] = []
    position = 0
    while True:
        match = XML.match(data, position)
        if match is None or match[1] is None:
            return Reading(tags, match is not None and match.end() == len(data), True, xml=True)
        position = match.end()
        name = match[1].rpartition(b":")[2].lower()
        tag = Tag(name, match.start(1) - 1, match.end(), match.start(2))
        if data[position - 2] == 0x2F:
            tag.body_end, tag.closed = position, False
        elif name in (b"script", b"style", b"iframe"):
            end = RAW_END[name].search(data, position)
            tag.closed = end is not None
            tag.body_end = end.start() if end else len(data)
        tags.append(tag)
