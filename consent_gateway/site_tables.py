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
    Written,
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


Base = Annotated[str, Written('https address without a path such as `"https://example.com"`')]


class SiteTable(Table):
    """The website and how visitors reach it."""

    hosts: tuple[Host, ...] = ()
    """Public names of the website. A name without a port counts on every port. Another `Host` is answered 421;
    without any, every name is answered (GDPR Art. 32(1))."""
    languages: tuple[Language, ...] = LANGUAGES
    """Languages of the notice and of the gateway's pages; the first is for visitors who want none of them."""
    scheme: Literal["http", "https"] | None = None
    """What visitors see; else `https` with `--cert`, `http` without. It decides the name of the cookie."""
    trusted_proxies: tuple[Network, ...] = ()
    """Your proxies in front of the gateway: their `X-Forwarded-For`, `-Proto` and `-Host` are believed."""
    prefix: Annotated[str, Written('path such as `"/.privacy"`')] = "/.privacy"
    """The path below which the gateway's own pages are."""

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
    """Who runs the website (GDPR Art. 13(1)(a), (b), (2)(d))."""

    name: str = ""
    """Who is responsible, as in the imprint."""
    contact: str = ""
    """An e-mail address, or how else you can be reached."""
    address: str = ""
    """Street, town, country."""
    telephone: str = ""
    """A telephone number."""
    representative: str = ""
    """Your representative in the European Union, if you are outside of it (GDPR Art. 27)."""
    data_protection_officer: str = ""
    """Name and how to reach them, or `"none"`."""
    supervisory_authority: str = ""
    """With whom a complaint can be lodged: name or https address."""


class ThirdParties(Table):
    """What becomes of hosts that are not in the catalogue."""

    unlisted: Literal["hold", "load"] = "load"
    """What becomes of third parties that are neither known nor the site's own; with `"hold"` they do not load."""
    first_party: tuple[FirstParty, ...] = ()
    """Further hosts of the site's own. No tracker that the catalogue knows can be one."""
    lists: tuple[
        Annotated[str, datafile.Field(min_length=1), Written("file", 'files such as `"easyprivacy.txt"`')],
        ...,
    ] = ()
    """Files beside the site file, in EasyPrivacy format: what they name is held."""
    services: tuple[
        Annotated[str, datafile.Field(min_length=1), Written("file", 'files such as `"acme-reviews.toml"`')],
        ...,
    ] = ()
    """Files beside the site file that add services to the catalogue; the name of a file is the id."""
    local_stand_ins: bool = False
    """For tests only: `HOST.localhost` counts as `HOST`."""


class Analytics(Table):
    """Google Analytics by way of the gateway: what of a hit passes, and under which pseudonym."""

    properties: tuple[PropertyId, ...] = ()
    """GA4 properties whose hits go on; without any, those found in the site's pages."""
    rotation: Annotated[PeriodField, Written('period from `"3 hours"` to `"31 days"`')] = Period(1, "day")
    """How often pseudonyms change (GDPR Art. 4(5))."""
    visitors_per_day: int = datafile.Field(default=10_000, ge=1, le=100_000_000)
    """How many visitors the site has in a day; it sets how many share a pseudonym."""
    linking: bool = True
    """Whether visitors are asked if statistics may be combined with personal data."""
    min_visitors: int = datafile.Field(default=10, ge=1, le=10_000)
    """How many visitors of a period must have had a page title or browser version before it passes."""
    containers: tuple[ContainerId, ...] = ()
    """Containers of Google Tag Manager that load; without any, those found in the site's pages."""
    events: tuple[EventName, ...] = ()
    """Events of the site's own that pass, beside Google's."""
    parameters: tuple[EventParameter, ...] = ()
    """Parameters of events that pass, beside Google's."""
    user_properties: tuple[EventName, ...] = ()
    """Properties of users that pass with the consent to combine statistics with personal data."""
    servers: tuple[Network, ...] = ()
    """Your servers that may report by the Measurement Protocol."""
    script_url: Base = "https://www.googletagmanager.com"
    """Where Google's script is fetched; a loopback address is for tests."""
    collect_url: Base = "https://region1.google-analytics.com"
    """Where hits are sent; a loopback address is for tests."""

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
    """A service that visitors can agree to, by its id in the catalogue, or a group. Without any such table they can
    agree to every service; with one, only to those that are listed."""

    transfer: WordsField = NOTHING_SAID
    """What you have agreed on with the provider about third countries, in the place of the catalogue's words."""
    role: Role | None = None
    """What the provider is; else `"processor"` for measurement and `"joint"` for the rest (GDPR Art. 26, 28)."""
    arrangement: WordsField = NOTHING_SAID
    """The essence of what joint controllers have agreed on (GDPR Art. 26(2))."""
    kept: PeriodField | None = None
    """How long the provider keeps data for you; of a processor it has to be said."""
    purposes: Annotated[tuple[PurposeId, ...], datafile.BeforeValidator(_as_tuple)] = ()
    """What the containers of a tag manager are for; else they need every purpose there is."""


ITS_NAME = "[name]"  # no key that anybody would write


class SiteCookie(Table):
    """A cookie of the site's own host: what it is for, and how long it stays. A name may have `*` in it."""

    name: str = datafile.Field(default="", validation_alias=ITS_NAME)
    purpose: PurposeId
    """`necessary` cookies pass; any other once its purpose is granted (TDDDG § 25)."""
    reason: WordsField
    """What it does, in words of yours or one of the gateway's: `session`, `login`, `cart`, `forgery`, `balance`."""
    duration: Duration = ""
    """How long it stays; `session` is until the browser is closed."""

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
    """What a purpose is called on this site, in the place of the gateway's words. Visitors are asked again."""

    name: WordsField = NOTHING_SAID
    """What the purpose is called."""
    brief: WordsField = NOTHING_SAID
    """What it is for, as the notice says it."""
    text: WordsField = NOTHING_SAID
    """What it is for, as the preferences say it."""


# Classes of data that the gateway keeps; or those of a processing, which go when its purpose has ceased.
CONSENT, REQUESTS, REPORTS, PURPOSE = "consent", "requests", "reports", "purpose"


class Retention(Table):
    """How long data are kept, and on what ground (GDPR Art. 13(2)(a)). `consent`, `requests` and `reports` are what
    the gateway keeps itself; any other name is a class of your own, to which `[processing.NAME] retention` refers."""

    period: PeriodField
    """How long it is kept."""
    ground: WordsField
    """Why so long."""
    statutory: bool = False
    """The law demands it: erasing on request then blocks and does not erase (GDPR Art. 17(3)(b))."""
    counts_from: Literal["", "collection", "purpose", "contract", "year"] = ""
    """When the period begins: with the collection, the end of the purpose, of the contract, or of the year. Only
    for classes of your own."""
    what: WordsField = NOTHING_SAID
    """What the data are called; else they are told by what they are processed for."""


class Limits(Table):
    """Sizes in bytes of what is read whole, and how often one address may write; of IPv6 one /64 counts as one."""

    page: int = datafile.Field(default=16 * 2**20, ge=2**16)
    """A page of the site; a larger one is answered with an error and not let through."""
    request: int = datafile.Field(default=128 * 2**10, ge=2**12)
    """What is sent to the gateway itself; more is refused unread, 413."""
    grants: int = datafile.Field(default=120, ge=1)
    """Answers in a minute that switch something on; more: 429. Refusing, withdrawing, objecting and erasing always work."""
    requests: int = datafile.Field(default=5, ge=1)
    """Requests about personal data in an hour; more: 429."""
    reports: int = datafile.Field(default=240, ge=1)
    """Posts of what browsers report in a minute; more: 429."""
    hits: int = datafile.Field(default=600, ge=1)
    """Hits of Google Analytics in a minute; more: 429. Those of `[analytics] servers` are not counted."""
