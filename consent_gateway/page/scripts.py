"""What scripts of a page load: code in an element, an attribute or an address, and instructions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from consent_gateway.catalogue import Known
from consent_gateway.page import amp, instructions, nested
from consent_gateway.page.charset import Encoding
from consent_gateway.page.elements import Element, Owner, Recognition
from consent_gateway.page.inline import Contact, Inline
from consent_gateway.page.lookup import Lookup
from consent_gateway.page.positions import Carrier, parked, runs
from consent_gateway.page.reading import Reading
from consent_gateway.page.tags import Attribute, Tag
from consent_gateway.urls import attribute_bytes

_MARKUP = re.compile(rb"<[^>]*+>?")


class Scripts:
    """Finds them in one page."""

    def __init__(
        self, data: bytes, reading: Reading, recognise: Recognition, lookup: Lookup, encoding: Encoding
    ) -> None:
        self._data = data
        self._xml = reading.xml
        self._lookup = lookup
        self._inline = Inline[Owner](
            of_code=recognise.of_code,
            of_use=recognise.of_use,
            owner_of=lookup.by(Carrier.SCRIPT),
            written=lambda owner: isinstance(owner, Known),
            encoding=encoding,
        )

    def of_element(self, tag: Tag, attributes: dict[bytes, Attribute]) -> Iterator[Element]:
        """What the text of a script element loads or, where it is no code, asks the browser for."""
        if component := attributes.get(b"custom-element"):
            yield from self._component(tag, self._lookup.text(component))
        in_svg = tag.foreign or self._xml  # there src may be no address, and the text runs
        if (b"src" in attributes and not in_svg) or tag.body_end is None:
            return
        kind = self._lookup.text(attributes[b"type"]) if b"type" in attributes else None
        language = self._lookup.text(attributes[b"language"]) if b"language" in attributes else None
        if runs(kind, language) or (kind is not None and parked(kind)):
            module = kind is not None and "module" in kind.lower()
            for contact in self._inline.contacts(self._code(tag), module=module):
                yield _of_contact(contact, tag, Carrier.SCRIPT)
        elif kind and kind.strip().lower() in instructions.KINDS:
            yield from self._obeyed(tag, kind.strip().lower())

    def of_source(self, tag: Tag, attribute: Attribute) -> Iterator[Element] | None:
        """What the code loads that stands in a `data:` address; None for any other address."""
        inside = nested.content_of(self._lookup.text(attribute))
        if inside is None:
            return None
        contacts = self._inline.contacts(inside[0], module=True)
        return (_of_contact(contact, tag, Carrier.SCRIPT, attribute.name) for contact in contacts)

    def of_handler(self, tag: Tag, attribute: Attribute) -> Iterator[Element]:
        """What the code of an event handler loads."""
        text, _ = attribute_bytes(self._data[attribute.value_start : attribute.value_end])
        for contact in self._inline.of_handler(text):
            yield _of_contact(contact, tag, Carrier.HANDLER, attribute.name)

    def of_frame(self, tag: Tag, attribute: Attribute, value: str) -> Iterator[Element]:
        """What the code of a `javascript:` address loads."""
        for contact in self._inline.of_javascript_address(value):
            yield _of_contact(contact, tag, Carrier.FRAME, attribute.name)

    def _code(self, tag: Tag) -> bytes:
        text = self._data[tag.end : tag.body_end]
        if b"<" in text and tag.foreign:
            text += b"\n" + _MARKUP.sub(b"", text)  # tags in it stand between two parts of the code
        if b"&" in text and (tag.foreign or self._xml):
            text, _ = attribute_bytes(text)
        return text

    def _component(self, tag: Tag, component: str) -> Iterator[Element]:
        address = amp.address_of(component)
        if address and (found := self._lookup.owned(address, Carrier.SCRIPT)):
            yield Element(tag=tag, owner=found[0], carrier=Carrier.SCRIPT, attribute=b"src", address=found[1])

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
                if owned := self._lookup.owned(self._lookup.plain(address), Carrier.HINT):
                    yield Element(tag=tag, owner=owned[0], carrier=Carrier.HINT, address=owned[1])


def _of_contact(contact: Contact[Owner], tag: Tag, carrier: Carrier, attribute: bytes = b"") -> Element:
    return Element(
        tag=tag,
        owner=contact.owner,
        carrier=carrier,
        attribute=attribute,
        address=contact.address,
        uses=contact.uses,
    )
