"""The tags of a whole document, for every browser that may read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from consent_gateway.page.grammar import LONGEST_DOUBTFUL_TAG, START_TAG, TEXT_END, UNFINISHED_TAG
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
    """Every start tag that any reading of the document could find, or the beginning of a long one."""
    position = data.find(b"<")
    while position >= 0:
        limit = position + LONGEST_DOUBTFUL_TAG
        match = START_TAG.match(data, position, limit) or UNFINISHED_TAG.match(data, position, limit)
        if match:
            tag = Tag(match[1].lower(), position, match.end(), match.start(2))
            if text_end := TEXT_END.get(tag.name):
                # No text goes beyond the next tag of its kind, so that none is read twice.
                following = text_end.search(data, tag.end)
                tag.body_end = following.start() if following else len(data)
            yield tag
        position = data.find(b"<", position + 1)
