"""What one table of a site file says of another: whether the other is there, and what it may say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from consent_gateway.policy_tables import FROM_THE_PERSON, NONE, PolicyTable, Processing, Recipient, Source
from consent_gateway.site_tables import CONSENT, PURPOSE, REPORTS, REQUESTS, Retention

Wrong = tuple[tuple[str, ...], str]
GATEWAYS = (CONSENT, REQUESTS, REPORTS)  # classes of data whose periods the gateway applies
ALWAYS_KNOWN = {"recipients": {NONE}, "sources": {FROM_THE_PERSON}, "retention": {PURPOSE, *GATEWAYS}}
RESERVED = {
    "recipients": {NONE},
    "sources": {FROM_THE_PERSON},
    "retention": {PURPOSE},
    "purposes": {"necessary"},  # nobody is asked about it
}


class Tables(Protocol):
    """The tables that name each other."""

    @property
    def processing(self) -> Mapping[str, Processing]: ...
    @property
    def recipients(self) -> Mapping[str, Recipient]: ...
    @property
    def sources(self) -> Mapping[str, Source]: ...
    @property
    def retention(self) -> Mapping[str, Retention]: ...
    @property
    def policy(self) -> PolicyTable: ...
    @property
    def prefix(self) -> str: ...


def dangling(site: Tables) -> Iterator[Wrong]:
    """Each key that names a table which is not there, or says what its table cannot do, with the reason."""
    yield from _reserved(site)
    for _, page in site.policy.own_page.texts:
        if page == site.prefix or page.startswith(f"{site.prefix}/"):
            yield ("policy", "own_page"), f"{page} is the gateway's own page, and not the site's"
    for id, processing in site.processing.items():
        place = ("processing", id)
        for name in processing.recipients:
            yield from _missing((*place, "recipients"), name, site.recipients)
        for name in processing.sources:
            yield from _missing((*place, "sources"), name, site.sources)
        if processing.retention:
            yield from _missing((*place, "retention"), processing.retention, site.retention)
        if NONE in processing.recipients and len(processing.recipients) > 1:
            yield (*place, "recipients"), f'"{NONE}" and somebody: one of the two cannot be'
    for id, rule in site.retention.items():
        if id in GATEWAYS and rule.counts_from:
            yield ("retention", id, "counts_from"), "can be said of classes of data of your own only"
        if id == REPORTS and rule.statutory:
            yield ("retention", id, "statutory"), "these are counts without reference to anybody"


def _reserved(site: Tables) -> Iterator[Wrong]:
    for table, names in RESERVED.items():
        for name in names & getattr(site, table).keys():
            yield (table, name), "is the gateway's own: no table can be called so"


def _missing(place: tuple[str, ...], name: str, known: Mapping[str, object]) -> Iterator[Wrong]:
    table = place[-1]
    names = {*known, *ALWAYS_KNOWN[table]}
    if name not in names:
        there = ", ".join(sorted(names))
        yield place, f"there is no [{table}.{name}]; there is {there}"
