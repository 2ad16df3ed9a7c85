"""What an audit has found, as plain values. No query, no cookie value and no body is in any of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from consent_gateway.decision import NOT_LISTED


class Side(StrEnum):
    """With the gateway in between, or without."""

    DIRECT = "direct"
    THROUGH = "through"


class Carrier(StrEnum):
    """What in or around a page makes the browser contact somebody."""

    SCRIPT = "script"
    IFRAME = "iframe"
    PIXEL = "pixel"  # an image of any size
    MEDIA = "media"
    CSS = "css"
    OBJECT = "object"
    HINT = "hint"  # preconnect, prefetch and the like
    PING = "ping"
    HEADER = "header"
    REDIRECT = "redirect"
    RUN_TIME = "run time"  # asked for by code


class Evidence(StrEnum):
    """How it is known."""

    RECORDED = "recorded"  # the capture has the request
    IN_THE_PAGE = "in the page"  # a browser that reads this page makes it
    SEEN = "seen"  # a browser made it while it was watched


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Verdict(StrEnum):
    """What decides the exit code."""

    CLEAN = "clean"  # 0
    LEAKS = "leaks"  # 1
    NOT_PROVEN = "not proven"  # 2


class Situation(StrEnum):
    """In what visitors get beside pages that are there, opened one by one."""

    REJECTED = "reject and reload"
    WITHDRAWN = "withdraw and reload"
    DEEP = "deep entry"
    NOT_FOUND = "not found"
    LANGUAGE = "second language"


@dataclass(frozen=True, slots=True)
class Covered:
    """A situation; whether it was tried; and in a sentence what was done, or why nothing was."""

    situation: Situation
    tried: bool
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A third party contacted by a page, for a visitor in one state, on one side. `path` is without query.

    `owner` is a service's id, a tracker's company or a list's name, `kind` one of "service", "tracker",
    "listed", "unlisted"; `allowed` says whether this visitor has agreed to it. `decision` and `reason` are
    the gateway's, with the article; they hold on both sides.
    """

    page: str
    state: str
    side: Side
    host: str
    path: str
    owner: str
    kind: str
    purpose: str
    carrier: Carrier
    evidence: Evidence
    allowed: bool
    decision: str
    reason: str
    article: str

    @property
    def is_asked_about(self) -> bool:
        """Whether visitors can agree to it: a service that the site file does not leave out, held or not."""
        return self.kind == "service" and self.reason != NOT_LISTED


@dataclass(frozen=True, slots=True, kw_only=True)
class CookieSet:
    """A cookie that is set: by which host, in a header or by a script, and whether it reaches the browser."""

    page: str
    state: str
    side: Side
    name: str
    host: str
    party: str  # "first", "third"
    by_script: bool
    owner: str
    purpose: str
    allowed: bool
    kept: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter of a hit and what became of it: "passed", "changed", "dropped" or "added"."""

    name: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarded:
    """A measurement hit of the page and what of it went on to Google, field by field."""

    page: str
    state: str
    event: str
    host: str
    sent_on: bool
    reason: str
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as promised: a rule of the table in `rules.py`, and where it is broken."""

    rule: str
    severity: Severity
    side: Side
    state: str
    page: str
    host: str
    message: str
    remedy: str
    article: str
    is_new: bool = False  # not in the baseline


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """What was audited: a file with its SHA-256, or an address."""

    name: str
    kind: str  # "mitmproxy flows", "HAR", "address"
    sha256: str = ""
    pages: int = 0
    exchanges: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """Whether the planted leaks were found: one per carrier, on both sides."""

    planted: tuple[str, ...]
    found: tuple[str, ...]

    @property
    def proves(self) -> bool:
        return bool(self.planted) and set(self.planted) <= set(self.found)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnService:
    """A service that the site adds to the catalogue: what reports call it, and who answers for it."""

    id: str
    name: str
    company: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """All of it. `judged` is the side whose findings decide; `not_measured` says in sentences what
    could not be looked at."""

    started: datetime
    finished: datetime
    gateway: str  # its version
    mitmproxy: str
    browser: str  # empty where none ran
    command: tuple[str, ...]
    site_file: str
    site_sha256: str
    policy_hash: str
    judged: Side
    inputs: tuple[Input, ...]
    pages: tuple[str, ...]
    states: tuple[str, ...]
    contacts: tuple[Contact, ...]
    cookies: tuple[CookieSet, ...]
    forwarded: tuple[Forwarded, ...]
    findings: tuple[Finding, ...]
    canary: Canary
    not_measured: tuple[str, ...] = ()
    baseline: str = ""
    left_out: tuple[str, ...] = field(default=())  # pages that could not be read, with the reason
    declared: tuple[str, ...] = ()  # ids of the services that the site file names
    conditions: tuple[str, ...] = ()  # how pages were opened: window, language, what was waited for
    own_services: tuple[OwnService, ...] = ()
    coverage: tuple[Covered, ...] = ()  # of each situation, whether it was tried
    incomplete: tuple[str, ...] = ()  # captures whose end could not be read, with the reason

    @property
    def verdict(self) -> Verdict:
        """NOT_PROVEN where the canary was not found or nothing was looked at; else what the findings say. Of a
        capture without its end only a leak is proven."""
        if not self.canary.proves or not self.pages:
            return Verdict.NOT_PROVEN
        errors = any(one.severity is Severity.ERROR and one.side is self.judged for one in self.findings)
        if errors:
            return Verdict.LEAKS
        return Verdict.NOT_PROVEN if self.incomplete else Verdict.CLEAN
