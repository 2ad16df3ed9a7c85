"""The operator's site file: everything in it has a default, and nothing in it is guessed."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from consent_gateway import datafile
from consent_gateway.catalogue import Catalogue, Owner
from consent_gateway.datafile import (
    AfterValidator,
    BeforeValidator,
    PeriodField,
    Table,
    ValidationInfo,
    field_validator,
)
from consent_gateway.periods import Period
from consent_gateway.urls import Matcher, Pattern, is_loopback

LANGUAGES = ("de", "en")
HOST = re.compile(r"(?=.{1,253}$)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*")
NECESSARY = "necessary"


@dataclass(frozen=True, slots=True)
class Reference:
    """What a site file is compared with; without it only its form is checked."""

    catalogue: Catalogue
    matcher: Matcher[Owner]


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


def _service(value: str, info: ValidationInfo) -> str:
    services = info.context.catalogue.services if isinstance(info.context, Reference) else (value,)
    if value not in services:
        near = ", ".join(known for known in services if known[:3] == value[:3])
        raise ValueError(f"no such service in the catalogue{f'; near: {near}' if near else ''}")
    return value


def _purpose(value: str, info: ValidationInfo) -> str:
    purposes = (
        (NECESSARY, *info.context.catalogue.purposes) if isinstance(info.context, Reference) else (value,)
    )
    if value not in purposes:
        raise ValueError(f"not a purpose: {value!r}; there is {', '.join(purposes)}")
    return value


def _not_yet(what: str, instead: str) -> BeforeValidator:
    """Better no start than a promise that is not kept."""

    def refuse(value: object) -> object:
        if value:
            raise ValueError(f"this version does not {what} yet; {instead}")
        return value

    return BeforeValidator(refuse)


class SiteTable(Table):
    hosts: tuple[Annotated[str, AfterValidator(_host)], ...] = ()
    languages: tuple[Annotated[str, AfterValidator(_language)], ...] = ("en", "de")
    scheme: Literal["http", "https"] | None = None
    trusted_proxies: tuple[Annotated[str, AfterValidator(_network)], ...] = ()
    prefix: str = "/.privacy"

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The public names without ports."""
        return tuple(dict.fromkeys(host.partition(":")[0] for host in self.hosts))

    def trusts(self, address: str) -> bool:
        """Whether a proxy of the operator's is at an IP address."""
        if not self.trusted_proxies or not address:
            return False
        there = ipaddress.ip_address(address.partition("%")[0])
        if isinstance(there, ipaddress.IPv6Address) and there.ipv4_mapped:
            there = there.ipv4_mapped
        return any(there in network for network in self._networks)

    @cached_property
    def _networks(self) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
        return tuple(ipaddress.ip_network(value) for value in self.trusted_proxies)

    @field_validator("languages")
    @classmethod
    def _some(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError("must name at least one language")
        return value

    @field_validator("prefix")
    @classmethod
    def _prefix(cls, value: str) -> str:
        if not re.fullmatch(r"(/[A-Za-z0-9._-]+)+", value) or "/.." in value:
            raise ValueError("must be a path such as '/.privacy', without a slash at its end")
        return value


class ControllerTable(Table):
    """Who runs the website (GDPR Art. 13(1)(a))."""

    name: str = ""
    contact: str = ""
    address: str = ""


class ThirdParties(Table):
    unlisted: Literal["hold", "load"] = "load"
    first_party: tuple[Annotated[str, AfterValidator(_first_party)], ...] = ()
    lists: tuple[Annotated[str, datafile.Field(min_length=1)], ...] = ()
    local_stand_ins: bool = False


class Analytics(Table):
    properties: tuple[Annotated[str, AfterValidator(_property)], ...] = ()
    rotation: PeriodField = Period(1, "day")
    visitors_per_day: int = datafile.Field(default=10_000, ge=1, le=100_000_000)
    script_url: str = "https://www.googletagmanager.com"
    collect_url: str = "https://region1.google-analytics.com"

    @field_validator("rotation")
    @classmethod
    def _rotation(cls, value: Period) -> Period:
        # A salt shorter than a session breaks it, one longer than a month is no rotation.
        if value.unit not in ("hour", "day") or not 3 <= value.number * HOURS[value.unit] <= 31 * 24:
            raise ValueError("must be between '3 hours' and '31 days', in hours or days")
        return value

    @field_validator("script_url", "collect_url")
    @classmethod
    def _base(cls, value: str) -> str:
        url = urlsplit(value)
        if url.scheme != "https" and not (url.scheme == "http" and is_loopback(url.hostname or "")):
            raise ValueError("must be https (http only for a loopback address, for tests)")
        if not url.hostname or url.path.strip("/") or url.query or url.fragment or url.username:
            raise ValueError("must be scheme and host only, for example 'https://example.com'")
        return value.rstrip("/")


PROPERTY = re.compile(r"G-[A-Z0-9]{4,12}")
HOURS = {"hour": 1, "day": 24}


class SiteService(Table):
    """A service the site uses; `transfer` replaces the catalogue's word on third countries."""

    transfer: str = ""


class SiteCookie(Table):
    """A cookie of the site's own, for the privacy policy."""

    purpose: Annotated[str, AfterValidator(_purpose)]
    reason: str = datafile.Field(min_length=1)


class Retention(Table):
    """How long something is kept, and on what ground (GDPR Art. 13(2)(a))."""

    period: PeriodField
    ground: str = datafile.Field(min_length=1)


class Limits(Table):
    """Sizes in bytes of what is read whole."""

    page: int = datafile.Field(default=16 * 2**20, ge=2**16)
    request: int = datafile.Field(default=64 * 2**10, ge=2**12)


class Site(Table):
    """The whole site file."""

    site: SiteTable = SiteTable()
    controller: ControllerTable = ControllerTable()
    third_parties: ThirdParties = ThirdParties()
    analytics: Analytics = Analytics()
    services: dict[Annotated[str, AfterValidator(_service)], SiteService] | None = None
    cookies: dict[str, SiteCookie] = datafile.Field(default_factory=dict)
    retention: dict[str, Retention] = datafile.Field(default_factory=dict)
    notify: Annotated[dict[str, str], _not_yet("send requests on", "give [controller] a contact instead")] = (
        datafile.Field(default_factory=dict)
    )
    limits: Limits = Limits()

    @field_validator("services", mode="before")
    @classmethod
    def _members(cls, value: object, info: ValidationInfo) -> object:
        """A group stands for its members; what is said of a member itself counts for that one."""
        if not isinstance(value, dict) or not isinstance(info.context, Reference):
            return value
        groups = info.context.catalogue.groups
        members = {id: settings for name, settings in value.items() for id in groups.get(name, ())}
        return members | {name: settings for name, settings in value.items() if name not in groups}

    @property
    def prefix(self) -> str:
        return self.site.prefix

    def lists(self, service: str) -> bool:
        """Whether the service may be released at all: without a [services] table every one may."""
        return self.services is None or service in self.services


def read(path: Path, catalogue: Catalogue) -> Site:
    """The site file, checked. Raises datafile.Unreadable or datafile.Faulty."""
    return datafile.read(path, Site, against=Reference(catalogue, catalogue.matcher()))
