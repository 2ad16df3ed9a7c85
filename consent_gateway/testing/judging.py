"""Whose the addresses are that a page makes a browser fetch, and what the gateway has decided about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet

from consent_gateway import catalogue
from consent_gateway.audit.fetches import Fetch
from consent_gateway.audit.findings import Carrier
from consent_gateway.catalogue import Known
from consent_gateway.decision import Decision, Verdict
from consent_gateway.page import positions
from consent_gateway.page.elements import Listed, Owner
from consent_gateway.recognition import Recogniser
from consent_gateway.testing.values import Contact
from consent_gateway.urls import Address, Pattern, resolve
from consent_gateway.visit import Visit

# What a list of the operator's is asked about; for what is not here, any kind of fetch.
PLACES = {
    Carrier.SCRIPT: positions.Carrier.SCRIPT,
    Carrier.IFRAME: positions.Carrier.FRAME,
    Carrier.PIXEL: positions.Carrier.IMAGE,
    Carrier.MEDIA: positions.Carrier.MEDIA,
    Carrier.CSS: positions.Carrier.STYLE,
    Carrier.OBJECT: positions.Carrier.OBJECT,
    Carrier.PING: positions.Carrier.PING,
    Carrier.REDIRECT: positions.Carrier.REFRESH,
}
TRACKER = Decision(Verdict.HOLD, "a known tracker", "TDDDG § 25(1)")
LISTED = Decision(Verdict.HOLD, "on a list that the site file names", "TDDDG § 25(1)")
UNLISTED = Decision(Verdict.HOLD, "named nowhere in the site file", "GDPR Art. 25(2)")
PASSES = Decision(Verdict.LOAD, 'named nowhere, and unlisted = "load" lets it pass', "")
WITHIN = Decision(Verdict.HOLD, "it stands in code that is held", "TDDDG § 25(1)")
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
        """Those with third parties, each host and path once for each carrier. What code would fetch although it
        is held is none: the guard script keeps it from it."""
        found = (one for _, one in self._contacts(fetches))
        return tuple(dict.fromkeys(one for one in found if not _is_guarded(one)))

    def held(self, came: Iterable[Fetch], went: Iterable[Fetch]) -> tuple[Contact, ...]:
        """Those that came and did not go out, or are kept from code; not what is let in by way of the gateway."""
        gone = set(came) - set(went)
        kept = (one for fetch, one in self._contacts(came, gone) if fetch in gone or _is_guarded(one))
        return tuple(dict.fromkeys(one for one in kept if one.decision == Verdict.HOLD))

    def _contacts(
        self, fetches: Iterable[Fetch], gone: AbstractSet[Fetch] = frozenset()
    ) -> Iterator[tuple[Fetch, Contact]]:
        """Each with its contact; code that loads a service counts where no address of that is named as well."""
        found = [(fetch, self._contact(fetch, gone=fetch in gone)) for fetch in fetches if fetch.certain]
        named = {one.service for fetch, one in found if one and fetch.address}
        yield from ((fetch, one) for fetch, one in found if one and fetch.service not in named)

    def _contact(self, fetch: Fetch, *, gone: bool = False) -> Contact | None:
        address = resolve(fetch.address or _home_of(fetch.service), self._request.url)
        if address is None or self._is_own(address):
            return None
        place = PLACES.get(fetch.carrier, positions.Carrier.HINT)
        owner = fetch.service or self._recogniser.owner(address, self._request.hostname, place)
        service, kind, purpose, decision = self._said(owner or None)
        if gone and not owner:
            decision = GONE.get(fetch.carrier, WITHIN)
        return Contact(
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


def _is_guarded(contact: Contact) -> bool:
    return contact.carrier == Carrier.RUN_TIME and contact.decision == Verdict.HOLD


def _home_of(service: str) -> str:
    """An address of a service, for code that loads it without naming one; empty for none."""
    if not service:
        return ""
    first = Pattern.parse(catalogue.load().services[service].urls[0])
    return f"https://{first.host.removeprefix('*.')}{first.rest or '/'}"
