"""What an entry of the catalogue says, checked when read: the tables of its TOML file."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Literal

from consent_gateway.catalogue.codes import word_of
from consent_gateway.catalogue.selectors import Selector
from consent_gateway.datafile import Field, Table, ValidationInfo, field_validator
from consent_gateway.periods import Period
from consent_gateway.urls import Pattern


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

    name: str = Field(min_length=1)
    country: str
    address: str = ""
    privacy_policy: str

    @field_validator("privacy_policy")
    @classmethod
    def _https(cls, value: str) -> str:
        if not value.startswith("https://"):
            raise ValueError("must be an https address")
        return value

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
    """A kind of plug-in as it stands in a page, with its usual size in CSS pixels (0: fluid).

    It is recognised by `selectors` or by the `url` of a frame. An element counts only where its
    service is on the page; with `alone` it is itself the proof of that. `text` says that the
    element holds the author's words, which its placeholder repeats. `server` is the attribute with
    the address of the server it comes from, where anybody may run one: whatever else the page
    fetches from there belongs to the service as well. `share` says that it is a share button, and what
    address and text it shares: plain links stand instead, in the service's own network or, of a bar of
    buttons, in those that the expression `networks` finds in its markup.
    """

    id: str
    selectors: tuple[str, ...] = ()
    url: str = ""
    alone: bool = False
    text: bool = False
    server: str = ""
    size: tuple[int, int]
    alternative: str = ""
    capture: str = ""
    share: str = ""
    share_text: str = ""
    networks: str = ""

    @property
    def by_address(self) -> bool:
        """Whether a selector asks for a part of an address, which may stand in one of any host."""
        return any(test.attribute == "src" for text in self.selectors for test in Selector.parse(text).tests)

    @field_validator("selectors")
    @classmethod
    def _selectors(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            Selector.parse(text)
        return value

    @field_validator("url")
    @classmethod
    def _pattern(cls, value: str) -> str:
        if value:
            Pattern.parse(value)
        return value

    @field_validator("capture", "networks")
    @classmethod
    def _expression(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"not a regular expression: {value!r}: {error}") from error
        return value


class Share(Table):
    """The address at which a network is given a `{url}` and a `{text}` to share, and the names, besides
    its id, by which bars of share buttons call it."""

    url: str
    names: tuple[str, ...] = ()

    @field_validator("url")
    @classmethod
    def _takes_a_url(cls, value: str) -> str:
        if not value.startswith("https://") or "{url}" not in value:
            raise ValueError("must begin with https:// and contain {url}")
        return value


_GLOBAL = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)?")


class StandIns(Table):
    """Globals that pages use unguarded, and what stands in for them while their owner is held: for
    a `silent` one something that can be called, read and constructed and does nothing; for a `queue`
    an array that keeps what is pushed, for the real one to find (`name.part`: in a silent `name`)."""

    silent: tuple[str, ...] = ()
    queue: tuple[str, ...] = ()

    @field_validator("silent", "queue")
    @classmethod
    def _names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if not _GLOBAL.fullmatch(name):
                raise ValueError(f"not the name of a global: {name!r}")
        return value

    def __bool__(self) -> bool:
        return bool(self.silent or self.queue)


class Service(Table):
    """A service: how it appears in a page, what it is for, who is behind it.

    `boot` is code that loads it, `uses` is code that only works with it there: held along with a
    loader, run after it. `stand_ins` take the place of its globals while it is held, `reinit` names
    what to call after another of its plug-ins came into the page; `rerun` are parts of the addresses of
    loaders that look for plug-ins only when they come, and come again then. `referrer` is the policy
    that its frames need to work. `floats` says what it is that its scripts draw above the page, in no
    element of it: its placeholder stands at the end of the page. `example` is markup with which a site
    embeds it, in the fewest lines that work: the demo shows it. `joint` is the one of its `sources` in
    which its provider says that whoever runs the website and it are jointly responsible (GDPR Art. 26).
    """

    name: str = Field(min_length=1)
    purposes: tuple[str, ...]
    treatment: Treatment
    floats: Literal["", "chat", "tool"] = ""
    urls: tuple[str, ...]
    boot: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    stand_ins: StandIns = StandIns()
    reinit: tuple[str, ...] = ()
    rerun: tuple[str, ...] = ()
    referrer: Literal["", "origin", "strict-origin", "strict-origin-when-cross-origin"] = ""
    hosts: tuple[str, ...] = ()
    controller: Controller
    transfer: Transfer | None = None
    data: tuple[DataItem, ...] = ("ip_address", "browser", "page_address")
    cookies: tuple[Cookie, ...] = ()
    mounts: tuple[Mount, ...] = ()
    share: Share | None = None
    example: str
    sources: tuple[str, ...]
    joint: str = ""
    reviewed: date

    @field_validator("floats")
    @classmethod
    def _has_placeholders(cls, value: str, info: ValidationInfo) -> str:
        if value and info.data.get("treatment") is not Treatment.PLACEHOLDER:
            raise ValueError('only with treatment = "placeholder"')
        return value

    @field_validator("data")
    @classmethod
    def _in_order(cls, value: tuple[DataItem, ...]) -> tuple[DataItem, ...]:
        return tuple(sorted(value, key=DATA.index))

    @field_validator("joint")
    @classmethod
    def _is_published(cls, value: str, info: ValidationInfo) -> str:
        if value and value not in info.data.get("sources", ()):
            raise ValueError("must be one of the sources")
        return value

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

    @field_validator("boot", "uses")
    @classmethod
    def _expressions(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            try:
                re.compile(text)
            except re.error as error:
                raise ValueError(f"not a regular expression: {text!r}: {error}") from error
            word_of(text)
        return value


class Purpose(Table):
    accept_all: bool
    yields_to_signal: bool = False


class Purposes(Table):
    analytics: Purpose
    analytics_linking: Purpose
    media: Purpose
    social_media: Purpose
    webinars: Purpose
    functional: Purpose
    marketing: Purpose


class StandInsOfHosts(Table):
    """The same for known hosts, which are no services."""

    hosts: dict[str, StandIns]


class Groups(Table):
    """Ids of services by the name of a group."""

    groups: dict[str, tuple[str, ...]]


class ClickIds(Table):
    """Parameters of addresses by which a company knows again who clicked, with the company."""

    click_ids: dict[str, str]
