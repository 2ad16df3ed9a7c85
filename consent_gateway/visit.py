"""One request with all that follows from who makes it: consent, language, what may load."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from consent_gateway.analytics.envelope import OutboundRequest
from consent_gateway.catalogue import Catalogue
from consent_gateway.choices import Choice
from consent_gateway.consent import Consent
from consent_gateway.decision import Case, Decision, decide
from consent_gateway.holding import Erasure, Holding
from consent_gateway.messages import Request, Response
from consent_gateway.offer import LINKING, Offer, OfferedService
from consent_gateway.policy_in_force import PolicyInForce
from consent_gateway.record import GRANTS, TAKES_BACK, Record, hash_of, moment
from consent_gateway.reports import Blocked
from consent_gateway.site import Site
from consent_gateway.subject_requests.asking import LookingUp, Noticing, Receiving
from consent_gateway.visitor import Visitor


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A request, the visitor behind it and what he has chosen. `now` is UTC. `root` is what the
    gateway's own addresses begin with in the page he gets: nothing, or the site's address. `said`: the
    page is to say that the choice just made is saved."""

    request: Request
    visitor: Visitor
    consent: Consent
    offer: Offer
    site: Site
    catalogue: Catalogue
    language: str
    now: datetime
    policy: PolicyInForce
    root: str = ""
    said: bool = False

    def decision(self, service: str) -> Decision:
        """Whether a service of the catalogue may load for this visitor, and why."""
        case = Case(
            service=service,
            purposes=self.catalogue.services[service].purposes,
            listed=self.site.lists(service),
            consent=self.consent,
            revisions=self.offer.revisions,
            objected=self.objected,
        )
        return decide(case)

    @property
    def objected(self) -> frozenset[str]:
        """The purposes that the visitor objects to, or his browser by a signal."""
        objects = self.visitor.objects or self.consent.objected is not None
        return self.offer.yielding if objects else frozenset()

    @property
    def unblocked(self) -> Visit:
        """The same if the visitor had not blocked everything."""
        return replace(self, consent=self.consent.lift())

    def offered(self, service: str) -> OfferedService:
        """A service as the site offers it, whether it was seen there or not."""
        return self.offer.offered(service, self.catalogue)

    def loads(self, service: str) -> bool:
        if service not in self._decided:
            self._decided[service] = self.decision(service).loads
        return self._decided[service]

    @cached_property
    def _decided(self) -> dict[str, bool]:
        return {}

    @cached_property
    def released(self) -> list[str]:
        """The ids of the services that load, in the catalogue's order. Of those that are not listed none does; of
        the others those of the same purposes are decided alike, unless one was released by name."""
        by_name = self.consent.services
        if not self.consent.grants_anything:
            return []
        found = {id for id in by_name & self.offer.releasable.keys() if self.loads(id)}
        for alike in self.offer.alike:
            others = [id for id in alike if id not in by_name]
            if others and self.loads(others[0]):
                found.update(others)
        return [id for id in self.offer.releasable if id in found] if found else []

    @property
    def may_load(self) -> list[str]:
        """The same as the guard script is told, with the purposes that are none of a service's own."""
        return [*self.released, *([LINKING] if self.grants(LINKING) else []), *self.storing]

    @property
    def storing(self) -> list[str]:
        """The granted purposes that the site has cookies of its own for, as the guard script knows them."""
        return [f"purpose:{one.id}" for one in self.offer.purposes if one.cookies and self.grants(one.id)]

    @property
    def declared_purposes(self) -> list[str]:
        """The same of all purposes, granted or not."""
        return [f"purpose:{one.id}" for one in self.offer.purposes if one.cookies]

    def grants(self, purpose: str) -> bool:
        return self.consent.grants(purpose, self.offer.revisions.get(purpose, ""))

    def record(self, consent: Consent, choice: Choice, *, layer: str, language: str, shown: str) -> Record:
        """What the ledger keeps of a choice, and of the consent it led to."""
        kind = choice.kind
        # What takes everything back leaves no receipt; its record belongs to the one it ends.
        receipt = consent.receipt or (self.consent.receipt if kind in TAKES_BACK else "")
        exact = bool(receipt) or kind in GRANTS
        return Record(
            time=moment(self.now, exact=exact),
            kind=kind,
            host=self.request.hostname,
            layer=layer,
            language=language,
            shown=hash_of(shown),
            policy=self.policy.hash,
            granted=dict(consent.granted),
            refused=dict(consent.refused),
            services=sorted({*consent.services, choice.once} - {""}),
            signal=self.visitor.objects,
            receipt=receipt,
            turn=consent.turn,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """The answer depends on what the ledger holds under a receipt: None if that cannot be read."""

    receipt: str
    answer: Callable[[Sequence[Holding] | None], Reply]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer of ours, and what is to be done besides.

    `record` goes into the ledger with the text that was shown and the `terms` before the answer
    leaves; if that fails and `unrecorded` is set, that goes out instead. `outbound` is sent on without waiting.
    `script` is the address of Google's script that is to be fetched and answered with. `blocked` is
    what a browser reports and is to be counted. `asking` brings its own answers, one of which goes out instead;
    the recipients of `noticing` are to be told.

    `lookup` makes the reply once the ledger was asked. What is under `erasure` is destroyed before the answer
    leaves, or `unrecorded` goes out. With `health`, what is wrong goes out instead, if anything is.
    """

    response: Response
    record: tuple[Record, str] | None = None
    terms: str = ""
    unrecorded: Response | None = None
    outbound: OutboundRequest | None = None
    script: str = ""
    blocked: tuple[Blocked, ...] = ()
    asking: Receiving | LookingUp | None = None
    noticing: Noticing | None = None
    lookup: Lookup | None = None
    erasure: Erasure | None = None
    health: bool = False
