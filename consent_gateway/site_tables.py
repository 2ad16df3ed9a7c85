"""The tables of a site file, each with what is refused in it."""

from __future__ import annotations

import ipaddress
import re
from functools import cached_property
from typing import Annotated, Literal
from urllib.parse import urlsplit

from consent_gateway import cookie_rules, datafile
from consent_gateway.datafile import (
    PeriodField,
    Table,
    ValidationInfo,
    field_validator,
    model_validator,
)
from consent_gateway.own_words import NOTHING_SAID, WordsField
from consent_gateway.periods import Period
from consent_gateway.policy_tables import Role
from consent_gateway.site_values import (
    LANGUAGES,
    ContainerId,
    Duration,
    EventName,
    EventParameter,
    FirstParty,
    Host,
    Language,
    Network,
    PropertyId,
    PurposeId,
    Reference,
)
from consent_gateway.urls import is_loopback

Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]


def _is_in(address: str, networks: Networks) -> bool:
    if not networks or not address:
        return False
    there = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(there, ipaddress.IPv6Address) and there.ipv4_mapped:
        there = there.ipv4_mapped
    return any(there in network for network in networks)


class SiteTable(Table):
    hosts: tuple[Host, ...] = ()
    languages: tuple[Language, ...] = LANGUAGES
    scheme: Literal["http", "https"] | None = None
    trusted_proxies: tuple[Network, ...] = ()
    prefix: str = "/.privacy"

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The public names without ports."""
        return tuple(dict.fromkeys(host.partition(":")[0] for host in self.hosts))

    def trusts(self, address: str) -> bool:
        """Whether a proxy of the operator's is at an IP address."""
        return _is_in(address, self._networks)

    @cached_property
    def _networks(self) -> Networks:
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
    """Who runs the website (GDPR Art. 13(1)(a), (b), (2)(d)); `representative` is that of Art. 27."""

    name: str = ""
    contact: str = ""
    address: str = ""
    telephone: str = ""
    representative: str = ""
    data_protection_officer: str = ""
    supervisory_authority: str = ""


class ThirdParties(Table):
    unlisted: Literal["hold", "load"] = "load"
    first_party: tuple[FirstParty, ...] = ()
    lists: tuple[Annotated[str, datafile.Field(min_length=1)], ...] = ()
    services: tuple[Annotated[str, datafile.Field(min_length=1)], ...] = ()
    local_stand_ins: bool = False


class Analytics(Table):
    properties: tuple[PropertyId, ...] = ()
    rotation: PeriodField = Period(1, "day")
    visitors_per_day: int = datafile.Field(default=10_000, ge=1, le=100_000_000)
    linking: bool = True
    min_visitors: int = datafile.Field(default=10, ge=1, le=10_000)
    containers: tuple[ContainerId, ...] = ()
    events: tuple[EventName, ...] = ()
    parameters: tuple[EventParameter, ...] = ()
    user_properties: tuple[EventName, ...] = ()
    servers: tuple[Network, ...] = ()
    script_url: str = "https://www.googletagmanager.com"
    collect_url: str = "https://region1.google-analytics.com"

    def is_server(self, address: str) -> bool:
        """Whether a server of the site's own is at an IP address."""
        return _is_in(address, self._networks)

    @cached_property
    def _networks(self) -> Networks:
        return tuple(ipaddress.ip_network(value) for value in self.servers)

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


HOURS = {"hour": 1, "day": 24}


def _as_tuple(value: object) -> object:
    """Beneath a check of the whole table lists come as they are."""
    return tuple(value) if isinstance(value, list) else value


class SiteService(Table):
    """A service the site uses; `transfer` replaces the catalogue's word on third countries, `role` that on
    what its provider is, with the essence of an `arrangement` (GDPR Art. 26(2)), `kept` how long it keeps
    data for the operator. `purposes` say what a tag manager's container is for: it needs these then, and
    not all there are."""

    transfer: WordsField = NOTHING_SAID
    role: Role | None = None
    arrangement: WordsField = NOTHING_SAID
    kept: PeriodField | None = None
    purposes: Annotated[tuple[PurposeId, ...], datafile.BeforeValidator(_as_tuple)] = ()


ITS_NAME = "[name]"  # no key that anybody would write


class SiteCookie(Table):
    """A cookie of the site's own host: what it is for, and how long it stays. A name may have `*` in it;
    what is "necessary" passes, anything else once its purpose is granted."""

    name: str = datafile.Field(default="", validation_alias=ITS_NAME)
    purpose: PurposeId
    reason: WordsField
    duration: Duration = ""

    @property
    def period(self) -> Period | None:
        """How long it lives; None where that is not said, or is no period."""
        return Period.parse(self.duration) if self.duration not in ("", "session") else None

    @model_validator(mode="after")
    def _no_trackers(self, info: ValidationInfo) -> SiteCookie:
        if isinstance(info.context, Reference) and (
            fault := cookie_rules.fault_of(self.name, self.purpose, info.context.catalogue)
        ):
            raise ValueError(fault)
        return self


class PurposeWords(Table):
    """What a purpose is called on this site, in the place of the gateway's words."""

    name: WordsField = NOTHING_SAID
    brief: WordsField = NOTHING_SAID
    text: WordsField = NOTHING_SAID


# Classes of data that the gateway keeps; or those of a processing, which go when its purpose has ceased.
CONSENT, REQUESTS, REPORTS, PURPOSE = "consent", "requests", "reports", "purpose"


class Retention(Table):
    """How long something is kept, and on what ground (GDPR Art. 13(2)(a)); what is `statutory` is blocked
    and not erased before that. `what` are the data, of a class of the operator's own."""

    period: PeriodField
    ground: WordsField
    statutory: bool = False
    counts_from: Literal["", "collection", "purpose", "contract", "year"] = ""
    what: WordsField = NOTHING_SAID


class Limits(Table):
    """Sizes in bytes of what is read whole."""

    page: int = datafile.Field(default=16 * 2**20, ge=2**16)
    request: int = datafile.Field(default=128 * 2**10, ge=2**12)
