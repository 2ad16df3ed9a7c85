"""What a site asks its visitors about: the purposes, and the services behind each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from consent_gateway.catalogue import Catalogue, Service, Treatment
from consent_gateway.cookie_rules import is_kept_out
from consent_gateway.own_words import NOTHING_SAID, OwnWords
from consent_gateway.policy_tables import Role
from consent_gateway.site import Site
from consent_gateway.site_tables import SiteCookie, SiteService

ANALYTICS = "analytics"
LINKING = "analytics_linking"
MARKETING = "marketing"
REVISION_LENGTH = 6
EEA = frozenset(
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IS IE IT LV LI LT LU MT NL NO PL PT RO SK SI ES SE".split()
)

NO_SETTINGS = SiteService()


@dataclass(frozen=True, slots=True)
class OfferedService:
    """A service of the catalogue on this site; `own_words` replace its text on third countries, `settings`
    are what the site file says of it."""

    id: str
    service: Service
    own_words: OwnWords = NOTHING_SAID
    settings: SiteService = NO_SETTINGS

    @property
    def role(self) -> Role:
        """What its provider is: as the site file says, else a processor of what the gateway passes on, jointly
        responsible where it says so itself, and a controller of its own (GDPR Art. 4(7)) where it does not."""
        if self.settings.role:
            return self.settings.role
        if self.service.treatment is Treatment.MEASUREMENT:
            return "processor"
        return "joint" if self.service.joint else "controller"

    @property
    def third_countries(self) -> frozenset[str]:
        """Codes of the countries outside the EEA that data may go to."""
        transfer = self.service.transfer
        return frozenset((self.service.controller.country, *(transfer.countries if transfer else ()))) - EEA


@dataclass(frozen=True, slots=True)
class OfferedPurpose:
    """A purpose with the services the site is known to use for it, and the cookies of its own that it
    declares for it; `revision` changes with them."""

    id: str
    services: tuple[OfferedService, ...]
    revision: str
    accept_all: bool
    yields_to_signal: bool
    cookies: tuple[SiteCookie, ...] = ()


@dataclass(frozen=True, eq=False)
class Offer:
    """Every purpose the site asks about, in the catalogue's order.

    `releasable` are the services that a visitor may release one by one, named or not, with their purposes.
    """

    purposes: tuple[OfferedPurpose, ...]
    releasable: Mapping[str, tuple[str, ...]]

    @cached_property
    def revisions(self) -> Mapping[str, str]:
        return {purpose.id: purpose.revision for purpose in self.purposes}

    @cached_property
    def services(self) -> Mapping[str, OfferedService]:
        return {service.id: service for purpose in self.purposes for service in purpose.services}

    @cached_property
    def alike(self) -> tuple[tuple[str, ...], ...]:
        """What is releasable, in groups of the same purposes."""
        groups: dict[tuple[str, ...], list[str]] = {}
        for id, purposes in self.releasable.items():
            groups.setdefault(purposes, []).append(id)
        return tuple(map(tuple, groups.values()))

    @cached_property
    def yielding(self) -> frozenset[str]:
        """The purposes that a browser's objection by signal refuses."""
        return frozenset(purpose.id for purpose in self.purposes if purpose.yields_to_signal)

    def offered(self, service: str, catalogue: Catalogue) -> OfferedService:
        """A service as the site offers it, whether it was seen there or not."""
        return self.services.get(service) or OfferedService(service, catalogue.services[service])

    @property
    def asked_first(self) -> tuple[OfferedPurpose, ...]:
        """What the notice asks about: all but the linking consent, which is asked apart."""
        return tuple(purpose for purpose in self.purposes if purpose.id != LINKING)


def offer(site: Site, catalogue: Catalogue, seen: Iterable[str] = ()) -> Offer:
    """The offer of a site. With a [services] table it names those, else the services seen so far.

    Without the table a visitor is asked about every purpose as a whole: there is no list yet that
    an answer could be bound to.
    """
    named = set(site.services) if site.services is not None else set(seen)
    declared = [cookie for cookie in site.cookies.values() if not is_kept_out(cookie.name, catalogue)]
    purposes = []
    for id, purpose in catalogue.purposes.items():
        if id == LINKING and not site.analytics.linking:
            continue
        serving = [
            service
            for service in catalogue.of_purpose(ANALYTICS if id == LINKING else id)
            if service in named
        ]
        cookies = tuple(one for one in declared if one.purpose == id)
        if site.services is not None and not serving and not cookies:
            continue
        bound_to = serving if site.services is not None else ["*"]
        purposes.append(
            OfferedPurpose(
                id=id,
                services=tuple(
                    _offered(site, catalogue, service)
                    for service in serving
                    if _belongs(catalogue, service, id)
                ),
                revision=_revision(site, id, bound_to, catalogue, cookies),
                accept_all=purpose.accept_all,
                yields_to_signal=purpose.yields_to_signal,
                cookies=cookies,
            )
        )
    return Offer(
        tuple(purposes),
        {id: service.purposes for id, service in catalogue.services.items() if site.lists(id)},
    )


def _belongs(catalogue: Catalogue, service: str, purpose: str) -> bool:
    """Whether a service is named under a purpose: one that needs several, such as a tag manager,
    is named under the last, and loads only with all of them."""
    needs = catalogue.services[service].purposes
    return purpose == (needs[-1] if len(needs) > 1 else needs[0]) or (
        purpose == LINKING and needs == (ANALYTICS,)
    )


def _offered(site: Site, catalogue: Catalogue, id: str) -> OfferedService:
    service = catalogue.services[id]
    own = site.services.get(id) if site.services else None
    return OfferedService(id, service, own.transfer, own) if own else OfferedService(id, service)


def _revision(
    site: Site, purpose: str, services: list[str], catalogue: Catalogue, cookies: tuple[SiteCookie, ...]
) -> str:
    """Changes when a recipient, its country or its role for the purpose changes, a cookie of the site's own
    for it, or the words in which the operator says what it is (CON-12)."""
    facts = [[id, *_facts(catalogue.services[id])] if id in catalogue.services else [id] for id in services]
    own = sorted([cookie.name, cookie.reason.as_json(), cookie.duration] for cookie in cookies)
    words = [one.as_json() for one in site.named_purposes.get(purpose, {}).values()]
    said = [*([own] if own else []), *([words] if words else [])]
    text = json.dumps([purpose, site.controller.name, facts, *said], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:REVISION_LENGTH]


def _facts(service: Service) -> list[str]:
    return [service.name, service.controller.name, service.controller.country, *service.purposes]
