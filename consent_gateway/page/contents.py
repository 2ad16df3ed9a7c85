"""What is in a document, whoever asks for it: the same for every visitor."""

from __future__ import annotations

from dataclasses import dataclass

from consent_gateway.page import hydration, nested
from consent_gateway.page.charset import Encoding
from consent_gateway.page.elements import Element, Recognition, Unlisted, counting
from consent_gateway.page.finding import Finder
from consent_gateway.page.insertions import Places, places, places_in_xml
from consent_gateway.page.positions import Carrier
from consent_gateway.page.reading import Reading, read
from consent_gateway.page.xml import read_xml


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document as it came: bytes, encoding and address; `xml` for one that is read as such. `host` is the one
    that the page was served under: the address of a document within it may name another, by a `<base>`."""

    data: bytes
    encoding: Encoding
    url: str
    xml: bool = False
    host: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The elements that belong to somebody, what was found besides, and the documents in attributes. `where` is
    where something of ours may stand, `base` what addresses in it are relative to. `settled` says that no code of
    the page compares it with a tree of its own."""

    reading: Reading
    finder: Finder
    where: Places
    base: str
    elements: tuple[Element, ...]
    services: frozenset[str]
    unlisted: frozenset[tuple[str, Carrier]]
    documents: tuple[nested.Document, ...]
    settled: bool


def contents(source: Source, recognise: Recognition) -> Contents:
    """Reads a document and finds what is in it."""
    data, encoding = source.data, source.encoding
    reading = read_xml(data) if source.xml else read(data)
    finder = Finder(data, reading, recognise, encoding, source.url)
    elements = counting(list(finder))
    services = frozenset(element.owner for element in elements if isinstance(element.owner, str))
    return Contents(
        reading=reading,
        finder=finder,
        where=places_in_xml(data, reading) if source.xml else places(data, reading),
        base=finder.base,
        elements=tuple(elements),
        services=services | finder.mentions(),
        unlisted=frozenset(
            (one.owner.host, one.carrier) for one in elements if isinstance(one.owner, Unlisted)
        ),
        documents=tuple(nested.documents(data, reading, encoding)),
        settled=not hydration.expected(data),
    )
