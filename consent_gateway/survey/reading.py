"""A page or style sheet of the site as the gateway's rewriter reads it: the services in it, and whom it contacts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from consent_gateway.captures.exchange import Exchange
from consent_gateway.catalogue import Catalogue
from consent_gateway.consent_tools import OUR_OWN, tools_in
from consent_gateway.page import charset
from consent_gateway.page.elements import Owner, Recognition
from consent_gateway.page.positions import Carrier
from consent_gateway.page.rewriting import Rewriter
from consent_gateway.page.view import View
from consent_gateway.recognition import Recogniser
from consent_gateway.seen import seen_in
from consent_gateway.sniffing import Kind, is_script, kind
from consent_gateway.survey.documents import Document
from consent_gateway.urls import Address

# Where a page names an id, and does not only have letters like it: in an address, or in quotes as code has it.
_NAMED = re.compile(rb"(?:[?&;]id=|[\"'])((?:GT?|GTM)-[A-Z0-9]+)(?=[\"'&])")


@dataclass(slots=True)
class Found:
    """What one file contains: services, ids of Google's, and each host with what it is there for and whose it is.
    `failure` says why it could not be read."""

    services: frozenset[str] = frozenset()
    ids: set[str] = field(default_factory=set)
    contacts: set[tuple[str, Carrier, Owner]] = field(default_factory=set)
    tools: frozenset[str] = frozenset()
    document: Document | None = None
    place: str = "in the page"
    failure: str = ""


class Reader:
    """Reads files of the site."""

    def __init__(self, catalogue: Catalogue, recogniser: Recogniser) -> None:
        self._catalogue = catalogue
        self._recogniser = recogniser

    def read(self, exchange: Exchange) -> Found | None:
        """What is in it; None for what a browser reads no addresses in."""
        request, response = exchange.request, exchange.response
        assert response is not None
        if is_script(response.headers, exchange.destination):
            return Found(services=frozenset(self._catalogue.boots(response.body)), place="in a script")
        what = kind(request, response)
        if what not in (Kind.HTML, Kind.XML, Kind.CSS):
            return None
        found = Found()
        encoding = charset.sniff(response.body, response.headers.get("content-type"))
        try:
            data = charset.to_bytes_like_ascii(response.body, encoding)
        except charset.Undecodable as error:
            found.failure = str(error)
            return found
        rewriter = Rewriter(self._catalogue, self._noting(request.hostname, found))
        if what is Kind.CSS:
            found.services = rewriter.style_sheet(
                data, encoding=encoding, view=self._view(request.url)
            ).services
            return found
        rewritten = rewriter.page(data, encoding=encoding, view=self._view(request.url), xml=what is Kind.XML)
        found.services = rewritten.services
        named = {id.decode("ascii") for id in _NAMED.findall(data)}
        found.ids = named & seen_in(data, found.services).properties
        found.tools = tools_in(data)
        if OUR_OWN in data:
            found.failure = (
                "comes through a gateway, which holds what is to be seen: look at the site behind it"
            )
        if what is Kind.HTML:
            found.document = Document(data, encoding, request.url)
        return found

    def _noting(self, hostname: str, found: Found) -> Recognition:
        recognition = self._recogniser.on(hostname)

        def of_address(address: Address, carrier: Carrier) -> Owner | None:
            owner = recognition.of_address(address, carrier)
            if owner is not None:
                found.contacts.add((address.host, carrier, owner))
            return owner

        return replace(recognition, of_address=of_address)

    def _view(self, url: str) -> View:
        """That of somebody who has released nothing: what is put in a page is of no interest here."""
        services = self._catalogue.services
        return View(
            url=url,
            prefix="/.privacy",
            loads=lambda service: False,
            once=frozenset(),
            placeholder=lambda plugin, *, first: b"",
            forms=lambda placeholders: b"",
            mounts=lambda service: services[service].mounts,
            network=self._catalogue.network,
        )
