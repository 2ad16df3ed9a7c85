"""What a browser would fetch for a document or style sheet, as far as the gateway's own reading tells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from consent_gateway import catalogue
from consent_gateway.audit.findings import Carrier
from consent_gateway.contacts import Judge, without_contacts
from consent_gateway.messages import Headers
from consent_gateway.page import charset, nested, positions, sheets
from consent_gateway.page.elements import Element, Owner, Recognition, Unlisted, counting
from consent_gateway.page.finding import Finder
from consent_gateway.page.reading import read
from consent_gateway.urls import Address, Pattern, resolve


class Fetch(NamedTuple):
    """An address that is fetched, and what makes the browser do so."""

    address: str
    carrier: Carrier


# A lazy address is fetched when a script of the page says so, a mount when a service's script is there.
CARRIERS = {
    positions.Carrier.SCRIPT: Carrier.SCRIPT,
    positions.Carrier.FRAME: Carrier.IFRAME,
    positions.Carrier.IMAGE: Carrier.PIXEL,
    positions.Carrier.MEDIA: Carrier.MEDIA,
    positions.Carrier.STYLE: Carrier.CSS,
    positions.Carrier.OBJECT: Carrier.OBJECT,
    positions.Carrier.HINT: Carrier.HINT,
    positions.Carrier.PING: Carrier.PING,
    positions.Carrier.REFRESH: Carrier.REDIRECT,
    positions.Carrier.HANDLER: Carrier.RUN_TIME,
}


def fetches(body: bytes, url: str, headers: Headers) -> Iterator[Fetch]:
    """Every address, the site's own among them, in the order in which it stands there."""
    if location := headers.get("location"):
        yield Fetch(location, Carrier.REDIRECT)
    yield from _of_headers(headers)
    encoding = charset.sniff(body, headers.get("content-type"))
    media_type = headers.get("content-type").partition(";")[0].strip().lower()
    if media_type == "text/css":
        text, _ = charset.as_utf8(body, encoding)
        for _, address in sheets.contacts(text, charset.UTF8, lambda value: resolve(value, url)):
            yield Fetch(address.url, Carrier.CSS)
    elif media_type in ("text/html", "application/xhtml+xml"):
        yield from _of_document(charset.to_bytes_like_ascii(body, encoding), url, encoding)


def _of_headers(headers: Headers) -> Iterator[Fetch]:
    found: list[str] = []

    def note(address: str) -> bool:
        found.append(address)
        return False

    without_contacts(headers, Judge(held=note, unreportable=note))
    yield from (Fetch(address, Carrier.HEADER) for address in found)


def _of_document(data: bytes, url: str, encoding: charset.Encoding, depth: int = 0) -> Iterator[Fetch]:
    reading = read(data)
    finder = Finder(data, reading, _everything(), encoding, url)
    for element in counting(list(finder)):
        yield from _of_element(element)
    if depth < nested.DEEPEST:
        for document in nested.documents(data, reading, encoding):
            if not document.styles and not document.xml:
                content = charset.to_bytes_like_ascii(document.content, document.encoding)
                yield from _of_document(content, finder.base, document.encoding, depth + 1)


def _of_element(element: Element) -> Iterator[Fetch]:
    if element.address and element.carrier in CARRIERS:
        yield Fetch(element.address.url, CARRIERS[element.carrier])
    elif element.address is None and isinstance(element.owner, str):
        yield Fetch(_home_of(element.owner), Carrier.RUN_TIME)


def _home_of(service: str) -> str:
    """An address of a service, for code that loads it without naming one."""
    first = Pattern.parse(catalogue.load().services[service].urls[0])
    return f"https://{first.host.removeprefix('*.')}{first.rest or '/'}"


def _everything() -> Recognition:
    def of_address(address: Address, carrier: positions.Carrier) -> Owner:
        return Unlisted(address.host)

    return Recognition(of_address=of_address, of_code=catalogue.load().boots)
