"""The operator's site file: everything in it has a default, and nothing in it is guessed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from consent_gateway import datafile
from consent_gateway.catalogue import Catalogue
from consent_gateway.datafile import Fault, Faulty, PeriodField, Table, field_validator
from consent_gateway.periods import Period
from consent_gateway.urls import Pattern

LANGUAGES = ("de", "en")
HOST = re.compile(r"(?=.{1,253}$)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*(:\d{1,5})?$|^\[[0-9a-f:]+\](:\d{1,5})?$")
NECESSARY = "necessary"
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class SiteTable(Table):
    hosts: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en", "de")
    scheme: Literal["http", "https"] | None = None
    trusted_proxies: tuple[str, ...] = ()
    prefix: str = "/.privacy"

    @field_validator("hosts")
    @classmethod
    def _hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for host in value:
            if not HOST.match(host):
                raise ValueError(f"not a host name in lower case: {host!r}")
        return value

    @field_validator("languages")
    @classmethod
    def _languages(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError("must name at least one language")
        for language in value:
            if language not in LANGUAGES:
                raise ValueError(f"no wording for {language!r}; there is {', '.join(LANGUAGES)}")
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
    first_party: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    local_stand_ins: bool = False

    @field_validator("lists")
    @classmethod
    def _lists(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        # Better no start than a list whose hosts load all the same.
        if value:
            raise ValueError(
                "this version does not read lists yet; unlisted = 'hold' holds more than any list"
            )
        return value

    @field_validator("first_party")
    @classmethod
    def _patterns(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            if Pattern.parse(text).rest:
                raise ValueError(f"must be a host without a path: {text!r}")
        return value


class Analytics(Table):
    properties: tuple[str, ...] = ()
    rotation: PeriodField = Period(1, "day")
    visitors_per_day: int = datafile.Field(default=10_000, ge=1, le=100_000_000)
    script_url: str = "https://www.googletagmanager.com"
    collect_url: str = "https://region1.google-analytics.com"

    @field_validator("properties")
    @classmethod
    def _ids(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for property in value:
            if not PROPERTY.fullmatch(property):
                raise ValueError(f"not a GA4 measurement id such as 'G-ABC123': {property!r}")
        return value

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
        loopback = url.hostname in LOOPBACK
        if url.scheme != "https" and not (url.scheme == "http" and loopback):
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

    purpose: str
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
    services: dict[str, SiteService] | None = None
    cookies: dict[str, SiteCookie] = datafile.Field(default_factory=dict)
    retention: dict[str, Retention] = datafile.Field(default_factory=dict)
    notify: dict[str, str] = datafile.Field(default_factory=dict)
    limits: Limits = Limits()

    @field_validator("notify")
    @classmethod
    def _notify(cls, value: dict[str, str]) -> dict[str, str]:
        if value:
            raise ValueError(
                "this version does not send requests on yet; give [controller] a contact instead"
            )
        return value

    @property
    def prefix(self) -> str:
        return self.site.prefix

    def lists(self, service: str) -> bool:
        """Whether the service may be released at all: without a [services] table every one may."""
        return self.services is None or service in self.services


def read(path: Path, catalogue: Catalogue) -> Site:
    """The site file, checked. Raises datafile.Unreadable or datafile.Faulty."""
    site = datafile.read(path, Site)
    faults = tuple(_contradictions(site, catalogue, path))
    if faults:
        raise Faulty(faults)
    return site


def _contradictions(site: Site, catalogue: Catalogue, path: Path) -> list[Fault]:
    text = path.read_text(encoding="utf-8")
    found = []

    def fault(key: str, reason: str) -> None:
        found.append(Fault(str(path), key, reason, datafile.line_of(text, key.split("."))))

    for id in site.services or ():
        if id not in catalogue.services:
            near = ", ".join(known for known in catalogue.services if known[:3] == id[:3])
            fault(f"services.{id}", f"no such service in the catalogue{f'; near: {near}' if near else ''}")
    for name, cookie in site.cookies.items():
        if cookie.purpose not in (NECESSARY, *catalogue.purposes):
            known = ", ".join((NECESSARY, *catalogue.purposes))
            fault(f"cookies.{name}.purpose", f"not a purpose: {cookie.purpose!r}; there is {known}")
    matcher = catalogue.matcher()
    for host in site.third_parties.first_party:
        if owner := matcher.find(Pattern.parse(host).host, "/"):
            # A tracker declared the site's own would load without consent (TDDDG § 25).
            fault("third_parties.first_party", f"{host} belongs to a third party: {_named(owner, catalogue)}")
    return found


def _named(owner: object, catalogue: Catalogue) -> str:
    if isinstance(owner, str):
        return catalogue.services[owner].name
    return getattr(owner, "company", "")
