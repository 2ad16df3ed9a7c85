"""Whether a service that an operator adds fits the catalogue: an id and addresses of its own, and one purpose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from consent_gateway.catalogue import Catalogue, Mount, Service, Treatment
from consent_gateway.locales import country_in
from consent_gateway.urls import Pattern

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
LINKING = "analytics_linking"  # asked about beside analytics, and served by no service of its own
Wrong = tuple[tuple[str, ...], str]


def wrong_id(id: str, catalogue: Catalogue) -> str:
    """Why a service cannot be called so; empty if it can."""
    if not ID.fullmatch(id):
        return f"not an id of small letters, digits and hyphens: {id!r}"
    if id in catalogue.services:
        return f"the catalogue has a service {id} already: {catalogue.services[id].name}"
    if id in catalogue.groups:
        return f"the catalogue has a group {id}: {', '.join(catalogue.groups[id])}"
    if id in catalogue.purposes:
        return f"{id} is a purpose"
    return ""


def wrong(service: Service, catalogue: Catalogue) -> Iterator[Wrong]:
    """Each key that does not go with what the catalogue has, with the reason."""
    yield from _purposes(service, catalogue)
    if service.treatment is Treatment.MEASUREMENT:
        yield ("treatment",), 'is for Google\'s measurement; write "placeholder" or "removal"'
    country = service.controller.country
    if country_in(country, "en") == country:
        yield ("controller", "country"), f"no country has the code {country!r}"
    if service.treatment is Treatment.PLACEHOLDER:
        yield from _placeholder(service)
    for number, mount in enumerate(service.mounts):
        yield from ((("mounts", str(number), key), reason) for key, reason in _mount(mount))
    yield from _addresses(service, catalogue)


def _purposes(service: Service, catalogue: Catalogue) -> Iterator[Wrong]:
    there = [id for id in catalogue.purposes if id != LINKING]
    if foreign := [id for id in service.purposes if id not in there]:
        yield ("purposes",), f"not a purpose: {', '.join(foreign)}; there is {', '.join(there)}"
    elif len(service.purposes) > 1:
        yield ("purposes",), "must be one: only a manager of tags has several"


def _placeholder(service: Service) -> Iterator[Wrong]:
    if not service.hosts:
        yield ("hosts",), "must name whom it contacts once it is loaded: a policy holds all others"
    if not (service.mounts or service.floats):
        yield ("mounts",), 'missing: where its placeholder stands; or floats = "tool" for what draws itself'


def _mount(mount: Mount) -> Iterator[tuple[str, str]]:
    if not (mount.selectors or mount.url):
        yield "selectors", "missing: by what it is found in a page; or the url of a frame"
    numbered = any(blank.isdigit() for blank in re.findall(r"\{([^}]+)\}", mount.alternative))
    if numbered != bool(mount.capture):
        yield "alternative", "takes {1} from what the expression capture finds: there is only one of the two"


def owner_of(text: str, catalogue: Catalogue) -> str:
    """Whose service or known tracker some address of a pattern is, in words; empty for nobody's."""
    return _met(text, _trackers(catalogue)) or _met(text, _services(catalogue))


def _addresses(service: Service, catalogue: Catalogue) -> Iterator[Wrong]:
    services, trackers = _services(catalogue), _trackers(catalogue)
    for text in service.urls:
        if owner := _met(text, trackers) or _met(text, services):
            yield ("urls",), f"{text} belongs to {owner}"
    # Those of other services may be needed as well, such as of fonts: they are asked about there.
    for text in service.hosts:
        if owner := _met(text, trackers):
            yield ("hosts",), f"{text} would let through {owner}"


def _services(catalogue: Catalogue) -> dict[Pattern, str]:
    return {
        Pattern.parse(text): f"{other.name} ({id})"
        for id, other in catalogue.services.items()
        for text in other.urls
    }


def _trackers(catalogue: Catalogue) -> dict[Pattern, str]:
    return {one: f"{known.company}, a known tracker" for one, known in catalogue.known.hosts}


def _met(text: str, owners: Mapping[Pattern, str]) -> str:
    pattern = Pattern.parse(text)
    return next((f"{owner}: {one}" for one, owner in owners.items() if pattern.meets(one)), "")
