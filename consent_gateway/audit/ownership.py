"""Whom a contact or a cookie belongs to, and what the gateway has decided about it for one visitor."""

from __future__ import annotations

from dataclasses import dataclass

from consent_gateway.catalogue import Known, Treatment
from consent_gateway.gateway import Gateway
from consent_gateway.page.elements import Listed
from consent_gateway.page.positions import Carrier
from consent_gateway.urls import Address
from consent_gateway.visit import Visit

LOAD, HOLD = "load", "hold"


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


def owned(address: Address, carrier: Carrier, visit: Visit, gateway: Gateway) -> Owned | None:
    """Whose an address is for a page of the site; None if it is the site's own."""
    hostname = visit.request.hostname
    if gateway.recogniser.is_own(address.host, hostname):
        return None
    owner = gateway.recogniser.owner(address, hostname, carrier)
    if isinstance(owner, str):
        return of_service(owner, visit)
    if isinstance(owner, Known):
        return _held(
            owner.company, "tracker", owner.purpose, "a known tracker loads for nobody", "GDPR Art. 25(2)"
        )
    if isinstance(owner, Listed):
        return _held(owner.list, "listed", "", "in a list of the operator's", "GDPR Art. 25(2)")
    if owner is not None:
        return _held("", "unlisted", "", "not in the operator's list of services", "GDPR Art. 25(2)")
    return Owned(
        owner="",
        kind="unlisted",
        purpose="",
        allowed=False,
        decision=LOAD,
        reason="nobody has declared it, and the site file lets that pass",
        article="GDPR Art. 24",
    )


def of_service(service: str, visit: Visit) -> Owned:
    """A service of the catalogue. Google's measurement is agreed to by way of the gateway only."""
    known = visit.catalogue.services[service]
    decision = visit.decision(service)
    if known.treatment is Treatment.MEASUREMENT and decision.loads:
        return _held(
            service,
            "service",
            ", ".join(known.purposes),
            "Google's measurement goes by way of the gateway only",
            "GDPR Art. 5(1)(c)",
        )
    return Owned(
        owner=service,
        kind="service",
        purpose=", ".join(known.purposes),
        allowed=decision.loads,
        decision=str(decision.verdict),
        reason=decision.reason,
        article=decision.article,
    )


def _held(owner: str, kind: str, purpose: str, reason: str, article: str) -> Owned:
    return Owned(
        owner=owner,
        kind=kind,
        purpose=purpose,
        allowed=False,
        decision=HOLD,
        reason=reason,
        article=article,
    )
