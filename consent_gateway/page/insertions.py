"""Where the three insertions go: guard script, notice, settings link."""

from __future__ import annotations

import re
from dataclasses import dataclass

from consent_gateway.page.grammar import ATTRIBUTES, END_TAG
from consent_gateway.page.patterns import compiled
from consent_gateway.page.reading import Reading
from consent_gateway.page.tags import Tag

_BLANK = (
    rb"[ \t\n\r\f]++|<!--(?:-?+>|(?:[^-]++|-(?!-!?>))*+--!?+>)"
    rb"|<!(?!--)[^>]*+>|<\?[^>]*+>|</(?![a-zA-Z])[^>]*+>"
)
# 13.2.6.4.1 to .3: what may stand before the head's first element without being content.
_PRELUDE = compiled(
    rb"(?:\xef\xbb\xbf)?+(?:" + _BLANK + rb")*+"
    rb"(?:<[hH][tT][mM][lL](?=[ \t\n\r\f/>])" + ATTRIBUTES + rb">(?:" + _BLANK + rb")*+)?+"
    rb"(?:<[hH][eE][aA][dD](?=[ \t\n\r\f/>])" + ATTRIBUTES + rb">)?+",
    re.S,
)
_SPACE = compiled(rb"(?:" + _BLANK + rb")*+", re.S)
# 13.2.6.4.4 and .6: start tags that stay in the head.
_HEAD_TAGS = frozenset(
    b"base basefont bgsound command link meta title style script noscript template noframes html head".split()
)
_BODY_ENDS = frozenset((b"/body", b"/html", b"/br"))  # the only end tags there that are not ignored
_VOID = frozenset(b"base basefont bgsound command link meta html head".split())
# 13.2.6.4.7: start tags after which a frameset is ignored.
_SEEN = frozenset(
    b"applet area body br button dd dt embed hr iframe img input keygen li listing marquee object pre select table"
    b" textarea wbr xmp".split()
)
_NEXT_TAG = compiled(rb"<(/?[a-zA-Z][^ \t\n\r\f/>]*+)" + ATTRIBUTES + rb">")


@dataclass(frozen=True, slots=True)
class Places:
    """Offsets in a page. `notice` and `settings` are None where no body is seen (framesets), all
    three where XML is no page."""

    guard: int | None
    notice: int | None
    settings: int | None


def prelude_end(data: bytes) -> int:
    """Where the head's content begins, or the body's if there is no head; 0 without any prelude."""
    match = _PRELUDE.match(data)
    return match.end() if match else 0


def places(data: bytes, reading: Reading) -> Places:
    """Where to insert, so that nothing of the page is read differently than before."""
    guard = prelude_end(data)
    notice = _body_start(data, reading, guard)
    return Places(guard, notice, None if notice is None else _body_end(data, reading, notice))


def places_in_xml(data: bytes, reading: Reading) -> Places:
    """The same for XHTML, where no tag is implied and nothing may follow the root."""
    found: dict[bytes, list[Tag]] = {}
    for tag in reading.tags:
        if (
            tag.name in (b"html", b"head", b"body", b"/body")
            and b":" not in data[tag.start : tag.attributes_start]
        ):
            found.setdefault(tag.name, []).append(tag)
    if not {b"html", b"body", b"/body"} <= found.keys():
        return Places(None, None, None)
    guard = found.get(b"head", found[b"html"])[0]
    if data[guard.end - 2] == 0x2F:  # <head/>
        guard = found[b"html"][0]
    return Places(guard.end, found[b"body"][0].end, found[b"/body"][-1].start)


def _body_start(data: bytes, reading: Reading, position: int) -> int | None:
    raw = ((tag.start, tag.body_end) for tag in reading.tags if tag.body_end is not None)
    ends = {start: found.end() for start, end in raw if (found := END_TAG.match(data, end))}
    closings = (
        tag for tag in reading.tags if tag.name == b"/template" and not (tag.template or tag.noscript)
    )
    while True:
        position = _skip_space(data, position)
        match = _NEXT_TAG.match(data, position)
        if not match:
            return position
        name = match[1].lower()
        if name == b"body":
            return match.end()
        if name == b"frameset":
            return None
        if name == b"template":
            closing = next((tag for tag in closings if tag.start > position), None)
            if closing is None:
                return None
            position = closing.end
        elif name in _VOID or (name[:1] == b"/" and name not in _BODY_ENDS):
            position = match.end()
        elif name in _HEAD_TAGS and position in ends:
            position = ends[position]
        else:
            return None if _has_frames(data, reading, position, ends) else position


def _has_frames(data: bytes, reading: Reading, position: int, ends: dict[int, int]) -> bool:
    """Whether a frameset takes the place of the body that begins here (13.2.6.4.7: it does as long as
    nothing but what is not seen has come before)."""
    frames = [tag.start for tag in reading.tags if tag.name == b"frameset" and tag.start >= position]
    while frames and position <= frames[0]:
        position = _skip_space(data, position)
        match = _NEXT_TAG.match(data, position)
        if not match or match[1].lower() in _SEEN:
            return False
        if position == frames[0]:
            return True
        position = ends.get(position, match.end())
    return False


def _skip_space(data: bytes, position: int) -> int:
    match = _SPACE.match(data, position)
    return match.end() if match else position


def _body_end(data: bytes, reading: Reading, notice: int) -> int:
    for name in (b"/body", b"/html"):
        for tag in reversed(reading.tags):
            if tag.name == name and not (tag.foreign or tag.noscript or tag.template or tag.doubtful):
                return max(tag.start, notice)
    return len(data) if reading.finished_in_text else notice
