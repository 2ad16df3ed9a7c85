"""The values of a site file that are more than a text or a number, and why one is refused."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Annotated

from consent_gateway import cookie_names, cookie_rules
from consent_gateway.analytics import parameters
from consent_gateway.catalogue import Catalogue, Owner, Service
from consent_gateway.datafile import AfterValidator, ValidationInfo, Written
from consent_gateway.periods import Period
from consent_gateway.urls import Matcher, Pattern

# The first is what visitors get who want none of them.
LANGUAGES = tuple(
    "en bg cs da de el es et fi fr ga hr hu is it lt lv mt nl no pl pt ro sk sl sv tr uk".split()
)
HOST = re.compile(r"(?=.{1,253}$)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*")
SESSION = "session"
LIKENESS = 0.75  # from which on two names are near, as difflib counts it: letters in common
_PORT = re.compile(r"(?<!/):[0-9*]*$")
EVENT = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
CONTAINER = re.compile(r"GTM-[A-Z0-9]{4,10}")
PROPERTY = re.compile(r"GT?-[A-Z0-9]{4,12}")


@dataclass(frozen=True, slots=True)
class Reference:
    """What a site file is compared with; without it only its form is checked."""

    catalogue: Catalogue
    matcher: Matcher[Owner]
    own_services: Mapping[str, Service] = field(
        default_factory=dict
    )  # of the site's own, in the catalogue too


def _host(value: str) -> str:
    name, _, port = value.partition(":")
    if not HOST.fullmatch(name) or (port != "" and not (port.isdigit() and 0 < int(port) < 65536)):
        raise ValueError(f"not a host name in lower case: {value!r}")
    return value


def _language(value: str) -> str:
    if value not in LANGUAGES:
        raise ValueError(f"no wording for {value!r}; there is {', '.join(LANGUAGES)}")
    return value


def _network(value: str) -> str:
    try:
        return str(ipaddress.ip_network(value))
    except ValueError as error:
        raise ValueError(
            f"not an IP address such as '10.0.0.5' or network such as '10.0.0.0/8': {value!r}"
        ) from error


def _first_party(value: str, info: ValidationInfo) -> str:
    if _PORT.search(value):
        raise ValueError(f"must be a host without a port, it counts on every port: {value!r}")
    if "." not in value and HOST.fullmatch(value):
        return value  # of an intranet
    pattern = Pattern.parse(value)
    if pattern.rest:
        raise ValueError(f"must be a host without a path: {value!r}")
    if isinstance(info.context, Reference) and (owner := info.context.matcher.find(pattern.host, "/")):
        # A tracker declared the site's own would load without consent (TDDDG § 25).
        name = info.context.catalogue.services[owner].name if isinstance(owner, str) else owner.company
        raise ValueError(f"{value} belongs to a third party: {name}")
    return value


def _property(value: str) -> str:
    if not PROPERTY.fullmatch(value):
        raise ValueError(f"not a GA4 measurement id such as 'G-ABC123': {value!r}")
    return value


def _container(value: str) -> str:
    if not CONTAINER.fullmatch(value):
        raise ValueError(f"not a container of Google Tag Manager such as 'GTM-ABC123': {value!r}")
    return value


def _event(value: str) -> str:
    if not EVENT.fullmatch(value):
        reason = "must be the name alone, without 'up.'" if value.startswith("up.") else ""
        raise ValueError(
            f"{reason or 'not a name of letters, digits and underscores, 40 at most'}: {value!r}"
        )
    return value


def _event_parameter(value: str) -> str:
    kind, _, name = value.partition(".")
    known = parameters.load().find(value)
    if known and not known.kind.startswith("own_"):
        word = "never passes" if known.action == "drop" else "passes without being listed"
        raise ValueError(f"{value} {word} ({known.meaning})")
    if kind not in ("ep", "epn") or not EVENT.fullmatch(name):
        raise ValueError(f"must be 'ep.name' for a text or 'epn.name' for a number: {value!r}")
    return value


def _service(value: str, info: ValidationInfo) -> str:
    services = info.context.catalogue.services if isinstance(info.context, Reference) else (value,)
    if value not in services:
        near = ", ".join(get_close_matches(value.lower(), services, 3, LIKENESS))
        raise ValueError(
            f"no such service in the catalogue{f'; near: {near}' if near else ''}; "
            f"[third_parties] services adds one of your own, consent-gateway services --new HOST begins its file"
        )
    return value


def _purpose(value: str, info: ValidationInfo) -> str:
    purposes = (
        (cookie_rules.NECESSARY, *info.context.catalogue.purposes)
        if isinstance(info.context, Reference)
        else (value,)
    )
    if value not in purposes:
        raise ValueError(f"not a purpose: {value!r}; there is {', '.join(purposes)}")
    return value


def _cookie_name(value: str) -> str:
    if not cookie_names.is_item_name(value):
        raise ValueError(
            f"not the name of a cookie or an item of storage, which may have * for any letters: {value!r}"
        )
    return value


def _duration(value: str) -> str:
    if value and value != SESSION:
        Period.parse(value)
    return value


# fmt: off
Host = Annotated[str, AfterValidator(_host), Written(
    'host name such as `"www.example.com"`', 'host names such as `"www.example.com"` or `"localhost:8080"`')]
Language = Annotated[str, AfterValidator(_language), Written(
    "language", 'languages such as `"en"`')]
Network = Annotated[str, AfterValidator(_network), Written(
    "IP address or network", 'IP addresses such as `"10.0.0.5"` or networks such as `"10.0.0.0/8"`')]
FirstParty = Annotated[str, AfterValidator(_first_party), Written(
    "host", 'hosts such as `"cdn.example.net"`, or `"*.example.net"` for it and all below it')]
CookieName = Annotated[str, AfterValidator(_cookie_name), Written(
    "name of a cookie such as `sid`, or `wp_*` for all that begin so")]
ContainerId = Annotated[str, AfterValidator(_container), Written(
    "container", 'containers such as `"GTM-ABC123"`')]
Duration = Annotated[str, AfterValidator(_duration), Written(
    '`"session"`, or a period such as `"1 year"`')]
EventName = Annotated[str, AfterValidator(_event), Written(
    "name", 'names such as `"tier"`: letters, digits and underscores, 40 at most')]
EventParameter = Annotated[str, AfterValidator(_event_parameter), Written(
    "parameter", 'parameters: `"ep.topic"` for a text, `"epn.rating"` for a number')]
PropertyId = Annotated[str, AfterValidator(_property), Written(
    "measurement id", 'measurement ids such as `"G-ABC123"` or `"GT-ABC123"`')]
ServiceId = Annotated[str, AfterValidator(_service), Written(
    "id of a service or group in the [catalogue](reference-catalogue.md)")]
PurposeId = Annotated[str, AfterValidator(_purpose), Written(
    "[purpose](#purposes)", "[purposes](#purposes)")]
# fmt: on
