"""Visible plug-ins. Held: a placeholder of their size. Loaded: as the site wrote them."""

from __future__ import annotations

import re
from functools import lru_cache
from textwrap import shorten
from urllib.parse import SplitResult, parse_qs, quote, urlsplit

from consent_gateway.catalogue import Mount
from consent_gateway.page.edits import Edit
from consent_gateway.page.elements import Element
from consent_gateway.page.positions import Carrier
from consent_gateway.page.tags import Tag
from consent_gateway.page.view import Page, Plugin
from consent_gateway.treatments import removal
from consent_gateway.treatments.sizes import INVISIBLE, size, usual, value_of
from consent_gateway.urls import Matcher, Pattern, attribute_text

LONGEST_TEXT = 500  # characters


def hold(element: Element, page: Page) -> list[Edit]:
    """A placeholder for what would be seen, nothing for what would not."""
    if not _visible(element, page):
        if page.view.loads_loader(str(element.owner)):
            return []
        return removal.hold(element, page)
    return _plugin(element, page)


def load(element: Element, page: Page) -> list[Edit]:
    if _visible(element, page) and page.first_edit_of(element.tag):
        page.next_instance()
    return []


def _plugin(element: Element, page: Page) -> list[Edit]:
    if not page.first_edit_of(element.tag):
        return []
    assert isinstance(element.owner, str)
    instance = page.next_instance()
    if page.view.loads_instance(element.owner, instance):
        return []
    tag = element.tag
    mount = element.mount or _of_address(element, page)
    end = element.end if element.mount else tag.element_end(page.data)
    assert end is not None
    width, height = size(tag, page.data, mount)
    plugin = Plugin(
        service=element.owner,
        instance=instance,
        width=width,
        height=height,
        alternative=_alternative(element, page, mount, end),
        kinds=tuple(mount.id.split("-")) if mount else (),
        text=_words(page.data[tag.end : end]) if mount and mount.text else "",
        original=page.data[tag.start : end],
    )
    first = not page.placeholders
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


def _matches(url: str, element: Element) -> bool:
    address = element.address
    assert address is not None
    return _matcher(url).find(address.host, address.rest) is not None


@lru_cache(maxsize=512)
def _matcher(url: str) -> Matcher[bool]:
    return Matcher([(Pattern.parse(url), True)], stand_ins=True)


def of_mount(service: str, mount: Mount) -> Plugin:
    """A plug-in of a kind of which nothing else is known, with the number 0."""
    width, height = usual(mount)
    return Plugin(
        service=service,
        instance=0,
        width=width,
        height=height,
        alternative="",
        kinds=tuple(mount.id.split("-")),
        text="",
        original=b"",
    )


def _alternative(element: Element, page: Page, mount: Mount | None, end: int) -> str:
    """A plain link to the same thing; empty where there is none. Only http and https.

    The mount's template fills in `{src}`, `{page}`, `{1}` of its capture, `{?name}` of the query of
    the address, `{data-name}` of the element: the first of several that is there. The capture is
    looked for in the address, or in the markup of an element that has none.
    """
    template = mount.alternative if mount else ""
    source = element.value.strip()
    if mount and mount.capture and not source:
        source = attribute_text(page.data[element.tag.start : end].decode("utf-8", "replace"))
    asked = parse_qs(_split(source).query) if template else {}
    groups: tuple[str, ...] = ()
    if mount and mount.capture:
        match = re.search(mount.capture, source)
        if not match:
            return ""
        groups = match.groups()

    def fill(found: re.Match[str]) -> str:
        for name in found[1].split("|"):
            if name == "src":
                return source
            if name == "page":
                return quote(page.view.url, safe="")
            if name.isdigit():
                return groups[int(name) - 1] if int(name) <= len(groups) else ""
            if name.startswith("?"):
                value = asked.get(name[1:], [""])[0]
            else:
                value = value_of(element.tag, page.data, name.encode())
            if value:
                return value if found.start() == 0 else quote(value, safe="")
        return ""

    link = re.sub(r"\{([^}]+)\}", fill, template)
    if link.startswith("//"):
        link = f"https:{link}"
    parts = _split(link)
    return link if parts.scheme in ("http", "https") and parts.netloc else ""


def _split(link: str) -> SplitResult:
    """Its parts; none for what is no address, such as one with half a pair of brackets."""
    try:
        return urlsplit(link)
    except ValueError:
        return urlsplit("")
