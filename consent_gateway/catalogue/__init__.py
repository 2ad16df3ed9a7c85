"""What is known about each service: one TOML file per service, checked when read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from importlib import resources
from typing import Literal

from consent_gateway.datafile import Table, field_validator, parse
from consent_gateway.periods import Period
from consent_gateway.urls import Matcher, Pattern


class Treatment(StrEnum):
    """What becomes of a service's elements while it is held."""

    MEASUREMENT = "measurement"
    PLACEHOLDER = "placeholder"
    REMOVAL = "removal"


UNTIMED = ("session", "set by the provider")  # durations of cookies that are no period
# What reaches a controller when its service loads, in the order in which it is told.
DATA = ("ip_address", "browser", "page_address", "cookies", "usage", "pseudonym")
DataItem = Literal["ip_address", "browser", "page_address", "cookies", "usage", "pseudonym"]


class Controller(Table):
    """The company behind a service (GDPR Art. 4(7)) and where it says what it does."""

    name: str
    country: str
    address: str = ""
    privacy_policy: str

    @field_validator("country")
    @classmethod
    def _iso(cls, country: str) -> str:
        if not re.fullmatch(r"[A-Z]{2}", country):
            raise ValueError("must be a two-letter ISO 3166 code")
        return country


class Transfer(Table):
    """Third countries that data may go to, and on what basis (GDPR Art. 44 to 46)."""

    countries: tuple[str, ...] = ()
    basis: Literal["adequacy_or_clauses", "clauses"]


class Cookie(Table):
    """A cookie or storage item of a service; `party` is who may read it."""

    name: str
    party: Literal["first", "third"]
    kind: Literal["cookie", "local_storage"] = "cookie"
    duration: str

    @field_validator("duration")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in UNTIMED:
            Period.parse(value)
        return value

    @property
    def period(self) -> Period | None:
        """How long it lives; None where that is no period."""
        return None if self.duration in UNTIMED else Period.parse(self.duration)


class Mount(Table):
    """A kind of plug-in as it stands in a page, with its usual size in CSS pixels (0: fluid)."""

    id: str
    type: str = ""
    url: str = ""
    size: tuple[int, int]
    alternative: str = ""
    capture: str = ""

    @field_validator("type")
    @classmethod
    def _lower(cls, value: str) -> str:
        if value != value.lower():
            raise ValueError("must be in lower case: type attributes are compared without case")
        return value

    @field_validator("url")
    @classmethod
    def _pattern(cls, value: str) -> str:
        if value:
            Pattern.parse(value)
        return value


class Service(Table):
    """A service: how it appears in a page, what it is for, who is behind it.

    `boot` is code that loads it, `functions` are its globals that a page calls unguarded, `reinit`
    names what to call after another of its plug-ins came into the page.
    """

    name: str
    purposes: tuple[str, ...]
    treatment: Treatment
    urls: tuple[str, ...]
    boot: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    reinit: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    controller: Controller
    transfer: Transfer | None = None
    data: tuple[DataItem, ...] = ("ip_address", "browser", "page_address")
    cookies: tuple[Cookie, ...] = ()
    mounts: tuple[Mount, ...] = ()
    sources: tuple[str, ...]
    reviewed: date

    @field_validator("data")
    @classmethod
    def _in_order(cls, value: tuple[DataItem, ...]) -> tuple[DataItem, ...]:
        return tuple(sorted(value, key=DATA.index))

    @field_validator("purposes", "urls", "sources")
    @classmethod
    def _some(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError("must name at least one")
        return value

    @field_validator("urls", "hosts")
    @classmethod
    def _patterns(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            Pattern.parse(text)
        return value

    @field_validator("boot")
    @classmethod
    def _expressions(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            try:
                re.compile(text)
            except re.error as error:
                raise ValueError(f"not a regular expression: {text!r}: {error}") from error
        return value


class Purpose(Table):
    accept_all: bool
    yields_to_signal: bool = False


class _Purposes(Table):
    analytics: Purpose
    analytics_linking: Purpose
    media: Purpose
    social_media: Purpose
    webinars: Purpose
    functional: Purpose
    marketing: Purpose


class KnownHosts(Table):
    """Tracking and advertising hosts that need no placeholder: host → company, by purpose."""

    marketing: dict[str, str]
    analytics: dict[str, str]

    @field_validator("marketing", "analytics")
    @classmethod
    def _hosts(cls, value: dict[str, str]) -> dict[str, str]:
        for text in value:
            Pattern.parse(text)
        return value


@dataclass(frozen=True, slots=True)
class Known:
    """A host from the table of known trackers: held in every state, never released."""

    company: str
    purpose: str


Owner = str | Known  # a service's id, or a known tracker


@dataclass(frozen=True)
class Catalogue:
    """Every service by its id, in order, with the index that finds them."""

    services: Mapping[str, Service]
    purposes: Mapping[str, Purpose]
    known: KnownHosts

    def of_purpose(self, purpose: str) -> list[str]:
        """The ids of the services that serve a purpose."""
        return [id for id, service in self.services.items() if purpose in service.purposes]

    def matcher(self, *, stand_ins: bool = False) -> Matcher[Owner]:
        """Finds the service or known tracker an address belongs to."""
        return Matcher(self._rules(), stand_ins=stand_ins)

    def _rules(self) -> Iterable[tuple[Pattern, Owner]]:
        for id, service in self.services.items():
            for text in service.urls:
                yield Pattern.parse(text), id
        for purpose in ("marketing", "analytics"):
            for text, company in getattr(self.known, purpose).items():
                yield Pattern.parse(f"*.{text}" if "/" not in text else text), Known(company, purpose)

    def boots(self, code: bytes) -> list[str]:
        """The ids of the services that the text of a script loads."""
        return [id for id, expression in self._boot if expression.search(code)]

    @cached_property
    def _boot(self) -> list[tuple[str, re.Pattern[bytes]]]:
        return [
            (id, re.compile("|".join(service.boot).encode("ascii")))
            for id, service in self.services.items()
            if service.boot
        ]

    def mounted_by(self, script_type: str) -> str | None:
        """The id of the service whose plug-in a `<script type>` in lower case stands for."""
        for prefix, id in self._mount_types:
            if script_type.startswith(prefix):
                return id
        return None

    @cached_property
    def _mount_types(self) -> list[tuple[str, str]]:
        return [
            (mount.type, id)
            for id, service in self.services.items()
            for mount in service.mounts
            if mount.type
        ]


def load() -> Catalogue:
    """The catalogue that ships with the product. Raises datafile.Faulty if an entry is wrong."""
    folder = resources.files(__package__)
    services: dict[str, Service] = {}
    for entry in sorted(folder.joinpath("services").iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".toml"):
            text = entry.read_text(encoding="utf-8")
            services[entry.name.removesuffix(".toml")] = parse(text, Service, file=entry.name)
    purposes = parse(folder.joinpath("purposes.toml").read_text("utf-8"), _Purposes, file="purposes.toml")
    known = parse(folder.joinpath("known_hosts.toml").read_text("utf-8"), KnownHosts, file="known_hosts.toml")
    return Catalogue(
        services=services,
        purposes={id: getattr(purposes, id) for id in type(purposes).model_fields},
        known=known,
    )
