"""Whose the addresses are that a page makes a browser fetch, and what the gateway has decided about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from consent_gateway.audit.findings import Carrier
from consent_gateway.catalogue import Known
from consent_gateway.decision import Decision, Verdict
from consent_gateway.page import positions
from consent_gateway.page.elements import Listed, Owner
from consent_gateway.recognition import Recogniser
from consent_gateway.testing.fetches import CARRIERS, Fetch
from consent_gateway.testing.values import Contact
from consent_gateway.urls import Address, resolve
from consent_gateway.visit import Visit

PLACES = {carrier: place for place, carrier in CARRIERS.items()} | {Carrier.HEADER: positions.Carrier.HINT}
TRACKER = Decision(Verdict.HOLD, "a known tracker", "TDDDG § 25(1)")
LISTED = Decision(Verdict.HOLD, "on a list that the site file names", "TDDDG § 25(1)")
UNLISTED = Decision(Verdict.HOLD, "named nowhere in the site file", "GDPR Art. 25(2)")
PASSES = Decision(Verdict.LOAD, 'named nowhere, and unlisted = "load" lets it pass', "")
GONE = {
    Carrier.PIXEL: Decision(Verdict.HOLD, "an image that nobody is meant to see", "TDDDG § 25(1)"),
    Carrier.HINT: Decision(Verdict.HOLD, "a connection ahead to nothing the page names", "TDDDG § 25(1)"),
}


class Judging:
    """The contacts of one page for one visitor."""

    def __init__(self, recogniser: Recogniser, visit: Visit, state: str) -> None:
        self._recogniser = recogniser
        self._visit = visit
        self._request = visit.request
        self._state = state

    def own(self, fetch: Fetch) -> Address | None:
        """The address, where it is the site's own."""
        address = resolve(fetch.address, self._request.url)
        return address if address and self._is_own(address) else None

    def _is_own(self, address: Address) -> bool:
        return self._recogniser.is_own(address.host, self._request.hostname)

    def contacts(self, fetches: Iterable[Fetch]) -> tuple[Contact, ...]:
        """Those with third parties, each host and path once for each carrier."""
        return tuple(dict.fromkeys(self._contacts(fetches)))

    def held(self, came: Iterable[Fetch], went: Iterable[Fetch]) -> tuple[Contact, ...]:
        """Those that came and did not go out, but for what is let in by way of the gateway."""
        gone = set(came) - set(went)
        found = self._contacts((fetch for fetch in came if fetch in gone), gone=True)
        return tuple(dict.fromkeys(one for one in found if one.decision == Verdict.HOLD))

    def _contacts(self, fetches: Iterable[Fetch], *, gone: bool = False) -> Iterator[Contact]:
        for fetch in fetches:
            address = resolve(fetch.address, self._request.url)
            if address is None or self._is_own(address):
                continue
            place = PLACES.get(fetch.carrier, positions.Carrier.HINT)
            owner = self._recogniser.owner(address, self._request.hostname, place)
            service, kind, purpose, decision = self._said(owner)
            if gone and owner is None:
                decision = GONE.get(fetch.carrier, UNLISTED)
            yield Contact(
                page=self._request.target,
                state=self._state,
                host=address.host,
                path=address.rest.partition("?")[0],
                service=service,
                kind=kind,
                purpose=purpose,
                carrier=fetch.carrier.value,
                decision=decision.verdict.value,
                reason=decision.reason,
                article=decision.article,
            )

    def _said(self, owner: Owner | None) -> tuple[str, str, str, Decision]:
        if isinstance(owner, str):
            purposes = self._visit.catalogue.services[owner].purposes
            return owner, "service", ", ".join(purposes), self._visit.decision(owner)
        if isinstance(owner, Known):
            return owner.company, "tracker", owner.purpose, TRACKER
        if isinstance(owner, Listed):
            return owner.list, "listed", "", LISTED
        return "unlisted", "unlisted", "", UNLISTED if owner else PASSES
