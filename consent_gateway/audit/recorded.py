"""What a capture has recorded of third parties: which page asked, by what, and what made that ask."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from consent_gateway.audit.findings import Carrier
from consent_gateway.audit.looking import MOST as MOST_IN_A_PAGE
from consent_gateway.audit.looking import Found
from consent_gateway.captures.exchange import Exchange
from consent_gateway.urls import Address, resolve

MOST_PAGES = 50_000
_FRAMES = ("iframe", "frame", "fencedframe", "object", "embed")
_REDIRECTS = (301, 302, 303, 307, 308)
# Headers that a browser acts on by reports and hints of its own.
_BY_ITSELF = {"report": Carrier.HEADER}


def key_of(address: str) -> int:
    """A short number for an address."""
    return int.from_bytes(
        hashlib.blake2b(address.partition("#")[0].encode("utf-8", "replace"), digest_size=8).digest()
    )


def label_of(address: str) -> str:
    """The name of a page in reports: its address without query and fragment, and without user and password."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path or '/'}" if host else ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A recorded request to a third party. `within` is the frame or the code of another website that asked,
    `led_by` the key of the address that redirected to it; empty where the page itself did."""

    address: Address
    destination: str
    within: Address | None
    led_by: int


@dataclass(slots=True)
class Page:
    """One page of the site: what it makes a browser contact, what was recorded, and how it is protected."""

    label: str
    scheme: str
    host: str
    in_page: dict[Found, int] = field(default_factory=dict)  # with the key of the whole address
    left: dict[str, dict[Found, None]] = field(default_factory=dict)  # the same through the gateway, by state
    by_files: dict[Found, None] = field(default_factory=dict)  # what scripts of the site's ask for, in files
    asked: dict[tuple[str, str, int], Asked] = field(default_factory=dict)
    guarded: bool = False
    policies: dict[str, tuple[str, ...]] = field(default_factory=dict)  # by state
    is_cut: bool = False

    def leaves(self, state: str, found: tuple[Found, ...]) -> None:
        left = self.left.setdefault(state, {})
        for one in found:
            if len(left) < MOST_IN_A_PAGE:
                left[_bare_found(one)] = None

    def finds(self, found: tuple[Found, ...]) -> None:
        self.is_cut = self.is_cut or len(found) >= MOST_IN_A_PAGE
        for one in found:
            if len(self.in_page) < MOST_IN_A_PAGE:
                self.in_page[_bare_found(one)] = key_of(one.address.url)
            else:
                self.is_cut = True


@dataclass(slots=True)
class Recorded:
    """All pages by their labels, with what is true of all of them."""

    pages: dict[str, Page] = field(default_factory=dict)
    sheets: dict[int, None] = field(default_factory=dict)  # what own style sheets fetch
    carriers: dict[tuple[str, int], Carrier] = field(default_factory=dict)
    frames: set[str] = field(default_factory=set)  # origins of other websites' documents
    leading: dict[int, int] = field(default_factory=dict)  # address → the one that redirected to it
    of_key: dict[int, Address] = field(default_factory=dict)  # third parties that redirect
    latest: str = ""
    _texts: dict[str, str] = field(default_factory=dict)

    def same(self, text: str) -> str:
        """The text itself, one object for all that are alike."""
        return self._texts.setdefault(text, text) if len(self._texts) < MOST_PAGES else text

    def page(self, label: str, scheme: str, host: str) -> Page:
        if label not in self.pages:
            self.pages[label] = Page(label, scheme, host)
        return self.pages[label]

    def fetched(
        self, page: Page, found: tuple[Found, ...], *, by_sheet: bool = False, by_script: bool = False
    ) -> None:
        """Notes by what a page, or a style sheet or a script of the site, fetches."""
        page.finds(found)
        if by_script:
            page.by_files |= dict.fromkeys(map(_bare_found, found[: MOST_IN_A_PAGE - len(page.by_files)]))
        for one in found:
            if not one.service and len(self.carriers) < MOST_PAGES * 10:
                self.carriers.setdefault((page.label, key_of(one.address.url)), one.carrier)
                if by_sheet:
                    self.sheets[key_of(one.address.url)] = None

    def asks(self, page: Page, exchange: Exchange, address: Address) -> None:
        """Notes a request to a third party."""
        url = exchange.request.url
        key = key_of(address.url)
        if exchange.destination in _FRAMES:
            self.frames.add(f"{address.scheme}://{address.host}")
        if exchange.response and exchange.response.status in _REDIRECTS:
            self.leads(url, exchange.response.headers.get("location"), address)
        initiator = resolve(exchange.initiator, url) if exchange.initiator else None
        within = initiator if initiator and initiator.host != page.host else None
        one = Asked(_bare(address), exchange.destination, within and _bare(within), self.leading.get(key, 0))
        place = (address.host, address.rest.partition("?")[0], key)
        if len(page.asked) < MOST_IN_A_PAGE:
            page.asked.setdefault(place, one)
        else:
            page.is_cut = True

    def leads(self, url: str, location: str, third: Address | None) -> None:
        """Notes where an answer redirects to; `third` is the address of a third party that does it."""
        target = resolve(location, url)
        if target and len(self.leading) < MOST_PAGES:
            self.leading.setdefault(key_of(target.url), key_of(url))
            if third:
                self.of_key[key_of(url)] = _bare(third)

    def carrier(self, page: Page, key: int, asked: Asked) -> Carrier:
        """By what a recorded request was made: as it stands in page or sheet, else by a redirect, else code."""
        if asked.led_by:
            return Carrier.REDIRECT
        found = self.carriers.get((page.label, key))
        if found and found is not Carrier.RUN_TIME:
            return found
        return Carrier.CSS if key in self.sheets else _BY_ITSELF.get(asked.destination, Carrier.RUN_TIME)

    def is_frame(self, address: Address) -> bool:
        return f"{address.scheme}://{address.host}" in self.frames

    @property
    def shortened(self) -> Iterator[str]:
        for page in self.pages.values():
            if page.is_cut:
                yield f"{page.label}: it has more than {MOST_IN_A_PAGE} contacts, and the rest of them is left out"


def _bare(address: Address) -> Address:
    """Shortened where it is long: whose it is stands at the beginning."""
    return address if len(address.rest) <= 300 else address._replace(rest=address.rest[:300])


def _bare_found(found: Found) -> Found:
    return found._replace(address=_bare(found.address))
