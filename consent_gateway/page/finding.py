"""The places of a page that belong to a service: found by address, by script type, by code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from consent_gateway.catalogue import Known, Mount
from consent_gateway.page import amp, instructions, nested, sheets, svg
from consent_gateway.page.bases import bases
from consent_gateway.page.charset import UTF8, Encoding, as_utf8, text_of
from consent_gateway.page.comments import conditional_tags
from consent_gateway.page.elements import Element, Owner, Recognition, Unlisted
from consent_gateway.page.inline import Contact, Inline
from consent_gateway.page.mentions import mentions
from consent_gateway.page.positions import (
    PLUGIN_PARAMETERS,
    Carrier,
    candidates,
    carrier_of,
    link_carrier,
    parked,
    refresh_address,
    runs,
)
from consent_gateway.page.reading import Reading
from consent_gateway.page.tags import Attribute, Tag
from consent_gateway.urls import Address, attribute_bytes, attribute_text, resolve

# URL standard 4.4: without scheme, backslash or two slashes at its start it stays on the base's host.
_MARKUP = re.compile(rb"<[^>]*+>?")
_TAGS = re.compile(r"<[^>]*+>?")
_LOCAL = re.compile(r"(?!//)[^:\\\x00-\x20]*+\Z")


class Finder:
    """Finds the elements of one page."""

    def __init__(self, data: bytes, reading: Reading, recognise: Recognition, encoding: Encoding, url: str):
        self._data = data
        self._reading = reading
        self._recognise = recognise
        self._encoding = encoding
        self._servers: dict[str, str] = {}  # host → the service that runs on it
        self._frames: dict[int, tuple[str, Mount]] = {}  # by the offset of their tags
        self._inline = Inline[Owner](
            of_code=recognise.of_code,
            of_use=recognise.of_use,
            owner_of=self._of(Carrier.SCRIPT),
            written=lambda owner: isinstance(owner, Known),
            encoding=encoding,
        )
        self._bases = bases(data, reading, encoding, url)
        there = [resolve("", base) for base in self._bases]
        self._are_here = all(base is not None and recognise.is_own(base) for base in there)

    @property
    def base(self) -> str:
        """What a document within is relative to: where that is not certain, what would be held."""
        owned = (
            base
            for base in self._bases
            if (found := resolve("", base)) and self._recognise.of_address(found, Carrier.FRAME)
        )
        return next(owned, self._bases[0])

    def mentions(self) -> frozenset[str]:
        """The services that code of the page may load, by the addresses it could read."""
        places = mentions(self._data, self._reading, self._recognise.knows)
        found = (self._recognise.of_mention(*place) for place in places)
        return frozenset(service for service in found if service)

    def __iter__(self) -> Iterator[Element]:
        # All of them first: what a page connects to in its head may be the server of a post in its body.
        plugins = list(self._mounted())
        self._frames = dict(self._plugin_frames())
        mounted = iter(plugins)
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

    def _mounted(self) -> Iterator[Element]:
        for tag, end, service, mount in self._recognise.mounts.find(self._data):
            if self._is_foreign(tag, service, mount):
                yield Element(tag=tag, owner=service, carrier=Carrier.MOUNT, mount=mount, end=end)

    def _plugin_frames(self) -> Iterator[tuple[int, tuple[str, Mount]]]:
        """The frames that are plug-ins by their looks, wherever they come from."""
        for tag in self._reading.tags:
            if tag.name == b"iframe":
                found = self._recognise.mounts.of_tag(tag, self._data)
                if found and self._is_foreign(tag, *found):
                    yield tag.start, found

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
            text, _ = attribute_bytes(self._data[attribute.value_start : attribute.value_end])
            for contact in self._inline.of_handler(text):
                yield _of_contact(contact, tag, carrier, attribute.name)
        elif carrier is Carrier.SCRIPT:
            yield from self._source(tag, attribute)
        else:
            yield from self._attribute(tag, attribute, carrier)

    def _attribute(self, tag: Tag, attribute: Attribute, carrier: Carrier) -> Iterator[Element]:
        value = self._text(attribute)
        for candidate in candidates(attribute.name, value):
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
        if carrier is Carrier.FRAME:
            for contact in self._inline.of_javascript_address(value):
                yield _of_contact(contact, tag, carrier, attribute.name)

    def _parameter(self, tag: Tag, attributes: dict[bytes, Attribute]) -> Iterator[Element]:
        name, value = attributes.get(b"name"), attributes.get(b"value")
        if name and value and self._text(name).strip().lower() in PLUGIN_PARAMETERS:
            yield from self._attribute(tag, value, Carrier.OBJECT)

    def _script(self, tag: Tag, attributes: dict[bytes, Attribute]) -> Iterator[Element]:
        if found := self._recognise.mounts.of_tag(tag, self._data):
            service, mount = found
            end = tag.element_end(self._data) if tag.closed else None
            yield Element(tag=tag, owner=service, carrier=Carrier.MOUNT, mount=mount, end=end)
        kind = self._text(attributes[b"type"]) if b"type" in attributes else None
        if component := attributes.get(b"custom-element"):
            yield from self._component(tag, self._text(component))
        in_svg = tag.foreign or self._reading.xml  # there src may be no address, and the text runs
        if (b"src" in attributes and not in_svg) or tag.body_end is None:
            return
        text = self._data[tag.end : tag.body_end]
        if b"<" in text and tag.foreign:
            text += b"\n" + _MARKUP.sub(b"", text)  # tags in it stand between two parts of the code
        if b"&" in text and self._has_references(tag):
            text, _ = attribute_bytes(text)
        language = self._text(attributes[b"language"]) if b"language" in attributes else None
        if runs(kind, language) or (kind is not None and parked(kind)):
            module = kind is not None and "module" in kind.lower()
            for contact in self._inline.contacts(text, module=module):
                yield _of_contact(contact, tag, Carrier.SCRIPT)
        elif kind and kind.strip().lower() in instructions.KINDS:
            yield from self._obeyed(tag, kind.strip().lower())

    def _component(self, tag: Tag, component: str) -> Iterator[Element]:
        if (address := amp.address_of(component)) and (found := self._owner(address, Carrier.SCRIPT)):
            yield Element(tag=tag, owner=found[0], carrier=Carrier.SCRIPT, attribute=b"src", address=found[1])

    def _source(self, tag: Tag, attribute: Attribute) -> Iterator[Element]:
        inside = nested.content_of(self._text(attribute))
        if inside is None:
            yield from self._attribute(tag, attribute, Carrier.SCRIPT)
            return
        for contact in self._inline.contacts(inside[0], module=True):
            yield _of_contact(contact, tag, Carrier.SCRIPT, attribute.name)

    def _obeyed(self, tag: Tag, kind: str) -> Iterator[Element]:
        """An import map or speculation rules: each address by itself; the whole where rules apply to
        whatever links are in the page, and there is one that is held."""
        assert tag.body_end is not None
        text = self._data[tag.end : tag.body_end]
        for found, contact in self._inline.of_instructions(text, kind):
            yield Element(
                tag=tag,
                owner=contact.owner,
                carrier=Carrier.HINT,
                address=contact.address,
                span=(tag.end + found.start, tag.end + found.end, instructions.NOTHING[kind]),
            )
        if kind == instructions.SPECULATION_RULES and instructions.may_follow_links(text):
            for address in instructions.links(self._data):
                if owned := self._owner(self._plain(address), Carrier.HINT):
                    yield Element(tag=tag, owner=owned[0], carrier=Carrier.HINT, address=owned[1])

    def _frame(self, tag: Tag, attributes: dict[bytes, Attribute]) -> Iterator[Element]:
        if tag.start not in self._frames:
            return
        service, mount = self._frames[tag.start]
        for name, attribute in attributes.items():
            if carrier_of(tag.name, name) is Carrier.FRAME:
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
        if b"&" in text and (attribute or self._has_references(tag)):
            text, inner = attribute_bytes(text)
            offsets = [offsets[at] for at in inner]
        in_markup = tag.foreign and not attribute
        owner_of = self._of_cut if in_markup else self._of(Carrier.STYLE)
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

    def _of_cut(self, value: str) -> tuple[Owner, Address] | None:
        """In svg a tag ends the text, or stands between two parts of it."""
        return self._owner(value.partition("<")[0], Carrier.STYLE) or self._owner(
            _TAGS.sub("", value), Carrier.STYLE
        )

    def _has_references(self, tag: Tag) -> bool:
        """Whether character references count in the text of a script or style element."""
        return tag.foreign or self._reading.xml

    def _of(self, carrier: Carrier) -> Callable[[str], tuple[Owner, Address] | None]:
        return lambda value: self._owner(value, carrier)

    def _owner(self, value: str, carrier: Carrier) -> tuple[Owner, Address] | None:
        if self._are_here and _LOCAL.match(value):
            return None
        for base in self._bases:
            if address := resolve(value, base):
                owner = self._recognise.of_address(address, carrier)
                if owner is None or isinstance(owner, Unlisted):
                    owner = self._servers.get(address.host, owner)
                if owner:
                    return owner, address
        return None

    def _text(self, attribute: Attribute) -> str:
        return self._plain(self._data[attribute.value_start : attribute.value_end])

    def _plain(self, value: bytes) -> str:
        return attribute_text(text_of(value, self._encoding))


def _of_contact(contact: Contact[Owner], tag: Tag, carrier: Carrier, attribute: bytes = b"") -> Element:
    return Element(
        tag=tag,
        owner=contact.owner,
        carrier=carrier,
        attribute=attribute,
        address=contact.address,
        uses=contact.uses,
    )
