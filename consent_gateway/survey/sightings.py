"""What was seen of a site, as plain values: who was contacted and where, which cookies there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_PAGES = 3  # of one sighting that are named: the rest is counted
MOST_OTHERS = 1000  # that are counted


@dataclass(slots=True)
class Sighting:
    """Where something was seen. `pages` are the first paths with what it was there ("script", "iframe" …), `others`
    further ones, `within` names the hosts in whose frames it was asked for, and not by the site's pages."""

    pages: dict[str, set[str]] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)
    within: set[str] = field(default_factory=set)
    by_site: bool = False
    verdict: str = ""  # the list of the operator's that holds it

    def note(self, page: str, kind: str, within: str = "") -> None:
        if within:
            self.within.add(within)
        else:
            self.by_site = True
        if page in self.pages or len(self.pages) < MOST_PAGES:
            self.pages.setdefault(page, set()).add(kind)
        elif len(self.others) < MOST_OTHERS:
            self.others.add(page)


@dataclass(slots=True)
class CookieSeen:
    """A cookie, or an item of storage, of the site's own hosts. `seconds` is the longest life that was set, 0 for the session, None where
    nobody saw it being set; `setters` are hosts, or "a script"."""

    name: str
    seconds: int | None = None
    setters: set[str] = field(default_factory=set)
    pages: set[str] = field(default_factory=set)

    def lives(self, seconds: int | None) -> None:
        if seconds is not None:
            self.seconds = max(self.seconds or 0, seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """Everything that was seen of a site. `services` are by id, `trackers` and `unknown` by host; `own_pages` are
    addresses of privacy policies by language; `proposals` what pages say of who runs them, by key; `purposes` what
    forms and links tell of why data are stored, each with a page."""

    hosts: tuple[str, ...] = ()
    static_hosts: tuple[str, ...] = ()
    secure: bool = False
    stand_ins: bool = False
    pages: int = 0
    unread: tuple[str, ...] = ()
    consent_tools: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    services: Mapping[str, Sighting] = field(default_factory=dict)
    properties: tuple[str, ...] = ()
    containers: tuple[str, ...] = ()
    trackers: Mapping[str, tuple[str, Sighting]] = field(default_factory=dict)
    unknown: Mapping[str, Sighting] = field(default_factory=dict)
    cookies: Mapping[str, CookieSeen] = field(default_factory=dict)
    stored: Mapping[str, CookieSeen] = field(default_factory=dict)
    own_pages: Mapping[str, str] = field(default_factory=dict)
    own_page_on: str = ""
    proposals: Mapping[str, str] = field(default_factory=dict)
    purposes: Mapping[str, str] = field(default_factory=dict)
