"""Plain links to what a plug-in shows, and those by which a page is shared: they need no consent."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qs, quote, urlsplit

from consent_gateway.catalogue import Mount
from consent_gateway.click_ids import without
from consent_gateway.page.documents import canonical_of, title_of
from consent_gateway.page.elements import Element
from consent_gateway.page.view import Page, View
from consent_gateway.treatments.sizes import value_of
from consent_gateway.urls import attribute_text, linked

USUAL = ("facebook", "linkedin", "whatsapp", "x")  # of a bar that names no network


class Link(NamedTuple):
    """By which a page is shared in the network of a service."""

    service: str
    address: str


class Links:
    """The links that one plug-in can have instead. Only http and https.

    Templates fill in `{src}`, `{page}`, `{title}`, `{1}` of the mount's capture, `{?name}` of the query of
    the address, `{data-name}` of the element: the first of several that is there. The capture is
    looked for in the address, or in the markup of an element that has none.
    """

    def __init__(self, element: Element, page: Page, mount: Mount | None, end: int) -> None:
        self._element = element
        self._data = page.data
        self._head = page.head
        self._view = page.view
        self._mount = mount
        self._markup = page.data[element.tag.start : end]
        self._source = element.value.strip()

    def alternative(self) -> str:
        """To the same thing: as its kind says, else to the document of a frame. Empty where there is none,
        and of a share button, which has links of its own."""
        if self._mount and self._mount.share:
            return ""
        template = (self._mount.alternative if self._mount else "") or "{src}"
        groups = self._captured()
        return "" if groups is None else _web(self._filled(template, groups))

    def shares(self) -> tuple[Link, ...]:
        """By which what a share button shares is shared; none where it is no share button."""
        mount = self._mount
        if mount is None or not mount.share:
            return ()
        url = _given(self._filled(mount.share), self._view) or page_address(self._head, self._view)
        text = self._filled(mount.share_text) if mount.share_text else ""
        names = self._named(mount.networks) or USUAL if mount.networks else (self._element.owner,)
        return shared(url, text, names, self._view)

    def _named(self, expression: str) -> tuple[str, ...]:
        """The networks that a bar names."""
        found = re.findall(expression.encode(), self._markup, re.I)
        words = re.split(rb"[^a-z0-9_-]+", b" ".join(found).lower())
        known = dict.fromkeys(word.decode() for word in words)
        return tuple(word for word in known if self._view.network(word))

    def _captured(self) -> tuple[str, ...] | None:
        """What the capture finds; None where it should find something and does not."""
        if not self._mount or not self._mount.capture:
            return ()
        text = self._source or attribute_text(self._markup.decode("utf-8", "replace"))
        match = re.search(self._mount.capture, text)
        return match.groups("") if match else None

    def _filled(self, template: str, groups: tuple[str, ...] = ()) -> str:
        asked = parse_qs(_split(self._source).query)

        def fill(found: re.Match[str]) -> str:
            alone = found[0] == template
            for name in found[1].split("|"):
                if value := self._value(name, groups, asked):
                    plain = name == "src" or name.isdigit() or found.start() == 0
                    return value if alone or plain else quote(value, safe="")
            return ""

        return re.sub(r"\{([^}]+)\}", fill, template)

    def _value(self, name: str, groups: tuple[str, ...], asked: dict[str, list[str]]) -> str:
        if name == "src":
            return self._source
        if name == "page":
            return page_address(self._head, self._view)
        if name == "title":
            return title_of(self._head)
        if name.isdigit():
            return groups[int(name) - 1] if int(name) <= len(groups) else ""
        if name.startswith("?"):
            return asked.get(name[1:], [""])[0]
        return value_of(self._element.tag, self._data, name.encode())


def page_address(head: bytes, view: View) -> str:
    """Of the page itself: as it names it for others (RFC 6596), else as it was asked for."""
    return _given(canonical_of(head), view) or without(view.url, view.click_ids)


def _given(address: str, view: View) -> str:
    """What a page gives to share, of the web, without what tells who has clicked on something."""
    return without(linked(address, view.url), view.click_ids)


def shared(url: str, text: str, names: tuple[object, ...], view: View) -> tuple[Link, ...]:
    """The links by which an address is shared in networks; parameters without a value are left out."""
    links: dict[str, str] = {}
    for network in filter(None, (view.network(str(name)) for name in names)):
        service, template = network
        for name, value in (("text", text), ("url", url)):
            if not value:
                template = re.sub(rf"&[A-Za-z_]+=\{{{name}\}}", "", template)
            template = template.replace(f"{{{name}}}", quote(value, safe=""))
        links.setdefault(service, template)
    return tuple(Link(service, link) for service, link in links.items() if _web(link))


def _web(link: str) -> str:
    """The link where it is one of the web's, whatever a page has put into it."""
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
