"""What an audit has gathered so far, within bounds: what a site repeats without end is counted, not kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from consent_gateway.audit.findings import Contact, CookieSet, Forwarded

MOST_CONTACTS = 60_000  # in the report; of each third party in each state and side the first are always there
FIRST = 20
MOST_PATHS = 20  # of one host in one page, state and side
MOST_COOKIES = 5_000
MOST_HITS = 5_000
MOST_LEFT_OUT = 200


@dataclass(slots=True)
class Gathered:
    """The parts of the report that grow while captures are read."""

    contacts: dict[Contact, None] = field(default_factory=dict)
    cookies: dict[tuple[str, ...], CookieSet] = field(default_factory=dict)
    forwarded: list[Forwarded] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    consent_tools: dict[str, str] = field(default_factory=dict)  # by name, with the first page
    services: set[str] = field(default_factory=set)
    more: Counter[str] = field(default_factory=Counter)
    _named: Counter[tuple[str, ...]] = field(default_factory=Counter)
    _paths: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def contact(self, one: Contact) -> None:
        """Takes a contact in, unless the report is full of its like."""
        if one in self.contacts:
            return
        place = (one.page, one.state, one.side, one.host)
        third_party = (one.state, one.side, one.owner or one.host)
        full = len(self.contacts) >= MOST_CONTACTS and self._named[third_party] >= FIRST
        if full or self._paths[place] >= MOST_PATHS:
            self.more["contacts"] += 1
            return
        self._paths[place] += 1
        self._named[third_party] += 1
        self.contacts[one] = None

    def cookie(self, one: CookieSet) -> None:
        """Takes in a cookie, once for each state, side and host: in the first page that sets it."""
        key = (one.state, one.side, one.name, one.host, str(one.by_script))
        if key in self.cookies:
            return
        if len(self.cookies) >= MOST_COOKIES:
            self.more["cookies"] += 1
            return
        self.cookies[key] = one

    def hit(self, one: Forwarded) -> None:
        if len(self.forwarded) >= MOST_HITS:
            self.more["measurement hits"] += 1
        elif one not in self.forwarded[-200:]:
            self.forwarded.append(one)

    def unread(self, sentence: str) -> None:
        if len(self.left_out) >= MOST_LEFT_OUT:
            self.more["answers that could not be read"] += 1
        elif sentence not in self.left_out:
            self.left_out.append(sentence)

    @property
    def not_listed(self) -> Iterator[str]:
        """In sentences, what was counted only."""
        yield from (
            f"{number} further {what} are not listed one by one" for what, number in self.more.items()
        )
