"""Whom a contact or a cookie belongs to, and what the gateway has decided about it for one visitor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from consent_gateway.audit.findings import Carrier, Contact, Evidence, Side
from consent_gateway.catalogue import Treatment
from consent_gateway.decision import Decision, Verdict
from consent_gateway.gateway import Gateway
from consent_gateway.page.positions import Carrier as Place
from consent_gateway.third_parties import third_party
from consent_gateway.urls import Address
from consent_gateway.visit import Visit

LOAD, HOLD = str(Verdict.LOAD), str(Verdict.HOLD)
BY_THE_GATEWAY = Decision(
    Verdict.HOLD, "Google's measurement goes by way of the gateway only", "GDPR Art. 5(1)(c)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """An owner (empty where the kind is "unlisted") with its kind and purpose; whether the visitor has agreed to
    it; and what was decided, and why."""

    owner: str
    kind: str
    purpose: str
    allowed: bool
    decision: str
    reason: str
    article: str

    def contact(
        self, *, page: str, state: str, side: Side, host: str, path: str, carrier: Carrier, evidence: Evidence
    ) -> Contact:
        """A contact with it."""
        return Contact(
            page=page,
            state=state,
            side=side,
            host=host,
            path=path,
            owner=self.owner,
            kind=self.kind,
            purpose=self.purpose,
            carrier=carrier,
            evidence=evidence,
            allowed=self.allowed,
            decision=self.decision,
            reason=self.reason,
            article=self.article,
        )


def owned(address: Address, carrier: Place, visit: Visit, gateway: Gateway) -> Owned | None:
    """Whose an address is for a page of the site; None if it is the site's own."""
    if gateway.recogniser.is_own(address.host, visit.request.hostname):
        return None
    found = third_party(visit, gateway.recogniser, address, carrier)
    if found is None:
        return None
    if found.kind == "service":
        return of_service(found.owner, visit)
    return _of(found.owner if found.kind != "unlisted" else "", found.kind, found.purposes, found.decision)


def of_service(service: str, visit: Visit) -> Owned:
    """A service of the catalogue. Google's measurement is agreed to by way of the gateway only."""
    known = visit.catalogue.services[service]
    decision = directly(service, visit)
    return _of(service, "service", known.purposes, decision, allowed=decision.loads)


def directly(service: str, visit: Visit) -> Decision:
    """What was decided about a service that a browser contacts itself, and not the gateway for it."""
    decision = visit.decision(service)
    measures = visit.catalogue.services[service].treatment is Treatment.MEASUREMENT
    return BY_THE_GATEWAY if measures and decision.loads else decision


def _of(
    owner: str, kind: str, purposes: Iterable[str], decision: Decision, *, allowed: bool = False
) -> Owned:
    return Owned(
        owner=owner,
        kind=kind,
        purpose=", ".join(purposes),
        allowed=allowed,
        decision=str(decision.verdict),
        reason=decision.reason,
        article=decision.article,
    )
