"""The privacy policy as values: what is processed and why, who receives it, how long it is kept.

It comes from the same site file and catalogue that decide what may load, so that text and behaviour cannot
disagree (GDPR Art. 5(1)(a)).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from consent_gateway import retention
from consent_gateway.catalogue import Catalogue, Treatment
from consent_gateway.completeness import Gap, gaps
from consent_gateway.offer import ANALYTICS, EEA, LINKING, MARKETING, Offer, OfferedPurpose, OfferedService
from consent_gateway.own_words import NOTHING_SAID, OwnWords
from consent_gateway.policy_tables import FROM_THE_PERSON, NONE, Recipient, Required
from consent_gateway.retention import Kept
from consent_gateway.site import Site
from consent_gateway.site_tables import CONSENT, REQUESTS
from consent_gateway.storage_items import StorageItem, items

WEBINARS = "webinars"
TRACKING = (ANALYTICS, MARKETING)
CONSENT_OF_VISITOR = "6(1)(a)"
OBLIGATION = "6(1)(c)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One purpose with all that must be said of it (GDPR Art. 13, 30(1)). `offered` is the purpose that
    visitors are asked about, where it is one; `kept` names classes of data, or "purpose"."""

    id: str
    purpose: OwnWords = NOTHING_SAID
    offered: OfferedPurpose | None = None
    legal_basis: tuple[str, ...] = ()
    interest: OwnWords = NOTHING_SAID
    subjects: tuple[OwnWords, ...] = ()
    data: tuple[OwnWords, ...] = ()
    recipients: tuple[str, ...] = ()
    kept: str = ""
    required: Required = ""
    sources: tuple[str, ...] = (FROM_THE_PERSON,)


@dataclass(frozen=True)
class Policy:
    """The policy of a site, in no language yet."""

    site: Site
    offer: Offer
    catalogue: Catalogue

    @cached_property
    def gaps(self) -> list[Gap]:
        return gaps(self.site, self.offer)

    @property
    def missing(self) -> list[Gap]:
        """What is said nowhere."""
        return [gap for gap in self.gaps if not gap.elsewhere]

    @property
    def elsewhere(self) -> list[Gap]:
        """What the site's own privacy policy is there for."""
        return [gap for gap in self.gaps if gap.elsewhere]

    @property
    def activities(self) -> list[Activity]:
        """Those of the operator, then those of the gateway."""
        hosts = tuple(id for id, one in self.recipients.items() if one.kind == "it")
        of_gateway = [replace(one, recipients=hosts) for one in _OF_GATEWAY]  # it runs where the rest does
        return [*self._of_operator(), *of_gateway, *(_asked(purpose) for purpose in self.offer.purposes)]

    @property
    def names_everybody(self) -> bool:
        """Whether nothing of other companies loads but what is named in it."""
        return self.site.services is not None and self.site.third_parties.unlisted == "hold"

    @property
    def kept(self) -> list[Kept]:
        return retention.kept(self.site)

    def storage(self, scheme: str) -> list[StorageItem]:
        """What is kept in a browser that comes by http or https."""
        return items(self.site, self.offer, self.catalogue, scheme)

    @property
    def asks_elsewhere(self) -> bool:
        """Whether the operator rests on consents that are not given on this website."""
        return any(CONSENT_OF_VISITOR in one.legal_basis for one in self.site.processing.values())

    @property
    def recipients(self) -> dict[str, Recipient]:
        return self.site.recipients

    @property
    def recipients_abroad(self) -> dict[str, tuple[Recipient, list[str]]]:
        """The recipients in third countries, with the codes of these."""
        found = {id: (one, sorted(set(one.countries) - EEA)) for id, one in self.recipients.items()}
        return {id: pair for id, pair in found.items() if pair[1]}

    @property
    def services_abroad(self) -> list[OfferedService]:
        """The services by which data may get into third countries."""
        services = self.offer.services.values()
        return [one for one in services if one.third_countries or one.own_words or one.service.transfer]

    @property
    def measuring(self) -> OfferedService | None:
        """Google Analytics, where the site may use it."""
        offered = self.offer.services.get("google-analytics")
        if offered or not self.site.lists("google-analytics"):
            return offered
        return OfferedService("google-analytics", self.catalogue.services["google-analytics"])

    @property
    def webinars(self) -> list[OfferedService]:
        return [one for one in self.offer.services.values() if WEBINARS in one.service.purposes]

    @property
    def tracking(self) -> list[tuple[OfferedPurpose, list[OfferedService]]]:
        """The services, by purpose, that follow visitors without the gateway between."""
        return self._in_pages(lambda purpose: purpose in TRACKING)

    @property
    def plug_ins(self) -> list[tuple[OfferedPurpose, list[OfferedService]]]:
        """The services in pages by purpose, but for tracking and webinars, which have their own place."""
        return self._in_pages(lambda purpose: purpose not in (*TRACKING, WEBINARS, LINKING))

    @property
    def joint(self) -> list[OfferedService]:
        """The services whose providers are responsible together with the operator (GDPR Art. 26)."""
        return [one for one in self.offer.services.values() if one.role == "joint"]

    def _in_pages(self, told: Callable[[str], bool]) -> list[tuple[OfferedPurpose, list[OfferedService]]]:
        found = [
            (purpose, [one for one in purpose.services if one.service.treatment is not Treatment.MEASUREMENT])
            for purpose in self.offer.purposes
            if told(purpose.id)
        ]
        return [(purpose, services) for purpose, services in found if services]

    def _of_operator(self) -> list[Activity]:
        return [
            Activity(
                id=id,
                purpose=one.purpose,
                legal_basis=one.legal_basis,
                interest=one.interest,
                subjects=one.subjects,
                data=one.data,
                recipients=tuple(name for name in one.recipients if name != NONE),
                kept=one.retention,
                required=one.required,
                sources=one.sources,
            )
            for id, one in self.site.processing.items()
        ]


_VISITORS = (OwnWords.of("visitors"),)
_OF_GATEWAY = (
    Activity(
        id="consent",
        purpose=OwnWords.of("consent"),
        legal_basis=(OBLIGATION,),  # with Art. 7(1)
        subjects=_VISITORS,
        data=(OwnWords.of("choices"),),
        kept=CONSENT,
        required="no",
    ),
    Activity(
        id="requests",
        purpose=OwnWords.of("requests"),
        legal_basis=(OBLIGATION,),  # with Art. 12
        subjects=_VISITORS,
        data=(OwnWords.of("requests"),),
        kept=REQUESTS,
        required="law",
    ),
)


def _asked(purpose: OfferedPurpose) -> Activity:
    return Activity(
        id=purpose.id,
        offered=purpose,
        legal_basis=(CONSENT_OF_VISITOR,),
        subjects=_VISITORS,
        required="no",
    )
