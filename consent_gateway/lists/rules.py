"""One line of a list → a rule, or the reason why there is none."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from consent_gateway.lists.kinds import ANY, NAMES
from consent_gateway.lists.patterns import can_be_read, is_expression
from consent_gateway.urls import resolve

NOWHERE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """When a rule applies. `party` is 3 for other websites only, 1 for the same only, else 0.

    `domains` and `not_domains` are hosts of pages, `example.*` under any top-level domain;
    `not_to` are hosts of addresses. `list` is the name of the list.
    """

    list: str
    kinds: int = ANY
    party: int = 0
    domains: frozenset[str] = NOWHERE
    not_domains: frozenset[str] = NOWHERE
    not_to: frozenset[str] = NOWHERE
    exact_case: bool = False
    important: bool = False


class Rule(NamedTuple):
    """An address pattern and when it applies; in lower case, unless case matters or it is a
    regular expression. `excepts` lets pass what others hold, `cancels` removes its like."""

    pattern: str
    when: When
    excepts: bool = False
    cancels: bool = False


class Skipped(NamedTuple):
    """Why a line is no rule for the gateway."""

    reason: str


HIDES = "hide elements of the page, fetch nothing"
NO_FETCH = "are about windows, inline code or hiding, not about what a page fetches"
CHANGES = "change what is loaded instead of holding it"
EVERYTHING = "would hold every address"
NO_EXPRESSION = "have a regular expression that cannot be read"
BLANK = "have a blank in the address"
UNKNOWN = "have a restriction that cannot be judged here: {}"

_OPTIONS = re.compile(r"\$(~?[\w-]+(?:=[^,]*)?(?:,~?[\w-]+(?:=[^,]*)?)*)$")
_PARTY = {"third-party": 3, "3p": 3, "~first-party": 3, "~1p": 3, "first-party": 1, "1p": 1, "~third-party": 1, "~3p": 1}  # fmt: skip
# With these an address is held, and something harmless given in its place, which is not done here.
_REPLACED = frozenset(("redirect", "rewrite", "empty", "mp4"))
_CHANGING = frozenset(
    ("csp", "permissions", "removeparam", "queryprune", "replace", "urltransform", "uritransform", "redirect-rule",
     "removeheader", "header", "hls", "jsonprune", "xmlprune", "cookie", "stealth", "urlskip")
)  # fmt: skip
_IN_HOST = re.compile(r"\|\|([^/^*|:?]*[^\x00-\x7f][^/^*|:?]*)")


def parse(line: str, list_name: str) -> Rule | Skipped:
    """The rule of one line that is neither blank nor a comment."""
    excepts = line.startswith("@@")
    text = line[2:] if excepts else line
    if not (match := _OPTIONS.search(text)):
        options = Options(When(list=list_name))
    elif isinstance(read := read_options(match[1], list_name), Skipped):
        return read
    else:
        text, options = text[: match.start()], read
    if excepts and options.replaces:
        return Skipped(CHANGES)
    pattern = _pattern(text, exact_case=options.when.exact_case)
    if isinstance(pattern, Skipped):
        return pattern
    if not pattern and options.when == When(list=list_name):
        return Skipped(EVERYTHING)
    return Rule(pattern, options.when, excepts, options.cancels)


class Options(NamedTuple):
    """What stands behind the dollar sign of a rule."""

    when: When
    replaces: bool = False
    cancels: bool = False


@dataclass(slots=True)
class _Read:
    """The options of a rule as far as they are read."""

    kinds: int = 0
    not_kinds: int = 0
    names_kinds: bool = False
    party: int = 0
    domains: set[str] = field(default_factory=set)
    not_domains: set[str] = field(default_factory=set)
    not_to: set[str] = field(default_factory=set)

    def take(self, name: str, value: str) -> bool:
        """Whether the option is one that says when a rule applies."""
        kind = NAMES.get(name.removeprefix("~"))
        if kind is not None and name.startswith("~"):
            self.not_kinds |= kind
        elif kind is not None:
            self.kinds |= kind
            self.names_kinds = True
        elif name in _PARTY:
            self.party = _PARTY[name]
        elif name in ("domain", "from") and value and "/" not in value:
            for domain in value.lower().split("|"):
                (self.not_domains if domain.startswith("~") else self.domains).add(domain.removeprefix("~"))
        elif name == "denyallow" and value:
            self.not_to.update(value.lower().split("|"))
        else:
            return name in ("match-case", "important", "badfilter") or not name.strip("_")
        return True


@lru_cache(maxsize=4096)
def read_options(text: str, list_name: str) -> Options | Skipped:
    """The options of a rule; the same object for the same text."""
    read = _Read()
    names = set()
    for option in text.split(","):
        name, _, value = option.partition("=")
        if name.removeprefix("~") in _CHANGING:
            return Skipped(CHANGES)
        if not read.take(name, value) and name not in _REPLACED:
            return Skipped(UNKNOWN.format(name))
        names.add(name)
    when = When(
        list=list_name,
        kinds=(read.kinds if read.names_kinds else ANY) & ~read.not_kinds,
        party=read.party,
        domains=frozenset(read.domains),
        not_domains=frozenset(read.not_domains),
        not_to=frozenset(read.not_to),
        exact_case="match-case" in names,
        important="important" in names,
    )
    if not when.kinds:
        return Skipped(NO_FETCH)
    return Options(when, not _REPLACED.isdisjoint(names), "badfilter" in names)


def _pattern(text: str, *, exact_case: bool) -> str | Skipped:
    if is_expression(text):
        return text if can_be_read(text) else Skipped(NO_EXPRESSION)
    if " " in text:
        return Skipped(BLANK)
    if not text.isascii():
        text = _ascii(text)
    if not exact_case:
        text = text.lower()
    if text.startswith("*") or text.endswith("*"):
        text = text.strip("*")
        text = f"{text}*" if is_expression(text) else text  # `/path/*` is no regular expression
    return "" if text in ("|", "||", "^") else text


def _ascii(text: str) -> str:
    """A pattern as browsers write addresses: hosts in punycode, other characters in per cent."""
    if host := _IN_HOST.match(text):
        address = resolve(f"//{host[1]}/", "https://localhost/")
        text = f"||{address.host}{text[host.end() :]}" if address else text
    return "".join(c if c.isascii() else "".join(f"%{b:02x}" for b in c.encode()) for c in text)
