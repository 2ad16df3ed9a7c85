"""Whose an address is that a page leads a visitor to, and what was decided about it, in words."""

from __future__ import annotations

from dataclasses import dataclass

from consent_gateway.catalogue import Known
from consent_gateway.decision import NOT_LISTED, Decision, Verdict
from consent_gateway.page.elements import Listed, Owner, Unlisted
from consent_gateway.page.positions import Carrier
from consent_gateway.recognition import Recogniser
from consent_gateway.urls import Address
from consent_gateway.visit import Visit

# What is held, or loads, without being a service that somebody can be asked about.
TRACKER = Decision(Verdict.HOLD, "a known tracker loads for nobody", "GDPR Art. 25(2)")
LISTED = Decision(Verdict.HOLD, "in a list of the operator's", "GDPR Art. 25(2)")
UNLISTED = Decision(Verdict.HOLD, NOT_LISTED, "GDPR Art. 25(2)")
PASSED = Decision(Verdict.LOAD, "nobody has declared it, and the site file lets that pass", "GDPR Art. 24")


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdParty:
    """`kind` is "service", "tracker", "listed" or "unlisted"; `owner` a service's id, a company, the name
    of a list or the host."""

    kind: str
    owner: str
    name: str
    purposes: tuple[str, ...]
    decision: Decision

    def __str__(self) -> str:
        said = ", ".join(filter(None, (self.decision.reason, self.decision.article)))
        purposes = ", ".join(self.purposes) if len(self.purposes) < 3 else "all purposes"
        return f"{self.name}{f' ({purposes})' if purposes else ''}: {self.decision.verdict}, {said}"


def third_party(
    visit: Visit, recogniser: Recogniser, address: Address, carrier: Carrier = Carrier.HINT
) -> ThirdParty | None:
    """Who is contacted at the address, for this visitor; None for the site itself."""
    hostname = visit.request.hostname
    owner = recogniser.owner(address, hostname, carrier)
    if owner is None and recogniser.is_own(address.host, hostname):
        return None
    return _of(owner, address.host, visit)


def _of(owner: Owner | None, host: str, visit: Visit) -> ThirdParty:
    match owner:
        case str(id):
            service = visit.catalogue.services[id]
            return ThirdParty(
                kind="service",
                owner=id,
                name=service.name,
                purposes=service.purposes,
                decision=visit.decision(id),
            )
        case Known(company, purpose):
            return ThirdParty(
                kind="tracker", owner=company, name=company, purposes=(purpose,), decision=TRACKER
            )
        case Listed(name):
            return ThirdParty(kind="listed", owner=name, name=host, purposes=(), decision=LISTED)
        case Unlisted(name):
            return ThirdParty(kind="unlisted", owner=name, name=name, purposes=(), decision=UNLISTED)
        case None:
            return ThirdParty(kind="unlisted", owner=host, name=host, purposes=(), decision=PASSED)
