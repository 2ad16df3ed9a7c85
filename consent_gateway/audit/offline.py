"""Captures → the audit: what would leave a visitor's browser, in each state, directly and through the gateway.

A capture is read twice and never kept: once to know which hosts are the site's, once for all the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from consent_gateway.audit.canary import NOT_PLANTED, canary
from consent_gateway.audit.concluding import Occasion, Results, concluded
from consent_gateway.audit.coverage import of_captures
from consent_gateway.audit.findings import Audit, Input
from consent_gateway.audit.inspection import Inspection
from consent_gateway.audit.looking import Looking
from consent_gateway.audit.states import visitors
from consent_gateway.captures.exchange import Exchange
from consent_gateway.captures.reading import nothing
from consent_gateway.captures.site_hosts import site_hosts
from consent_gateway.gateway import Gateway

Told = Callable[[int], None]
# What a recording cannot show (the report says so).
_LIMITS = (
    "through the gateway it follows from pages, policies and guard script what would leave: none of them ran",
    "what code of the site did not do in the recording: other clicks, longer visits, other devices",
    "storage that scripts write beside cookies (localStorage, IndexedDB)",
    "hosts of the site's own domain that are somebody else's in the name system (CNAME): they count as the site's",
)


class Recording(Protocol):
    """A capture that can be read again and again; `skipped` says what of the last reading was left
    out, `lost` why it did not come to the end."""

    @property
    def kind(self) -> str: ...

    @property
    def sha256(self) -> str: ...

    @property
    def size(self) -> int: ...

    @property
    def skipped(self) -> tuple[str, ...]: ...

    @property
    def lost(self) -> str: ...

    def exchanges(self, progress: Told = ...) -> Iterator[Exchange]: ...


def audited(
    captures: Mapping[str, Recording],
    assemble: Callable[[tuple[str, ...], str], Gateway],
    occasion: Occasion,
    *,
    clock: Callable[[], datetime],
    named: Sequence[str] = (),
    planted: bool = True,
    most: int = 0,
    progress: Told = nothing,
) -> Audit:
    """The audit of captures, by their names. `assemble` makes the gateway for the site's hosts and scheme,
    `named` are those that its site file names; `progress` gets the bytes read so far, of twice as many as there are. Raises NoState, and as they do."""
    told = _Progress(progress)
    survey = _Survey()
    everything = (one for capture in captures.values() for one in told.of(capture))
    hosts = site_hosts(survey.of(everything), named)
    gateway = assemble(hosts, survey.scheme)
    looking = Looking(gateway, occasion.started)
    host = hosts[0] if hosts else (gateway.site.site.names or ("localhost",))[0]
    known = visitors(gateway, host, survey.scheme, occasion.started)
    inspection = Inspection(looking, known, most)
    inputs = [_taken(inspection, name, capture, told) for name, capture in captures.items()]
    gathered = inspection.finish()
    results = Results(
        pages=tuple(inspection.pages),
        contacts=tuple(gathered.contacts),
        cookies=tuple(gathered.cookies.values()),
        forwarded=tuple(gathered.forwarded),
        services=frozenset(gathered.services),
        consent_tools=gathered.consent_tools,
        left_out=tuple(inspection.left_out),
        not_measured=(*_LIMITS, *inspection.not_measured),
        incomplete=tuple(f"{name}: {capture.lost}" for name, capture in captures.items() if capture.lost),
        coverage=of_captures(inspection.pages, inspection.languages, inspection.missing),
    )
    proof = canary(looking, known, survey.scheme, host) if planted else NOT_PLANTED
    return concluded(results, occasion, gateway, inputs, proof, clock())


def _taken(inspection: Inspection, name: str, capture: Recording, told: _Progress) -> Input:
    pages, exchanges = len(inspection.pages), inspection.exchanges
    for exchange in told.of(capture):
        inspection.take(exchange)
    for sentence in capture.skipped:
        inspection.gathered.unread(f"{name}: {sentence}")
    return Input(
        name=name,
        kind=capture.kind,
        sha256=capture.sha256,
        pages=len(inspection.pages) - pages,
        exchanges=inspection.exchanges - exchanges,
    )


class _Progress:
    """Adds up what is read of several captures, twice."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._done = 0

    def of(self, capture: Recording) -> Iterator[Exchange]:
        done = self._done
        yield from capture.exchanges(lambda read: self._told(done + read))
        self._done = done + capture.size
        self._told(self._done)


class _Survey:
    """The scheme of the first page, seen in passing."""

    def __init__(self) -> None:
        self.scheme = "https"
        self._knows = False

    def of(self, exchanges: Iterable[Exchange]) -> Iterator[Exchange]:
        for exchange in exchanges:
            if exchange.is_page and not self._knows:
                self.scheme, self._knows = exchange.request.scheme, True
            yield exchange
