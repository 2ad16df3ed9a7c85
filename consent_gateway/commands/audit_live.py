"""`consent-gateway audit` of addresses: Chromium opens them in each state, at the site and through the gateway."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from consent_gateway import catalogue
from consent_gateway.audit.assembling import assembled, hash_of
from consent_gateway.audit.canary import NOT_PLANTED, canary
from consent_gateway.audit.concluding import Occasion, Results, concluded
from consent_gateway.audit.findings import Audit, Contact, CookieSet, Forwarded, Input
from consent_gateway.audit.live import pages as pages_of
from consent_gateway.audit.live import sightings
from consent_gateway.audit.looking import Looking
from consent_gateway.audit.recorded import label_of
from consent_gateway.audit.seen_contacts import contacts_of, cookies_of, forwarded_of
from consent_gateway.audit.states import visitors
from consent_gateway.captures.browser import NoBrowser
from consent_gateway.captures.crawling import BadAddress
from consent_gateway.captures.website import Look
from consent_gateway.commands.options import clock, fail
from consent_gateway.proxy.master import CannotListen

MOST_PAGES = 20
_LIMITS = (
    "the planted leaks prove that pages and headers are read; that Chromium reports what it asks for is taken on trust",
)


@dataclass(slots=True)
class _Seen:
    contacts: list[Contact] = field(default_factory=list)
    cookies: list[CookieSet] = field(default_factory=list)
    forwarded: list[Forwarded] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    inputs: list[Input] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)


def of_addresses(
    addresses: Sequence[str], occasion: Occasion, *, site_file: Path | None, planted: bool, pages: int
) -> Audit:
    """The audit of what a browser does. Ends the command where it cannot run."""
    seen = _Seen()
    try:
        for address in addresses:
            asyncio.run(_look(address, Look(most=pages or MOST_PAGES), site_file, seen))
    except (NoBrowser, BadAddress, CannotListen) as error:
        fail(str(error))
    first = urlsplit(addresses[0])
    hosts = tuple(dict.fromkeys(urlsplit(one).hostname or "" for one in addresses))
    gateway = assembled(site_file, hosts, occasion.started, scheme=first.scheme)
    looking = Looking(gateway, occasion.started)
    known = visitors(gateway, hosts[0], first.scheme, occasion.started)
    results = Results(
        pages=tuple(dict.fromkeys(seen.pages)),
        contacts=tuple(dict.fromkeys(seen.contacts)),
        cookies=tuple(dict.fromkeys(seen.cookies)),
        forwarded=tuple(dict.fromkeys(seen.forwarded)),
        services=frozenset(one.owner for one in seen.contacts if one.owner in catalogue.load().services),
        consent_tools={},
        left_out=tuple(dict.fromkeys(seen.left_out)),
        not_measured=_LIMITS,
    )
    proof = canary(looking, known, first.scheme, hosts[0]) if planted else NOT_PLANTED
    told = replace(occasion, browser="Chromium", site_sha256=hash_of(site_file))
    return concluded(results, told, gateway, seen.inputs, proof, clock())


async def _look(address: str, look: Look, site_file: Path | None, seen: _Seen) -> None:
    """Every page of one site, in every state and on both sides."""
    found = await pages_of(address, look)
    exchanges = 0
    async for sighting, gateway in sightings(found, look, visitors, site_file=site_file):
        if sighting.failure:
            seen.left_out.append(f"{label_of(sighting.page)}: {sighting.failure} ({sighting.state}, {sighting.side})")
        labelled = replace(sighting, page=sighting.page)
        seen.contacts += contacts_of([labelled], gateway)
        seen.cookies += cookies_of([labelled], gateway)
        seen.forwarded += forwarded_of([labelled], gateway)
        exchanges += len(sighting.exchanges)
    labels = [label_of(page) for page in found]
    seen.pages += labels
    seen.inputs.append(Input(name=label_of(address), kind="address", pages=len(found), exchanges=exchanges))
