"""HTTP archives (HAR 1.2, http://www.softwareishard.com/blog/har-12-spec/), read entry by entry.

Chromium, Firefox, Playwright and mitmproxy write them, each a little otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import ijson

from consent_gateway.captures.belonging import Pages
from consent_gateway.captures.destinations import destination_of
from consent_gateway.captures.exchange import Exchange
from consent_gateway.captures.har_entries import BadEntry, exchange_of
from consent_gateway.captures.har_tabs import MOST_TABS, Tabs
from consent_gateway.captures.long_strings import Shortened
from consent_gateway.captures.members import Members
from consent_gateway.captures.reading import Counted, Skipped

KIND = "HAR"
ESCAPED = 3  # bytes that JSON may take for one of a body, about: "\u00e4" is two in UTF-8


@dataclass(slots=True)
class Head:
    """What a HAR says of itself: its version, and the pages that have an address for a title."""

    version: str = ""
    has_entries: bool = False
    addresses: dict[str, str] = field(default_factory=dict)


def head(file: Counted) -> Head:
    """The head of a HAR; read to the end where it does not stand before the entries. Raises ValueError
    for what is no JSON."""
    found = Head()
    page = ""
    is_har = False
    try:
        for path, event, value in ijson.parse(Shortened(file, 2**16), use_float=True):
            if path == "log" and event == "start_map":
                is_har = True
            elif path == "log.version" and event in ("string", "number"):
                found.version = str(value)
            elif path == "log.pages.item.id" and event == "string":
                page = value
            elif path == "log.pages.item.title" and event == "string":
                if page and value.startswith(("http://", "https://")) and len(found.addresses) < MOST_TABS:
                    found.addresses[page] = value.partition("#")[0]
            elif path == "log.entries" and event == "start_array":
                found.has_entries = True
                if found.version:
                    break
    except (ijson.JSONError, ValueError) as error:
        if not is_har:
            raise ValueError(_in_words(error)) from error
    return found


def exchanges(
    file: Counted, skipped: Skipped, limit: int, found: Head, attached: Callable[[str], bytes]
) -> Iterator[Exchange]:
    """The exchanges of a file; `limit` is that of a body in bytes, `attached` reads a file that lies
    beside it (Playwright) and raises OSError."""
    tabs = Tabs(found.addresses)
    pages = Pages()
    for number, entry in enumerate(_entries(file, skipped, limit), 1):
        try:
            exchange = exchange_of(entry, limit, attached)
        except BadEntry as error:
            skipped.add(f"entry {number}: {error}")
            continue
        if exchange is not None:
            yield _placed(exchange, Members(entry), tabs, pages)


def _entries(file: Counted, skipped: Skipped, limit: int) -> Iterator[object]:
    number = 0
    try:
        for entry in ijson.items(Shortened(file, ESCAPED * limit), "log.entries.item", use_float=True):
            number += 1
            yield entry
    except (ijson.JSONError, ValueError) as error:
        skipped.end(f"entry {number + 1} and whatever follows cannot be read: {_in_words(error)}")


def _placed(exchange: Exchange, entry: Members, tabs: Tabs, pages: Pages) -> Exchange:
    request = exchange.request
    destination = exchange.destination or destination_of(
        request, exchange.response, entry.text("_resourceType")
    )
    told = tabs.told(exchange, entry, destination)
    place = pages.place(request, told.destination, told.page, is_certain=told.is_certain)
    tabs.see(entry, place)
    return replace(
        exchange,
        destination=place.destination,
        page=place.page,
        initiator=_initiator(entry) or place.initiator,
    )


def _initiator(entry: Members) -> str:
    """The document or script that asked, as Chromium names it."""
    found = entry.within("_initiator")
    stack = found.within("stack")
    for one in (found, *stack.each("callFrames"), *stack.within("parent").each("callFrames")):
        if one.text("url").startswith(("http://", "https://")):
            return one.text("url").partition("#")[0]
    return ""


def _in_words(error: Exception) -> str:
    """The first line of what a parser says; the rest quotes the file."""
    line = str(error).strip().partition("\n")[0].strip()
    return line or type(error).__name__
