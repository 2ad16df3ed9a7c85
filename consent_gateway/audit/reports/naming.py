"""What reports call states, sides and owners, and how they count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from consent_gateway import catalogue
from consent_gateway.audit.findings import Evidence, Field, OwnService, Severity, Side, Situation, Verdict

Own = Sequence[OwnService]  # the services that a site adds to the catalogue

SIDES = {Side.DIRECT: "without the gateway", Side.THROUGH: "with the gateway"}
WORDS = {Verdict.CLEAN: "Clean", Verdict.LEAKS: "Leaks", Verdict.NOT_PROVEN: "Not proven"}
EXIT_CODES = {Verdict.CLEAN: 0, Verdict.LEAKS: 1, Verdict.NOT_PROVEN: 2}
WORST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.NOTE)

# In the order in which a visitor may come to be in them.
STATES = {
    "fresh": "has decided nothing",
    "refused": "has refused everything",
    "analytics": "has agreed to statistics",
    "all": "has agreed to everything",
    "withdrawn": "has withdrawn the consent",
    "expired": "agreed too long ago",
    "tampered": "has a forged consent",
    "gpc": "sends Sec-GPC",
    "blocked": "has blocked processing",
    "objected": "has objected",
}
SITUATIONS = {
    Situation.REJECTED: "Refused by a click, then opened again",
    Situation.WITHDRAWN: "Withdrawn by a click, then opened again",
    Situation.DEEP: "Entered by another page than the front page",
    Situation.NOT_FOUND: "A page that is not there",
    Situation.LANGUAGE: "A second language",
}
_KINDS = {
    "service": "a service of the catalogue",
    "tracker": "a known tracker",
    "listed": "on a list of trackers of the operator's",
    "unlisted": "an unknown third party",
}
_EVIDENCE = {
    Evidence.RECORDED: "the capture has the request",
    Evidence.IN_THE_PAGE: "a browser that reads the page makes the request",
    Evidence.SEEN: "a browser made the request while it was watched",
}
_FATES = {
    "passed": "Passed on as they are",
    "changed": "Changed first",
    "added": "Added",
    "dropped": "Dropped",
}


def counted(number: int, one: str, several: str = "") -> str:
    """The number with its noun."""
    return f"{number:,} {one if number == 1 else several or f'{one}s'}"


def listed(words: Iterable[str], most: int = 10) -> str:
    """The words in a row; beyond `most` only how many more there are."""
    every = list(words)
    more = len(every) - most
    return ", ".join([*every[:most], *([f"{more:,} more"] if more > 0 else [])])


def owner(id: str, kind: str, host: str, own: Own = ()) -> str:
    """Who it is: a service by its name, who is known by nothing by his host."""
    return service(id, own) if kind == "service" else id or host


def service(id: str, own: Own = ()) -> str:
    """The name of a service, of the catalogue or the site's own; for any other id the id itself."""
    return next((name for name, _ in _known(own, id)), id)


def company(id: str, kind: str, own: Own = ()) -> str:
    """Who answers for a service; empty for all others."""
    return next((company for _, company in _known(own, id)), "") if kind == "service" else ""


def _known(own: Own, id: str) -> Iterator[tuple[str, str]]:
    """Its name and company."""
    if known := catalogue.load().services.get(id):
        yield known.name, known.controller.name
    yield from ((one.name, one.company) for one in own if one.id == id)


def kind(id: str) -> str:
    return _KINDS.get(id, id)


def evidence(one: Evidence) -> str:
    return _EVIDENCE[one]


def fates(fields: Iterable[Field]) -> list[str]:
    """What became of these fields, in the order of _FATES."""
    found = {one.what for one in fields}
    return [*(one for one in _FATES if one in found), *sorted(found - _FATES.keys())]


def fate(what: str) -> str:
    """What became of a field."""
    return _FATES.get(what, what)


def title(rule: str) -> str:
    """A rule's id as a heading."""
    return rule.replace("-", " ").replace("_", " ").capitalize()


def page(address: str) -> str:
    """A page as it is read best: its path, where that says enough."""
    try:
        path = urlsplit(address).path if "://" in address else address
    except ValueError:
        return address
    return path or "/"


def site(pages: Iterable[str]) -> str:
    """The hosts of the pages, most pages first."""
    hosts: dict[str, int] = {}
    for address in pages:
        try:
            host = urlsplit(address).netloc
        except ValueError:
            continue
        hosts[host] = hosts.get(host, 0) + 1
    return listed(sorted((host for host in hosts if host), key=lambda host: -hosts[host]), 3)
