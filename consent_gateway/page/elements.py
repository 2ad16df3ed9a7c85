"""The places of a page that belong to a service: found by address, by script type, by code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from consent_gateway.catalogue import Known, Mount
from consent_gateway.page import css
from consent_gateway.page.charset import Encoding, as_utf8, text_of
from consent_gateway.page.mounts import Mounts
from consent_gateway.page.positions import (
    FETCHING,
    FETCHING_SVG,
    LAZY,
    LAZY_ELEMENTS,
    SVG_HREF,
    Carrier,
    link_carrier,
    refresh_address,
    runs,
    srcset_addresses,
)
from consent_gateway.page.reading import Reading
from consent_gateway.page.tags import Attribute, Tag
from consent_gateway.urls import Address, attribute_bytes, attribute_text, resolve


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A third party that is in no list, on a site that holds those."""

    host: str


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list of the operator's holds: never released."""

    list: str


Owner = str | Known | Listed | Unlisted
NAMELESS = (Known, Listed, Unlisted)  # held without being a service


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One place in a page that belongs to `owner`.

    `attribute` names the attribute that holds the address; it is empty for the text of a script.
    `span` is the address inside CSS, with what to put in its place. `mount` is the plug-in that an
    element stands for, `end` the offset after it. `uses` marks code that needs a service to be there.
    """

    tag: Tag
    owner: Owner
    carrier: Carrier
    attribute: bytes = b""
    address: Address | None = None
    value: str = ""
    span: tuple[int, int, bytes] | None = None
    mount: Mount | None = None
    end: int | None = None
    uses: bool = False


# URL standard 4.4: without scheme, backslash or two slashes at its start it stays on the base's host.
_LOCAL = re.compile(r"(?!//)[^:\\\x00-\x20]*+\Z")

_MOST_BASES = 8

Classify = Callable[[Address, Carrier], Owner | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """How elements are recognised: whose an address is, whose plug-in an element, whom a script's code
    loads, and whom it needs to be there; and what is the site's own."""

    of_address: Classify
    of_code: Callable[[bytes], list[str]]
    of_use: Callable[[bytes], list[str]] = lambda code: []
    mounts: Mounts = field(default_factory=lambda: Mounts(()))
    is_own: Callable[[Address], bool] = lambda address: False


class Finder:
    """Finds the elements of one page."""

    def __init__(self, data: bytes, reading: Reading, recognise: Recognition, encoding: Encoding, url: str):
        self._data = data
        self._reading = reading
        self._recognise = recognise
        self._encoding = encoding
        self._bases = self._base_addresses(url)
        hosts = {address.host if (address := resolve("", base)) else "" for base in (url, *self._bases)}
        self._is_based_here = len(hosts) == 1
        self._servers: dict[str, str] = {}  # host → the service that runs on it

    def __iter__(self) -> Iterator[Element]:
        mounted = iter(self._mounted())
        following = next(mounted, None)
        for tag in self._reading.tags:
            while following and following.tag.start <= tag.start:
                yield following
                following = next(mounted, None)
            if tag.name[:1] != b"/":
                yield from self._of_tag(tag)
        if following:
            yield following
            yield from mounted

    @property
    def base(self) -> str:
        """What a document within is relative to: where that is not certain, what would be held."""
        owned = (
            base
            for base in self._bases
            if (found := resolve("", base)) and self._recognise.of_address(found, Carrier.FRAME)
        )
        return next(owned, self._bases[0])

    def _mounted(self) -> Iterator[Element]:
        for tag, end, service, mount in self._recognise.mounts.find(self._data):
            if self._is_foreign(tag, service, mount):
                yield Element(tag=tag, owner=service, carrier=Carrier.MOUNT, mount=mount, end=end)

    def _is_foreign(self, tag: Tag, service: str, mount: Mount) -> bool:
        """Whether a plug-in comes from another server than the site's own, which is remembered."""
        if not mount.server:
            return True
        attribute = tag.attributes(self._data).get(mount.server.encode())
        address = resolve(self._text(attribute), self.base) if attribute else None
        if address is None or self._recognise.is_own(address):
            return False
        self._servers[address.host] = service
        return True

    def _of_tag(self, tag: Tag) -> Iterator[Element]:
        attributes = tag.attributes(self._data)
        if tag.name == b"script":
            yield from self._script(tag, attributes)
        elif tag.name == b"link":
            yield from self._link(tag, attributes)
        elif tag.name == b"meta":
            yield from self._refresh(tag, attributes)
        elif tag.name == b"iframe":
            yield from self._frame(tag, attributes)
        elif tag.name == b"style" and tag.body_end is not None:
            yield from self._css(tag, tag.end, tag.body_end, b"")
        for name, carrier in FETCHING.get(tag.name, {}).items():
            if name in attributes and tag.name != b"script":
                yield from self._attribute(tag, attributes[name], carrier)
        in_svg = tag.foreign or self._reading.xml or not self._reading.certain
        if in_svg and (carrier_ := FETCHING_SVG.get(tag.name)):
            for name in SVG_HREF:
                if name in attributes:
                    yield from self._attribute(tag, attributes[name], carrier_)
        yield from self._everywhere(tag, attributes)

    def _everywhere(self, tag: Tag, attributes: dict[bytes, Attribute]) -> Iterator[Element]:
        if style := attributes.get(b"style"):
            yield from self._css(tag, style.value_start, style.value_end, b"style")
        if tag.name in LAZY_ELEMENTS:
            for name, attribute in attributes.items():
                if name.startswith(b"data-") and LAZY.match(name):
                    carrier = Carrier.FRAME if tag.name == b"iframe" else Carrier.LAZY
                    yield from self._attribute(tag, attribute, carrier)

    def _attribute(self, tag: Tag, attribute: Attribute, carrier: Carrier) -> Iterator[Element]:
        value = self._text(attribute)
        several = attribute.name == b"ping" or attribute.name.endswith(b"srcset")
        values = (
            value.split() if attribute.name == b"ping" else srcset_addresses(value) if several else [value]
        )
        for candidate in values:
            if found := self._owner(candidate, carrier):
                owner, address = found
                yield Element(
                    tag=tag,
                    owner=owner,
                    carrier=carrier,
                    attribute=attribute.name,
                    address=address,
                    value=value,
                )
                return

    def _script(self, tag: Tag, attributes: dict[bytes, Attribute]) -> Iterator[Element]:
        if found := self._recognise.mounts.of_tag(tag, self._data):
            service, mount = found
            end = tag.element_end(self._data) if tag.closed else None
            yield Element(tag=tag, owner=service, carrier=Carrier.MOUNT, mount=mount, end=end)
        kind = self._text(attributes[b"type"]) if b"type" in attributes else None
        if source := attributes.get(b"src"):
            yield from self._attribute(tag, source, Carrier.SCRIPT)
            return
        language = self._text(attributes[b"language"]) if b"language" in attributes else None
        if tag.body_end is not None and runs(kind, language):
            code = self._data[tag.end : tag.body_end]
            if tag.foreign and b"&" in code:
                code, _ = attribute_bytes(code)
            loaded = self._recognise.of_code(code)
            for service in loaded:
                yield Element(tag=tag, owner=service, carrier=Carrier.SCRIPT)
            for service in [] if loaded else self._recognise.of_use(code):
                yield Element(tag=tag, owner=service, carrier=Carrier.SCRIPT, uses=True)

    def _frame(self, tag: Tag, attributes: dict[bytes, Attribute]) -> Iterator[Element]:
        """A frame that is a plug-in by its looks, wherever it comes from."""
        found = self._recognise.mounts.of_tag(tag, self._data)
        if not found or not self._is_foreign(tag, *found):
            return
        service, mount = found
        for name, attribute in attributes.items():
            if name == b"src" or LAZY.match(name):
                value = self._text(attribute)
                yield Element(
                    tag=tag,
                    owner=service,
                    carrier=Carrier.FRAME,
                    attribute=name,
                    address=resolve(value, self.base),
                    value=value,
                    mount=mount,
                    end=tag.element_end(self._data),
                )

    def _link(self, tag: Tag, attributes: dict[bytes, Attribute]) -> Iterator[Element]:
        carrier = link_carrier(self._text(attributes[b"rel"])) if b"rel" in attributes else None
        if carrier:
            for name in (b"href", b"imagesrcset"):
                if name in attributes:
                    yield from self._attribute(tag, attributes[name], carrier)

    def _refresh(self, tag: Tag, attributes: dict[bytes, Attribute]) -> Iterator[Element]:
        kind, content = attributes.get(b"http-equiv"), attributes.get(b"content")
        if kind and content and self._text(kind).strip().lower() == "refresh":
            target = refresh_address(self._text(content))
            if target and (found := self._owner(target, Carrier.REFRESH)):
                owner, address = found
                yield Element(
                    tag=tag, owner=owner, carrier=Carrier.REFRESH, attribute=b"content", address=address
                )

    def _css(self, tag: Tag, start: int, end: int, attribute: bytes) -> Iterator[Element]:
        text, offsets = as_utf8(self._data[start:end], self._encoding)
        if b"&" in text and (attribute or tag.foreign):
            text, inner = attribute_bytes(text)
            offsets = [offsets[at] for at in inner]
        for address in css.addresses(text):
            if found := self._owner(address.value.decode("utf-8", "replace"), Carrier.STYLE):
                first, last = start + offsets[address.start], start + offsets[address.end]
                if tag.foreign and not attribute and (markup := self._data.find(b"<", first, last)) >= 0:
                    last = markup  # in svg a tag ends the text
                yield Element(
                    tag=tag,
                    owner=found[0],
                    carrier=Carrier.STYLE,
                    attribute=attribute,
                    address=found[1],
                    span=(first, last, address.nothing),
                )

    def _owner(self, value: str, carrier: Carrier) -> tuple[Owner, Address] | None:
        if self._is_based_here and _LOCAL.match(value):
            return None
        for base in self._bases:
            address = resolve(value, base)
            if address is None:
                continue
            owner = self._recognise.of_address(address, carrier)
            if owner is None or isinstance(owner, Unlisted):
                owner = self._servers.get(address.host, owner)
            if owner:
                return owner, address
        return None

    def _text(self, attribute: Attribute) -> str:
        value = self._data[attribute.value_start : attribute.value_end]
        return attribute_text(text_of(value, self._encoding))

    def _base_addresses(self, url: str) -> list[str]:
        """What relative addresses may be relative to, most likely first: the first base element counts
        (HTML standard 4.2.3), with scripting one in noscript does not, and not every tag must be one."""
        found: list[str] = []
        for tag in self._reading.tags:
            if tag.name == b"base" and not ((tag.foreign or tag.template) and self._reading.certain):
                href = tag.attributes(self._data).get(b"href")
                if href is None:
                    continue
                base = resolve(self._text(href), url)
                port = f":{base.port}" if base and base.port else ""
                address = f"{base.scheme}://{base.host}{port}{base.rest}" if base else url
                if address not in found:
                    found.append(address)
                if (self._reading.certain and not tag.noscript) or len(found) == _MOST_BASES:
                    return found
        return found if url in found else [*found, url]
