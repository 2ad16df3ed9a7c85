"""Whose the addresses are that a page makes a browser fetch, and what the gateway has decided about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace

from consent_gateway.audit.detector import Fetch, fetches
from consent_gateway.audit.findings import Carrier
from consent_gateway.audit.ownership import HOLD, LOAD, Owned, of_service, owned
from consent_gateway.audit.seen_contacts import PLACES
from consent_gateway.catalogue import Catalogue
from consent_gateway.gateway import Gateway
from consent_gateway.messages import Response
from consent_gateway.page.positions import Carrier as Place
from consent_gateway.testing.values import SERVICE, Contact
from consent_gateway.urls import Address, Pattern, resolve
from consent_gateway.visit import Visit

# Why the site's answer loses what would pass by itself.
GONE = {
    Carrier.PIXEL: "an image that nobody is meant to see",
    Carrier.HINT: "a connection ahead to what the page names nowhere else",
}
WITHIN = "it stands in code that is held"
STORING = "TDDDG § 25(1)"


class Judging:
    """The contacts of one page for one visitor."""

    def __init__(self, gateway: Gateway, visit: Visit, state: str) -> None:
        self._gateway = gateway
        self._visit = visit
        self._request = visit.request
        self._state = state

    def fetches(self, answer: Response, url: str) -> list[Fetch]:
        """What an answer makes a browser fetch."""
        boots = self._gateway.catalogue.boots
        return list(fetches(answer.body, url, answer.headers, status=answer.status, boots=boots))

    def own(self, fetch: Fetch) -> Address | None:
        """The address, where it is the site's own."""
        address = resolve(fetch.address, self._request.url)
        is_own = address and self._gateway.recogniser.is_own(address.host, self._request.hostname)
        return address if is_own else None

    def contacts(self, fetches: Iterable[Fetch]) -> tuple[Contact, ...]:
        """Those with third parties, each host and path once for each carrier. What code would fetch although it
        is held is none: the guard script keeps it from it."""
        found = (one for _, one in self._contacts(fetches))
        return tuple(dict.fromkeys(one for one in found if not _is_guarded(one)))

    def held(self, came: Iterable[Fetch], went: Iterable[Fetch]) -> tuple[Contact, ...]:
        """Those that came and did not go out, or are kept from code; not what is let in by way of the gateway."""
        gone = set(came) - set(went)
        kept = (one for fetch, one in self._contacts(came, gone) if fetch in gone or _is_guarded(one))
        return tuple(dict.fromkeys(one for one in kept if one.decision == HOLD and not self._is_let_in(one)))

    def _contacts(
        self, fetches: Iterable[Fetch], gone: AbstractSet[Fetch] = frozenset()
    ) -> Iterator[tuple[Fetch, Contact]]:
        """Each with its contact; code that loads a service counts where no address of that is named as well."""
        found = [(fetch, self._contact(fetch, gone=fetch in gone)) for fetch in fetches if fetch.certain]
        named = {one.service for fetch, one in found if one and one.kind == SERVICE and fetch.address}
        yield from ((fetch, one) for fetch, one in found if one and fetch.service not in named)

    def _contact(self, fetch: Fetch, *, gone: bool = False) -> Contact | None:
        written = fetch.address or _home_of(fetch.service, self._gateway.catalogue)
        address = resolve(written, self._request.url)
        owner = self._owned(fetch, address) if address else None
        if address is None or owner is None:
            return None
        if gone and owner.kind != SERVICE and owner.decision == LOAD:
            owner = replace(owner, decision=HOLD, reason=GONE.get(fetch.carrier, WITHIN), article=STORING)
        return Contact(
            page=self._request.target,
            state=self._state,
            host=address.host,
            path=address.rest.partition("?")[0],
            service=owner.owner or owner.kind,
            kind=owner.kind,
            purpose=owner.purpose,
            carrier=fetch.carrier.value,
            decision=owner.decision,
            reason=owner.reason,
            article=owner.article,
        )

    def _owned(self, fetch: Fetch, address: Address) -> Owned | None:
        if fetch.service:
            return of_service(fetch.service, self._visit)
        return owned(address, PLACES.get(fetch.carrier, Place.HINT), self._visit, self._gateway)

    def _is_let_in(self, contact: Contact) -> bool:
        """Whether it is what the visitor has agreed to, which comes by way of the gateway."""
        return contact.kind == SERVICE and self._visit.loads(contact.service)


def _is_guarded(contact: Contact) -> bool:
    return contact.carrier == Carrier.RUN_TIME and contact.decision == HOLD


def _home_of(service: str, known: Catalogue) -> str:
    """An address of a service, for code that loads it without naming one; empty for none."""
    if not service:
        return ""
    first = Pattern.parse(known.services[service].urls[0])
    return f"https://{first.host.removeprefix('*.')}{first.rest or '/'}"
