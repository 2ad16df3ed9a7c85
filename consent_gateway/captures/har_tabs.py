"""The page of an entry by its `pageref`: DevTools mean a page with its address, Playwright a tab in which one
page follows another and `_frameref` says in which frame."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import NamedTuple

from consent_gateway.captures.belonging import Place
from consent_gateway.captures.exchange import DOCUMENT, FRAME, Exchange
from consent_gateway.captures.members import Members

MOST_TABS = 10_000  # of which address and main frame are kept


class Told(NamedTuple):
    """The page that the archive names, what the request was made for, and whether that is certain."""

    page: str
    destination: str
    is_certain: bool


class Tabs:
    """What is shown where, as far as the entries have been told, in their order."""

    def __init__(self, addresses: Mapping[str, str]) -> None:
        self._addresses = addresses
        self._shown: OrderedDict[str, str] = OrderedDict()
        self._main: OrderedDict[str, str] = OrderedDict()

    def told(self, exchange: Exchange, entry: Members, destination: str) -> Told:
        """What the archive tells. A document in a frame is for that frame, even where the request does not
        say so."""
        tab, frame = entry.text("pageref"), entry.text("_frameref")
        page = self._shown.get(tab) or self._addresses.get(tab, "")
        if destination != DOCUMENT or exchange.request.headers.get("sec-fetch-dest"):
            return Told(page, destination, False)
        if tab and frame:
            is_main = self._main.get(tab, frame) == frame
        elif tab in self._addresses:
            response = exchange.response
            redirects = response is not None and 300 <= response.status < 400
            is_main = redirects or exchange.request.url.partition("#")[0] == self._addresses[tab]
        else:
            return Told(page, destination, False)
        return Told(page, DOCUMENT if is_main else FRAME, True)

    def see(self, entry: Members, place: Place) -> None:
        """Notes what a tab shows from here on."""
        tab, frame = entry.text("pageref"), entry.text("_frameref")
        if not tab or place.destination != DOCUMENT:
            return
        for table, value in ((self._shown, place.page), (self._main, frame)):
            table[tab] = value
            if len(table) > MOST_TABS:
                table.popitem(last=False)
