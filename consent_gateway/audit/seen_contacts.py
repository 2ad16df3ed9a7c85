"""Whom a watched browser has contacted, and what made it do so, as findings are made of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from consent_gateway.audit.findings import Carrier, Contact, Evidence
from consent_gateway.audit.ownership import owned
from consent_gateway.audit.recorded import label_of
from consent_gateway.audit.sighting import Sighting
from consent_gateway.captures.exchange import DOCUMENT, Exchange
from consent_gateway.gateway import Gateway
from consent_gateway.page.positions import Carrier as Place
from consent_gateway.page.reading import read_every
from consent_gateway.urls import Address, resolve

# What a browser fetches for (Fetch Metadata) → what makes it do so.
CARRIERS: dict[str, Carrier] = {
    "script": Carrier.SCRIPT, "worker": Carrier.SCRIPT, "sharedworker": Carrier.SCRIPT,
    "serviceworker": Carrier.SCRIPT, "audioworklet": Carrier.SCRIPT, "paintworklet": Carrier.SCRIPT,
    "iframe": Carrier.IFRAME, "frame": Carrier.IFRAME, "fencedframe": Carrier.IFRAME,
    "image": Carrier.PIXEL, "video": Carrier.MEDIA, "audio": Carrier.MEDIA, "track": Carrier.MEDIA,
    "style": Carrier.CSS, "font": Carrier.CSS, "object": Carrier.OBJECT, "embed": Carrier.OBJECT,
    "manifest": Carrier.HINT, "report": Carrier.HEADER, "document": Carrier.REDIRECT,
}  # fmt: skip
_DOCUMENTS = ("document", "iframe", "frame")
_NOT_BY_CODE = (Carrier.REDIRECT, Carrier.HEADER, Carrier.CSS)
# The place in a page that the gateway's recogniser is asked about: lists of trackers name kinds of fetches.
PLACES: dict[Carrier, Place] = {
    Carrier.SCRIPT: Place.SCRIPT,
    Carrier.IFRAME: Place.FRAME,
    Carrier.PIXEL: Place.IMAGE,
    Carrier.MEDIA: Place.MEDIA,
    Carrier.CSS: Place.STYLE,
    Carrier.OBJECT: Place.OBJECT,
    Carrier.PING: Place.PING,
}


def carriers(sighting: Sighting) -> Iterator[tuple[Exchange, Carrier]]:
    """What was asked for, each with what made the browser do so."""
    page = _Page(sighting)
    return ((one, page.carrier(one)) for one in sighting.exchanges)


def contacts_of(sightings: Iterable[Sighting], gateway: Gateway) -> Iterator[Contact]:
    """The third parties that each page contacted, each of its addresses once."""
    for sighting in sightings:
        visit = gateway.visit(sighting.request, sighting.time)
        seen: set[tuple[str, str, Carrier]] = set()
        for exchange, carrier in _of_the_page(sighting, gateway):
            address = _address(exchange)
            found = owned(address, PLACES.get(carrier, Place.HINT), visit, gateway)
            path = address.rest.partition("?")[0]
            if found is None or (address.host, path, carrier) in seen:
                continue
            seen.add((address.host, path, carrier))
            yield found.contact(
                page=label_of(sighting.page),
                state=sighting.state,
                side=sighting.side,
                host=address.host,
                path=path,
                carrier=carrier,
                evidence=Evidence.SEEN,
            )


def _of_the_page(sighting: Sighting, gateway: Gateway) -> Iterator[tuple[Exchange, Carrier]]:
    """What the page asked for; not what another website did to which it has led the visitor away."""
    page = _Page(sighting)
    hostname = sighting.request.hostname
    for exchange in sighting.exchanges:
        shown = resolve(exchange.page, sighting.page)
        is_elsewhere = shown is not None and not gateway.recogniser.is_own(shown.host, hostname)
        if not is_elsewhere or exchange.destination == DOCUMENT:
            yield exchange, page.carrier(exchange)


class _Page:
    """What tells by what a page asks for something."""

    def __init__(self, sighting: Sighting) -> None:
        exchanges = sighting.exchanges
        self._leading = frozenset(_leads_to(exchanges))
        self._sheets = {one.request.url for one in exchanges if one.destination == "style"}
        read = [one for one in exchanges if one.response and one.response.body]
        self._markup = [
            _markup(one.response.body) for one in read if one.destination in _DOCUMENTS and one.response
        ]

    def carrier(self, exchange: Exchange) -> Carrier:
        """Chromium says of much that code asks for while a page is read that the page did; what stands
        nowhere in its markup was put together by code."""
        if exchange.request.url in self._leading:
            return Carrier.REDIRECT
        if "prefetch" in exchange.request.headers.get("sec-purpose", exchange.request.headers.get("purpose")):
            return Carrier.HINT
        if exchange.initiator in self._sheets:
            return Carrier.CSS
        carrier = CARRIERS.get(exchange.destination, Carrier.RUN_TIME)
        if exchange.by_code or carrier is Carrier.RUN_TIME:
            return Carrier.RUN_TIME
        host = exchange.request.hostname.encode()
        by_markup = not self._markup or any(host in markup for markup in self._markup)
        return carrier if by_markup or carrier in _NOT_BY_CODE else Carrier.RUN_TIME


def _markup(body: bytes) -> bytes:
    """A document without the text of its scripts, in lower case."""
    parts, position = [], 0
    for tag in read_every(body):
        if tag.name == b"script" and tag.body_end is not None and tag.end >= position:
            parts.append(body[position : tag.end])
            position = tag.body_end
    return b"".join((*parts, body[position:])).lower()


def _leads_to(exchanges: Iterable[Exchange]) -> Iterator[str]:
    """The addresses to which answers of other hosts have redirected."""
    for one in exchanges:
        if one.response is not None and 300 <= one.response.status < 400:
            address = resolve(one.response.headers.get("location"), one.request.url)
            if address is not None and address.host != one.request.hostname:
                yield address.url


def _address(exchange: Exchange) -> Address:
    request = exchange.request
    return Address(request.scheme, request.hostname, "", request.target)
