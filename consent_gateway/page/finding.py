"""The places of a page that belong to somebody, in their order: by address, by looks, by code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from consent_gateway.page import amp, hints, policies, sheets, svg
from consent_gateway.page.charset import UTF8, Encoding, as_utf8
from consent_gateway.page.comments import conditional_tags
from consent_gateway.page.edits import Edit
from consent_gateway.page.elements import Element, Recognition
from consent_gateway.page.lookup import Lookup, Owned
from consent_gateway.page.mentions import mentions
from consent_gateway.page.pixels import PIXEL, PIXEL_ELEMENTS, is_pixel
from consent_gateway.page.plugins import Plugins
from consent_gateway.page.positions import (
    PLUGIN_PARAMETERS,
    Carrier,
    candidates,
    carrier_of,
    link_carrier,
    refresh_address,
)
from consent_gateway.page.reading import Reading
from consent_gateway.page.scripts import Scripts
from consent_gateway.page.tags import Attribute, Tag
from consent_gateway.urls import attribute_bytes

_TAGS = re.compile(r"<[^>]*+>?")


class Finder:
    """Finds the elements of one page."""

    def __init__(self, data: bytes, reading: Reading, recognise: Recognition, encoding: Encoding, url: str):
        self._data = data
        self._reading = reading
        self._recognise = recognise
        self._encoding = encoding
        self._lookup = Lookup(data, reading, recognise, encoding, url)
        self._scripts = Scripts(data, reading, recognise, self._lookup, encoding)
        self._plugins = Plugins(data, reading, recognise, self._lookup)

    @property
    def base(self) -> str:
        """What a document within the page is relative to."""
        return self._lookup.base

    def mentions(self) -> frozenset[str]:
        """The services that code of the page may load, by the addresses it could read."""
        places = mentions(self._data, self._reading, self._recognise.knows)
        found = (self._recognise.of_mention(*place) for place in places)
        return frozenset(service for service in found if service)

    def admitted(self, path: str, loads: Callable[[str], bool]) -> Iterator[Edit]:
        """The edits by which policies in the page let released measurement in below a path of ours."""
        if address := self._lookup.whole(path):
            named = policies.is_released(self._recognise, loads)
            yield from policies.edits(self._data, self._reading.tags, self._lookup, address.url, named)

    @cached_property
    def unexplained(self) -> Sequence[Element]:
        """The connections made ahead that nothing in the page explains."""
        return list(hints.unexplained(self._data, self._reading, self._lookup))

    def __iter__(self) -> Iterator[Element]:
        # All of them first: what a page connects to in its head may be the server of a post in its body.
        mounted = iter(self._plugins.learn())
        following = next(mounted, None)
        for tag in self._tags():
            while following and following.tag.start <= tag.start:
                yield following
                following = next(mounted, None)
            if tag.name[:1] != b"/":
                yield from self._of_tag(tag)
        if following:
            yield following
            yield from mounted

    def _tags(self) -> Sequence[Tag]:
        hidden = () if self._reading.xml else tuple(conditional_tags(self._data, self._reading))
        tags = self._reading.tags
        return sorted((*tags, *hidden), key=lambda tag: tag.start) if hidden else tags

    def _of_tag(self, tag: Tag) -> Iterator[Element]:
        attributes = tag.attributes(self._data)
        if tag.name in amp.NAMING:
            yield from self._named(tag, attributes)
        if tag.name == b"script":
            yield from self._plugins.of_script(tag, attributes)
            yield from self._scripts.of_element(tag, attributes)
        elif tag.name == b"link":
            yield from self._link(tag, attributes)
        elif tag.name == b"meta":
            yield from self._refresh(tag, attributes)
        elif tag.name == b"iframe":
            yield from self._plugins.of_frame(tag, attributes)
        elif tag.name == b"style" and tag.body_end is not None:
            yield from self._css(tag, tag.end, tag.body_end, b"")
        elif tag.name == b"param":
            yield from self._parameter(tag, attributes)
        elif tag.name == b"?xml-stylesheet" and b"href" in attributes:
            yield from self._attribute(tag, attributes[b"href"], Carrier.STYLE)
        in_svg = tag.foreign or self._reading.xml or not self._reading.certain
        for name, attribute in attributes.items():
            if (carrier := carrier_of(tag.name, name)) and (in_svg or not svg.is_href(name)):
                yield from self._by_name(tag, attribute, carrier)

    def _by_name(self, tag: Tag, attribute: Attribute, carrier: Carrier) -> Iterator[Element]:
        if carrier is Carrier.STYLE:
            yield from self._css(tag, attribute.value_start, attribute.value_end, attribute.name)
        elif carrier is Carrier.HANDLER:
            yield from self._scripts.of_handler(tag, attribute)
        elif carrier is Carrier.SCRIPT and (found := self._scripts.of_source(tag, attribute)) is not None:
            yield from found
        else:
            yield from self._attribute(tag, attribute, carrier)

    def _attribute(
        self, tag: Tag, attribute: Attribute, carrier: Carrier, also: Carrier | None = None
    ) -> Iterator[Element]:
        value = self._lookup.text(attribute)
        for candidate in candidates(attribute.name, value):
            found = self._lookup.owned(candidate, carrier)
            if found is None and also not in (None, carrier):
                found = self._lookup.owned(candidate, also)
            if found:
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
        if carrier is Carrier.FRAME:
            yield from self._scripts.of_frame(tag, attribute, value)
        elif tag.name in PIXEL_ELEMENTS and attribute.name == b"src":
            yield from self._pixel(tag, attribute, value)

    def _pixel(self, tag: Tag, attribute: Attribute, value: str) -> Iterator[Element]:
        attributes = tag.attributes(self._data)
        address = self._lookup.foreign(value)
        if address and is_pixel(lambda name: self._lookup.value(attributes, name), address):
            yield Element(
                tag=tag, owner=PIXEL, carrier=Carrier.IMAGE, attribute=b"src", address=address, value=value
            )

    def _parameter(self, tag: Tag, attributes: dict[bytes, Attribute]) -> Iterator[Element]:
        name, value = attributes.get(b"name"), attributes.get(b"value")
        if name and value and self._lookup.text(name).strip().lower() in PLUGIN_PARAMETERS:
            yield from self._attribute(tag, value, Carrier.OBJECT)

    def _link(self, tag: Tag, attributes: dict[bytes, Attribute]) -> Iterator[Element]:
        rel = self._lookup.value(attributes, "rel").lower()
        kind = self._lookup.value(attributes, "as").strip().lower()
        brings_script = kind == "script" or "modulepreload" in rel.split()
        if carrier := link_carrier(rel):
            for name in (b"href", b"imagesrcset"):
                if name in attributes:
                    also = Carrier.SCRIPT if brings_script else carrier
                    yield from self._attribute(tag, attributes[name], carrier, also)

    def _refresh(self, tag: Tag, attributes: dict[bytes, Attribute]) -> Iterator[Element]:
        kind, content = attributes.get(b"http-equiv"), attributes.get(b"content")
        if kind and content and self._lookup.text(kind).strip().lower() == "refresh":
            target = refresh_address(self._lookup.text(content))
            if target and (found := self._lookup.owned(target, Carrier.REFRESH)):
                owner, address = found
                yield Element(
                    tag=tag, owner=owner, carrier=Carrier.REFRESH, attribute=b"content", address=address
                )

    def _named(self, tag: Tag, attributes: dict[bytes, Attribute]) -> Iterator[Element]:
        address = amp.named_by(tag.name, lambda name: self._lookup.value(attributes, name))
        if address and (found := self._lookup.owned(address, Carrier.LAZY)):
            owner, whole = found
            name = amp.NAMING[tag.name]
            yield Element(tag=tag, owner=owner, carrier=Carrier.LAZY, attribute=name, address=whole)

    def _css(self, tag: Tag, start: int, end: int, attribute: bytes) -> Iterator[Element]:
        text, offsets = as_utf8(self._data[start:end], self._encoding)
        if b"&" in text and (attribute or tag.foreign or self._reading.xml):
            text, inner = attribute_bytes(text)
            offsets = [offsets[at] for at in inner]
        in_markup = tag.foreign and not attribute
        owner_of = self._of_cut if in_markup else self._lookup.by(Carrier.STYLE)
        for address, found in sheets.contacts(text, UTF8, owner_of):
            first, last = start + offsets[address.start], start + offsets[address.end]
            if in_markup and (markup := self._data.find(b"<", first, last)) >= 0:
                last = markup
            yield Element(
                tag=tag,
                owner=found[0],
                carrier=Carrier.STYLE,
                attribute=attribute,
                address=found[1],
                span=(first, last, address.nothing),
            )

    def _of_cut(self, value: str) -> Owned | None:
        """In svg a tag ends the text, or stands between two parts of it."""
        found = self._lookup.owned(value.partition("<")[0], Carrier.STYLE)
        return found or self._lookup.owned(_TAGS.sub("", value), Carrier.STYLE)
