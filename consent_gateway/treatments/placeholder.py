"""Visible plug-ins. Held: a placeholder of their size. Loaded: as the site wrote them."""

from __future__ import annotations

import re
from functools import lru_cache
from textwrap import shorten

from consent_gateway.catalogue import Mount
from consent_gateway.page.edits import Edit
from consent_gateway.page.elements import Element
from consent_gateway.page.positions import Carrier
from consent_gateway.page.reading import read_every
from consent_gateway.page.tags import Tag
from consent_gateway.page.view import Page, Plugin, View
from consent_gateway.treatments import removal
from consent_gateway.treatments.links import Links
from consent_gateway.treatments.sizes import INVISIBLE, size, usual
from consent_gateway.urls import Matcher, Pattern, attribute_text

LONGEST_TEXT = 500  # characters
SMALL = 90  # CSS pixels: a plug-in of less height is a button, or a row of them


def hold(element: Element, page: Page) -> list[Edit]:
    """A placeholder for what would be seen, nothing for what would not."""
    if not _visible(element, page):
        if page.view.loads_loader(str(element.owner)):
            return []
        return removal.hold(element, page)
    return _plugin(element, page)


def load(element: Element, page: Page) -> list[Edit]:
    """As the site wrote it, and beside it what switches its service off."""
    if not _visible(element, page) or not page.first_edit_of(element.tag):
        return []
    page.next_instance()
    mount = element.mount or _of_address(element, page)
    return _undo(element, page, mount)


def _undo(element: Element, page: Page, mount: Mount | None) -> list[Edit]:
    """Of several small plug-ins of one service, such as a row of buttons, only the first has one."""
    service = str(element.owner)
    height = size(element.tag, page.data, mount)[1]
    small = height.endswith("px") and float(height.removesuffix("px")) < SMALL
    if not page.settled or (small and service in page.undone):
        return []
    written = page.view.undo(service, first=page.first, place="below" if small else "edge")
    if not written:
        return []
    page.undone.add(service)
    end = element.end if element.mount else element.tag.element_end(page.data)
    assert end is not None
    return [Edit(end, end, written)]


def _plugin(element: Element, page: Page) -> list[Edit]:
    if not page.first_edit_of(element.tag):
        return []
    assert isinstance(element.owner, str)
    instance = page.next_instance()
    tag = element.tag
    mount = element.mount or _of_address(element, page)
    if page.view.loads_instance(element.owner, instance):
        return []
    end = element.end if element.mount else tag.element_end(page.data)
    assert end is not None
    width, height = size(tag, page.data, mount)
    links = Links(element, page, mount, end)
    kinds = _kinds(mount)
    plugin = Plugin(
        service=element.owner,
        instance=instance,
        width=width,
        height=height,
        alternative=links.alternative(),
        shares=links.shares(),
        kinds=kinds,
        text=_words(page.data[tag.end : end]) if mount and mount.text else "",
        original=page.data[tag.start : end],
        frame=page.view.frame(element.owner, kinds) if tag.name == b"iframe" else (),
    )
    first = page.first
    page.placeholders.add(element.owner)
    return [Edit(tag.start, end, page.view.placeholder(plugin, first=first))]


def _visible(element: Element, page: Page) -> bool:
    """Whether a plug-in is seen here and can be replaced as a whole."""
    tag = element.tag
    if tag.foreign or tag.noscript or tag.template or tag.doubtful or tag.start < page.body:
        return False
    if not page.certain:
        return False
    if element.carrier is Carrier.MOUNT:
        return element.end is not None
    if element.carrier is not Carrier.FRAME or tag.name != b"iframe" or tag.body_end is None:
        return False
    return not _hidden(tag, page.data)


_HIDING = re.compile(rb"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


def _hidden(tag: Tag, data: bytes) -> bool:
    attributes = tag.attributes(data)
    style = attributes.get(b"style")
    if b"hidden" in attributes or (style and _HIDING.search(data, style.value_start, style.value_end)):
        return True
    for name in (b"width", b"height"):
        if name in attributes:
            value = data[attributes[name].value_start : attributes[name].value_end].strip()
            if value.isdigit() and int(value) <= INVISIBLE:
                return True
    return False


def _of_address(element: Element, page: Page) -> Mount | None:
    assert isinstance(element.owner, str)
    for mount in page.view.mounts(element.owner):
        if mount.url and element.address and _matches(mount.url, element):
            return mount
    return None


_MARKUP = re.compile(rb"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)|<[^>]*(?:>|\Z)", re.I | re.S)


def _words(markup: bytes) -> str:
    """What a plug-in says before it is loaded, such as the text of a post: without markup, cut off
    after some lines."""
    text = attribute_text(_MARKUP.sub(b" ", markup).decode("utf-8", "replace"))
    return shorten(text, LONGEST_TEXT, placeholder=" \u2026")


def _kinds(mount: Mount | None) -> tuple[str, ...]:
    return tuple(mount.id.split("-")) if mount else ()


def _matches(url: str, element: Element) -> bool:
    address = element.address
    assert address is not None
    return _matcher(url).find(address.host, address.rest) is not None


@lru_cache(maxsize=512)
def _matcher(url: str) -> Matcher[bool]:
    return Matcher([(Pattern.parse(url), True)], stand_ins=True)


def of_mount(service: str, mount: Mount, outline: bytes, view: View) -> Plugin:
    """A plug-in of a kind of which at most its tags are known, with the number 0."""
    width, height = usual(mount)
    data = outline if outline[:1] == b"<" else b"<div>"
    tag = next(iter(read_every(data)), Tag(b"div", 0, len(data), len(data)))
    element = Element(tag=tag, owner=service, carrier=Carrier.MOUNT, mount=mount)
    links = Links(element, Page(data, view, certain=True, body=0), mount, len(data))
    return Plugin(
        service=service,
        instance=0,
        width=width,
        height=height,
        alternative=links.alternative(),
        shares=links.shares(),
        kinds=_kinds(mount),
        text="",
        original=b"",
    )
