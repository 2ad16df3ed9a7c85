"""Connections made ahead to hosts that nothing in the page mentions: scripts use them later, and those
that use them before consent are held."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from consent_gateway.catalogue import Known
from consent_gateway.page.elements import Element
from consent_gateway.page.lookup import Lookup
from consent_gateway.page.patterns import compiled
from consent_gateway.page.positions import Carrier
from consent_gateway.page.reading import Reading
from consent_gateway.page.tags import Tag
from consent_gateway.urls import Address

UNEXPLAINED = Known("Connection that nothing in the page asks for", "marketing")

# HTML standard 4.6.7.5 and .16: links that connect and fetch nothing.
_CONNECTING = frozenset(("dns-prefetch", "preconnect"))
_NAME = compiled(rb"[a-zA-Z0-9_.-]++")
_SLASH = re.compile(r"(?:u00|x)?2f")  # what is left in front of a name by an escape or a percent-encoding


def unexplained(data: bytes, reading: Reading, lookup: Lookup) -> Iterator[Element]:
    """The links that connect to a host of nobody known which stands in no other place of the page."""
    hints = list(_connecting(data, reading, lookup))
    if not hints:
        return
    counts = Counter(address.host for _, address in hints)
    mentioned = Counter(name for name in _names(data) if name in counts)
    for tag, address in hints:
        if mentioned[address.host] <= counts[address.host]:
            yield Element(
                tag=tag, owner=UNEXPLAINED, carrier=Carrier.HINT, attribute=b"href", address=address
            )


def _names(data: bytes) -> Iterator[str]:
    for found in _NAME.findall(data):
        name = found.lower().decode("ascii")
        yield name.strip(".")
        if slash := _SLASH.match(name):
            yield name[slash.end() :]


def _connecting(data: bytes, reading: Reading, lookup: Lookup) -> Iterator[tuple[Tag, Address]]:
    for tag in reading.tags:
        if tag.name != b"link":
            continue
        attributes = tag.attributes(data)
        kinds = lookup.value(attributes, "rel").lower().split()
        if not kinds or not _CONNECTING.issuperset(kinds):
            continue
        value = lookup.value(attributes, "href")
        address = lookup.foreign(value)
        if address and not lookup.is_near(address) and lookup.owned(value, Carrier.HINT) is None:
            yield tag, address
