"""Which page an exchange belongs to, by its Referer, in the order of the capture and in bounded memory."""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple, TypeVar

from consent_gateway.captures.domains import registrable
from consent_gateway.captures.exchange import DOCUMENT, FRAME
from consent_gateway.messages import Request
from consent_gateway.urls import Address, resolve

REMEMBERED = 4096  # addresses, and origins
LONGEST = 4096  # characters; of a longer address browsers send the origin only (Referrer Policy 8.3)
# What fetches something itself, with its own address as the Referer.
_FETCHING = frozenset((DOCUMENT, FRAME, "style", "script", "worker", "sharedworker", "serviceworker"))


class Place(NamedTuple):
    """What a request was made for, the page, and the document or script that asked; each empty where
    nothing tells it."""

    destination: str
    page: str
    initiator: str


class Shown(NamedTuple):
    """A document, and the page in which it is."""

    page: str
    address: str


class Pages:
    """The pages seen so far. They have to be told in the order of the capture."""

    def __init__(self) -> None:
        self._by_address: OrderedDict[str, str] = OrderedDict()
        self._latest: OrderedDict[str, Shown] = OrderedDict()

    def place(self, request: Request, destination: str, told: str = "", *, is_certain: bool = False) -> Place:
        """Where a request belongs; `told` is the page that the capture itself names, which counts more
        than the latest page of an origin and less than a Referer in full. Where the capture is not
        certain, a document may be one in a frame."""
        address = request.url.partition("#")[0]
        asking = _asking(request)
        initiator = asking.url if asking and not _is_origin(asking) else ""
        if destination == DOCUMENT and asking and not is_certain and self._is_framed(request, asking):
            destination = FRAME
        page, latest = told, None
        if destination == DOCUMENT:
            page = address
        elif asking is not None:
            latest = self._latest.get(_origin(asking))
            page = self._by_address.get(initiator) or told or (latest.page if latest else "")
        if not initiator and latest and latest.page == page:
            initiator = latest.address
        if page and destination in _FETCHING:
            self._remember(address, page, destination)
        return Place(destination, page, initiator)

    def _is_framed(self, request: Request, asking: Address) -> bool:
        """On plain http nothing tells a frame from a link that was followed. A document of another site
        than the page that asked is taken for a frame: that contacts somebody without being asked."""
        if request.headers.get("sec-fetch-dest") or _origin(asking) not in self._latest:
            return False
        return registrable(asking.host) != registrable(request.hostname)

    def _remember(self, address: str, page: str, destination: str) -> None:
        if len(address) <= LONGEST:
            _put(self._by_address, address, page)
        if destination in (DOCUMENT, FRAME):
            place = resolve(address, address)
            if place:
                _put(self._latest, _origin(place), Shown(page, address))


def _asking(request: Request) -> Address | None:
    """The address of the Referer, else the origin of a request across origins.

    Behind a reverse proxy the browser has seen another host than the one recorded; that a request was
    of the same origin it says itself (Sec-Fetch-Site).
    """
    told = request.headers.get("referer") or request.headers.get("origin")
    if "://" not in told:
        return None
    found = resolve(told, told)
    if found and request.headers.get("sec-fetch-site").strip().lower() == "same-origin":
        own = resolve(request.url, request.url)
        return own._replace(rest=found.rest) if own else found
    return found


def _origin(address: Address) -> str:
    return address._replace(rest="").url


def _is_origin(address: Address) -> bool:
    """Whether it may be no more than the origin, which is what other sites get to know (Referrer Policy 3.8)."""
    return address.rest == "/"


T = TypeVar("T")


def _put(table: OrderedDict[str, T], key: str, value: T) -> None:
    table[key] = value
    table.move_to_end(key)
    if len(table) > REMEMBERED:
        table.popitem(last=False)
