"""Whose an address is that stands in a page: made whole by what the page is based on, then looked up."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property

from consent_gateway.page import relays
from consent_gateway.page.bases import bases
from consent_gateway.page.charset import Encoding, text_of
from consent_gateway.page.elements import Owner, Recognition, Unlisted
from consent_gateway.page.positions import Carrier
from consent_gateway.page.reading import Reading
from consent_gateway.page.tags import Attribute
from consent_gateway.urls import Address, attribute_text, resolve

Owned = tuple[Owner, Address]

# URL standard 4.4: without scheme, backslash or two slashes at its start it stays on the base's host.
_LOCAL = re.compile(r"(?!//)[^:\\\x00-\x20]*+\Z")


class Lookup:
    """Looks addresses up for one page."""

    def __init__(self, data: bytes, reading: Reading, recognise: Recognition, encoding: Encoding, url: str):
        self._data = data
        self._recognise = recognise
        self._encoding = encoding
        self._servers: dict[str, str] = {}  # host → the service that runs on it
        here = resolve("", url)
        self._website = f".{here.host.removeprefix('www.')}" if here else "/"
        self._bases = bases(data, reading, encoding, url)
        there = [resolve("", base) for base in self._bases]
        self._are_here = all(base is not None and recognise.is_own(base) for base in there)

    @cached_property
    def base(self) -> str:
        """What a document within is relative to: where that is not certain, what would be held."""
        owned = (
            base
            for base in self._bases
            if (found := resolve("", base)) and self._recognise.of_address(found, Carrier.FRAME)
        )
        return next(owned, self._bases[0])

    def whole(self, value: str) -> Address | None:
        """The address by the base that most likely counts."""
        return resolve(value, self.base)

    def foreign(self, value: str) -> Address | None:
        """The same where it is another website's."""
        if self._are_here and _LOCAL.match(value):
            return None
        address = self.whole(value)
        return None if address is None or self._recognise.is_own(address) else address

    def is_near(self, address: Address) -> bool:
        """Whether an address is on a host below the page's own, without its `www.`."""
        return f".{address.host}".endswith(self._website)

    def owned(self, value: str, carrier: Carrier) -> Owned | None:
        """The owner, by the first base for which there is one, and the whole address."""
        if self._are_here and _LOCAL.match(value) and not relays.asks_for_google(value):
            return None
        for base in self._bases:
            if address := resolve(value, base):
                owner = self._recognise.of_address(address, carrier)
                if owner is None or isinstance(owner, Unlisted):
                    owner = self._servers.get(address.host, owner)
                if owner:
                    return owner, address
        return None

    def by(self, carrier: Carrier) -> Callable[[str], Owned | None]:
        """The same for one kind of fetch."""
        return lambda value: self.owned(value, carrier)

    def learn_server(self, value: str, service: str) -> bool:
        """Remembers that a service runs on the server of an address, and whatever that serves is the
        service's. False, and nothing of it, for a server of the site's own."""
        address = self.whole(value)
        if address is None or self._recognise.is_own(address):
            return False
        self._servers[address.host] = service
        return True

    def text(self, attribute: Attribute) -> str:
        """The value of an attribute, with its character references resolved."""
        return self.plain(self._data[attribute.value_start : attribute.value_end])

    def value(self, attributes: Mapping[bytes, Attribute], name: str) -> str:
        """The text of the attribute of a name; empty where there is none."""
        attribute = attributes.get(name.encode())
        return self.text(attribute) if attribute else ""

    def plain(self, value: bytes) -> str:
        return attribute_text(text_of(value, self._encoding))
