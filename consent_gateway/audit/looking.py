"""One recorded answer, looked at on both sides: what it makes a browser contact as it is, and as each visitor
gets it from the gateway."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from consent_gateway.audit import policies
from consent_gateway.audit.detector import fetches
from consent_gateway.audit.fetches import Fetch
from consent_gateway.audit.findings import Carrier
from consent_gateway.audit.ownership import HOLD, Owned, of_service, owned
from consent_gateway.audit.states import Visitor
from consent_gateway.catalogue import Treatment
from consent_gateway.gateway import Gateway
from consent_gateway.messages import Headers, Request, Response
from consent_gateway.page.positions import Carrier as Place
from consent_gateway.seen import Seen
from consent_gateway.urls import Address, resolve
from consent_gateway.visit import Visit

# The place in a page that the recogniser is asked about: lists of trackers name kinds of fetches.
_PLACES: dict[Carrier, Place] = {
    Carrier.SCRIPT: Place.SCRIPT,
    Carrier.IFRAME: Place.FRAME,
    Carrier.PIXEL: Place.IMAGE,
    Carrier.MEDIA: Place.MEDIA,
    Carrier.CSS: Place.STYLE,
    Carrier.OBJECT: Place.OBJECT,
    Carrier.PING: Place.PING,
}
MOST = 2000  # fetches of one answer
_GUARD = b'data-privacy="guard"'


class Found(NamedTuple):
    """A third party that an answer makes a browser contact. `service` is known where the address is not."""

    address: Address
    carrier: Carrier
    service: str = ""


@dataclass(frozen=True, slots=True)
class Through:
    """An answer as one visitor gets it from the gateway, with what is left in it."""

    response: Response
    found: tuple[Found, ...]
    guarded: bool
    policies: tuple[str, ...]


class Looking:
    """Looks at answers through a gateway, with a visitor for each state."""

    def __init__(self, gateway: Gateway, now: datetime) -> None:
        self.gateway = gateway
        self.now = now

    # ---- who it is ------------------------------------------------------------------------------

    @lru_cache(maxsize=256)  # noqa: B019 - one of these lives as long as an audit
    def visit(self, scheme: str, host: str, visitor: Visitor) -> Visit:
        """A visitor at a host of the site."""
        request = Request(method="GET", scheme=scheme, host=host, target="/", headers=Headers(visitor.fields))
        return self.gateway.visit(request, self.now)

    def is_third(self, address: Address, host: str) -> bool:
        return not self.gateway.recogniser.is_own(address.host, host)

    def owned(self, found: Found, visit: Visit) -> Owned | None:
        """Whose it is, and what was decided about it for this visitor; None for the site's own."""
        if found.service:
            return of_service(found.service, visit)
        return owned(found.address, _PLACES.get(found.carrier, Place.HINT), visit, self.gateway)

    # ---- as it is -------------------------------------------------------------------------------

    def directly(self, request: Request, response: Response, destination: str) -> tuple[Found, ...]:
        """The third parties that an answer contacts as it is."""
        return tuple(self._third(request, response, destination))

    def _third(self, request: Request, response: Response, destination: str) -> Iterator[Found]:
        seen: set[Found] = set()
        for fetch in fetches(
            response.body,
            request.url,
            response.headers,
            status=response.status,
            destination=destination,
            boots=self.gateway.catalogue.boots,
        ):
            found = self._found(fetch, request)
            if found and found not in seen:
                seen.add(found)
                yield found
            if len(seen) >= MOST:
                return

    def _found(self, fetch: Fetch, request: Request) -> Found | None:
        if fetch.service:
            return Found(
                Address("", host_of(self.gateway, fetch.service), "", "/"), fetch.carrier, fetch.service
            )
        address = resolve(fetch.address, request.url)
        if address is None or not self.is_third(address, request.hostname):
            return None
        if not fetch.certain and not self._loads(address, request.hostname):
            return None
        return Found(address, fetch.carrier)

    def _loads(self, address: Address, host: str) -> bool:
        """Whether code that only names an address is known to fetch it, and does not link to it."""
        owner = self.gateway.recogniser.owner(address, host)
        return isinstance(owner, str) and self.gateway.catalogue.loads(owner, address.host, address.rest)

    # ---- through the gateway --------------------------------------------------------------------

    def rewritten(
        self, request: Request, response: Response, destination: str, visitor: Visitor
    ) -> tuple[Response, Seen]:
        """The answer as this visitor gets it. Raises whatever the gateway does."""
        return self.gateway.rewrite(as_visitor(request, visitor, destination), response, self.now)

    def through(self, request: Request, response: Response, destination: str, visitor: Visitor) -> Through:
        """What is left in an answer that the gateway has already been through. What code asks for counts where
        neither the guard script holds its owner nor a policy stops it."""
        guarded = _GUARD in response.body
        enforced = tuple(response.headers.all("content-security-policy"))
        visit = self.visit(request.scheme, request.host, visitor)
        left = tuple(
            found
            for found in self._third(request, response, destination)
            if found.carrier is not Carrier.RUN_TIME
            or self.passes(found, visit, destination="", guarded=guarded, enforced=enforced)
        )
        return Through(response, left, guarded, enforced)

    def passes(
        self, found: Found, visit: Visit, *, destination: str, guarded: bool, enforced: tuple[str, ...]
    ) -> bool:
        """Whether what code in a page asks for gets out: the guard script stops what is held and leads Google's
        measurement to the gateway, and a policy stops what it does not name."""
        owner = self.owned(found, visit)
        if owner is None:
            return False
        if found.service:  # its code is to be out of the page, but for Google's measurement
            known = self.gateway.catalogue.services[found.service]
            return not (guarded and known.treatment is Treatment.MEASUREMENT)
        if guarded and owner.decision == HOLD:
            return False
        return policies.allowed(enforced, found.address, destination, visit.request.hostname)


_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}")


def host_of(gateway: Gateway, service: str) -> str:
    """A host that stands for a service: the one that its code names, else one that it is known by."""
    known = gateway.catalogue.services[service]
    matcher = gateway.catalogue.matcher()
    named = (host for text in known.boot for host in _HOST.findall(text.lower()))
    own = next((host for host in named if matcher.find(host, "/") == service), "")
    return own or next((text.removeprefix("*.").partition("/")[0] for text in known.urls), service)


def as_visitor(request: Request, visitor: Visitor, destination: str) -> Request:
    """A recorded request as a visitor in a state makes it."""
    kept = request.headers.without("Cookie", "Sec-GPC", "DNT")
    if destination and not kept.get("sec-fetch-dest"):
        kept = kept.adding("Sec-Fetch-Dest", destination)
    return replace(request, headers=Headers((*kept.fields, *visitor.fields)))
