"""Whether an address is held by a list: all rules at once, found by host and by word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from consent_gateway.lists.kinds import DOCUMENT, GENERIC
from consent_gateway.lists.patterns import WORD, fits, host_of, literal_of, words_of
from consent_gateway.lists.reading import TrackerList
from consent_gateway.lists.rules import Rule, When

LONGEST = 4096  # characters of an address that are looked at: rules are about its beginning
# Words of nearly every address: a rule is not kept under one if it has another.
COMMON = ("http", "https", "www", "com", "js")


class Page(NamedTuple):
    """A page by its host: the names that rules may call it by, and what exceptions turn off on it:
    DOCUMENT for every rule, GENERIC for those that name no website."""

    host: str
    names: frozenset[str]
    without: int = 0


class Fetch(NamedTuple):
    """What a page is about to fetch; `foreign` says that the address is of another website."""

    address: str
    host: str
    foreign: bool
    page: Page


class Index:
    """Rules, found without looking at all of them."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.hosts: dict[str, tuple[When, ...]] = {}
        # By a word: the text that an address has to contain, the pattern, when it applies.
        self.words: dict[str, list[tuple[str, str, When]]] = {}
        others: list[tuple[Rule, list[str]]] = []
        for rule in rules:
            if host := host_of(rule.pattern):
                self.hosts[host] = (*self.hosts.get(host, ()), rule.when)
            else:
                others.append((rule, words_of(rule.pattern)))
        count = Counter(word for _, words in others for word in words)
        count.update({word: len(others) + 1 for word in COMMON})
        for rule, words in others:
            rarest = min(words, key=count.__getitem__, default="")
            entry = (literal_of(rule.pattern).lower(), rule.pattern, rule.when)
            self.words.setdefault(rarest, []).append(entry)

    def matching(self, fetch: Fetch) -> list[When]:
        """Every rule for this address on this page, whatever it is fetched for."""
        found = [when for host in names_of(fetch.host) for when in self.hosts.get(host, ())]
        lower = fetch.address.lower()
        for word in {*WORD.findall(lower), ""}:
            for text, pattern, when in self.words.get(word, ()):
                if (
                    text in lower
                    and _applies(when, fetch)
                    and (pattern == text or _fits(pattern, when, fetch))
                ):
                    found.append(when)
        return [when for when in found if _applies(when, fetch)]


class Lists:
    """All lists of a site together: an exception in one lets pass what another holds."""

    def __init__(self, lists: Iterable[TrackerList] = (), *, pages: Iterable[str] = ()) -> None:
        """With the hosts of all `pages` there are, rules that are for none of them are left out."""
        self.read = tuple(lists)
        names = {name for host in pages for name in page_names(host)}
        rules = [
            rule
            for one in self.read
            for rule in one.rules
            if not names or not rule.when.domains or not rule.when.domains.isdisjoint(names)
        ]
        cancelled = {_anonymous(rule) for one in self.read for rule in one.cancelled}
        if cancelled:
            rules = [rule for rule in rules if _anonymous(rule) not in cancelled]
        self.holding = Index(rule for rule in rules if not rule.excepts)
        self.excepting = Index(rule for rule in rules if rule.excepts)

    def __bool__(self) -> bool:
        return bool(self.read)

    def page(self, host: str) -> Page:
        """A page by its host, to be kept for all that it fetches."""
        page = Page(host, frozenset(page_names(host)))
        excepting = self.excepting.matching(Fetch(f"https://{host}/", host, False, page))
        return page._replace(without=_kinds(excepting) & (DOCUMENT | GENERIC))

    def held_by(self, fetch: Fetch, kinds: int) -> str:
        """The name of the list that holds an address fetched for any of these kinds; empty if none."""
        if fetch.page.without & DOCUMENT:
            return ""
        fetch = fetch._replace(address=fetch.address[:LONGEST])
        found = [when for when in self.holding.matching(fetch) if when.kinds & kinds]
        if fetch.page.without & GENERIC:
            found = [when for when in found if when.domains]
        if not found:
            return ""
        excepted = _kinds(self.excepting.matching(fetch))
        for when in found:
            if when.kinds & kinds & (~0 if when.important else ~excepted):
                return when.list
        return ""


NO_LISTS = Lists()


def names_of(host: str) -> Iterator[str]:
    """The host and every domain above it, the longest first."""
    yield host
    while (dot := host.find(".")) >= 0:
        host = host[dot + 1 :]
        yield host


def page_names(host: str) -> Iterator[str]:
    """What rules may call a page: its host, every domain above, and each under any top-level domain."""
    for name in names_of(host):
        yield name
        for suffix in (1, 2):  # example.de, example.co.uk
            labels = name.split(".")
            if len(labels) > suffix:
                yield ".".join(labels[:-suffix]) + ".*"


def _applies(when: When, fetch: Fetch) -> bool:
    """Whether a rule is for this page and for an address of this website or another."""
    if when.party and (when.party == 3) != fetch.foreign:
        return False
    names = fetch.page.names
    if when.not_domains and not when.not_domains.isdisjoint(names):
        # Of a name that is in and one that is out, the longer counts.
        return _longest(when.domains & names) > _longest(when.not_domains & names)
    if when.domains and when.domains.isdisjoint(names):
        return False
    return not when.not_to or when.not_to.isdisjoint(names_of(fetch.host))


def _longest(names: Iterable[str]) -> int:
    return max(map(len, names), default=0)


def _fits(pattern: str, when: When, fetch: Fetch) -> bool:
    address = fetch.address if when.exact_case else fetch.address.lower()
    return bool(fits(pattern, exact_case=when.exact_case)(address))


def _kinds(rules: Iterable[When]) -> int:
    kinds = 0
    for when in rules:
        kinds |= when.kinds
    return kinds


def _anonymous(rule: Rule) -> tuple[str, When, bool]:
    """A rule without the name of its list, to compare it with a rule that cancels it."""
    return rule.pattern, replace(rule.when, list=""), rule.excepts
