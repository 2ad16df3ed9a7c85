"""Audits addresses from end to end: finds the pages, opens them in every state, gathers what is seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from consent_gateway.audit import planted
from consent_gateway.audit.canary import NOT_PLANTED
from consent_gateway.audit.concluding import Results
from consent_gateway.audit.findings import Canary, Covered, Input, Side
from consent_gateway.audit.gathered import Gathered
from consent_gateway.audit.live import pages, sightings
from consent_gateway.audit.recorded import label_of
from consent_gateway.audit.seen_contacts import contacts_of
from consent_gateway.audit.seen_cookies import cookies_of
from consent_gateway.audit.seen_hits import forwarded_of
from consent_gateway.audit.sighting import Sighting
from consent_gateway.audit.situations import BRIEFLY, JOURNEYS, beside, covered
from consent_gateway.audit.states import STATES
from consent_gateway.audit.unanswered import Unanswered
from consent_gateway.audit.visits import VisitorsOf
from consent_gateway.captures.visited import Visited
from consent_gateway.captures.website import Look, Told, nothing
from consent_gateway.consent_tools import tools_in
from consent_gateway.gateway import Gateway

# What no watched browser shows, in sentences for the report.
NOT_SEEN = (
    "connections that a page opens ahead (preconnect) and reports that a browser sends later (NEL) are not seen",
    "what happens only after a click, a form or a login was not looked at",
    "hosts of the site's own domain that are somebody else's in the name system (CNAME): they count as the site's",
)
_SIDES = {Side.DIRECT: "at the site", Side.THROUGH: "through the gateway"}
Progress = Callable[[int, int], None]  # visits done, and how many there are as far as is known


@dataclass(slots=True)
class Watched:
    """What came of it. `gateway` is the last one that was in front, `browser` the name and version."""

    gateway: Gateway | None = None
    gathered: Gathered = field(default_factory=Gathered)
    visits: dict[str, dict[tuple[Side, str], bool]] = field(default_factory=dict)  # whether a page was shown
    inputs: list[Input] = field(default_factory=list)
    not_measured: list[str] = field(default_factory=list)
    canary: Canary = NOT_PLANTED
    browser: str = ""
    agent: str = ""
    coverage: list[Covered] = field(default_factory=list)
    unanswered: Unanswered = field(default_factory=Unanswered)

    @property
    def pages(self) -> tuple[str, ...]:
        """Those that were looked at. What is not shown contacts nobody: one that never was on one of the sides,
        or in one of the states, proves nothing about it."""
        return tuple(
            page
            for page, shown in self.visits.items()
            if all(shown.values()) and {side for side, _ in shown} == set(Side)
        )

    @property
    def results(self) -> Results:
        found = self.gathered
        return Results(
            pages=self.pages,
            contacts=tuple(found.contacts),
            cookies=tuple(found.cookies.values()),
            forwarded=tuple(found.forwarded),
            services=frozenset(found.services),
            consent_tools=found.consent_tools,
            left_out=tuple(found.left_out),
            not_measured=(
                *found.not_listed,
                *self.unanswered.sentences,
                *self.not_measured,
                *NOT_SEEN,
            ),
            coverage=tuple(self.coverage),
        )

    def take(self, sighting: Sighting, gateway: Gateway) -> int:
        """Takes in one visit; how many contacts with others were made."""
        label = label_of(sighting.page)
        if sighting.situation is None:  # else the coverage says it
            visits, visit = self.visits.setdefault(label, {}), (sighting.side, sighting.state)
            visits[visit] = sighting.is_shown or visits.get(visit, False)
        if sighting.failure and sighting.situation is None:
            self.gathered.unread(f"{label}: {sighting.failure} ({_SIDES[sighting.side]})")
        own = sighting.request.hostname
        for exchange in sighting.exchanges:
            if not gateway.recogniser.is_own(exchange.request.hostname, own):
                self.unanswered.note(exchange)
        contacts = list(contacts_of([sighting], gateway))
        for contact in contacts:
            self.gathered.contact(contact)
            if contact.kind == "service" and contact.side is Side.DIRECT:
                self.gathered.services.add(contact.owner)
        for cookie in cookies_of([sighting], gateway):
            self.gathered.cookie(cookie)
        for hit in forwarded_of([sighting], gateway):
            self.gathered.hit(hit)
        if sighting.side is Side.DIRECT:
            for name in sorted(name for body in _documents(sighting) for name in tools_in(body)):
                self.gathered.consent_tools.setdefault(name, label)
        return len(contacts)


def _documents(sighting: Sighting) -> Iterable[bytes]:
    return (one.response.body for one in sighting.exchanges if one.is_page and one.response)


async def watched(
    addresses: Sequence[str],
    look: Look,
    visitors_of: VisitorsOf,
    *,
    site_file: Path | None = None,
    plants: bool = True,
    told: Told = nothing,
    progress: Progress = lambda done, of: None,
) -> Watched:
    """Opens each address and pages of its site. Without `plants` nothing proves that leaks are seen. Raises
    NoBrowser, BadAddress, CannotListen, NoState, and as `start` does."""
    result = Watched()
    sites = await _sites(addresses, look, result, told)
    extra = [beside(found) for found in sites]
    visits = len(STATES) * sum(map(len, sites)) + len(BRIEFLY) * sum(map(len, extra))
    count = len(Side) * visits + len(JOURNEYS) * len(sites)
    done = 0
    async with AsyncExitStack() as closing:
        trap = await closing.enter_async_context(planted.planted()) if plants else None
        for found, also in zip(sites, extra, strict=True):
            exchanges, special = 0, list[tuple[Sighting, int]]()
            addresses = [one.page for one in found]
            async for sighting, gateway in sightings(
                addresses, look, visitors_of, site_file=site_file, trap=trap, also=also, journeys=JOURNEYS
            ):
                result.gateway = gateway
                result.browser, result.agent = sighting.browser, sighting.agent
                if trap is not None and sighting.page == trap.address:
                    result.canary = with_planted(result.canary, sighting)
                    continue
                number = result.take(sighting, gateway)
                if sighting.situation:
                    special.append((sighting, number))
                exchanges += len(sighting.exchanges)
                done += 1
                progress(done, count)
            result.coverage += covered(found, special)
            result.inputs.append(
                Input(name=label_of(addresses[0]), kind="address", pages=len(found), exchanges=exchanges)
            )
    return result


async def _sites(addresses: Sequence[str], look: Look, result: Watched, told: Told) -> list[list[Visited]]:
    """The pages to look at, those of one host together."""

    def said(sentence: str) -> None:
        result.not_measured.append(sentence)
        told(sentence)

    by_host: dict[str, dict[str, Visited]] = {}
    for address in addresses:
        for visited in await pages(address, look, told=said):
            parts = urlsplit(visited.page)
            by_host.setdefault(f"{parts.scheme}://{parts.netloc}", {})[visited.page] = visited
    return [list(found.values()) for found in by_host.values()]


def with_planted(canary: Canary, sighting: Sighting) -> Canary:
    """With what one browser was to find. What any browser has missed on a side is not found there."""
    side, seen = sighting.side.value, planted.found(sighting)
    here = {f"{side} {carrier.value}": carrier in seen for carrier in planted.LEAKS}
    before = {name: name in canary.found for name in canary.planted}
    both = {name: here.get(name, True) and before.get(name, True) for name in (*before, *here)}
    return Canary(planted=tuple(both), found=tuple(name for name, found in both.items() if found))
