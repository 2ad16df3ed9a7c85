"""Addresses are opened in a real browser, at the site and through a gateway, as visitors in different states."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from consent_gateway.audit import live
from consent_gateway.audit.findings import Carrier, Contact, CookieSet, Evidence, Forwarded, Side
from consent_gateway.audit.seen_contacts import contacts_of
from consent_gateway.audit.seen_cookies import cookies_of
from consent_gateway.audit.seen_hits import forwarded_of
from consent_gateway.audit.sighting import Sighting
from consent_gateway.audit.states import Visitor, visitors
from consent_gateway.captures.browser import NoBrowser
from consent_gateway.gateway import Gateway
from tests import chromium
from tests.audit.live_site import LEAKS, Internet, internet

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FEW = ("fresh", "analytics", "all", "gpc")
HOLD = '[third_parties]\nunlisted = "hold"\n'


def some(gateway: Gateway, host: str, scheme: str, now: datetime) -> Sequence[Visitor]:
    """Visitors in some of the states."""
    return [one for one in visitors(gateway, host, scheme, now) if one.state.id in FEW]


class Looked:
    """All that was seen, by side and state."""

    def __init__(self) -> None:
        self.sightings: list[Sighting] = []
        self.contacts: list[Contact] = []
        self.cookies: list[CookieSet] = []
        self.forwarded: list[Forwarded] = []

    def hosts(self, side: Side, state: str) -> set[str]:
        return {one.host for one in self.contacts if (one.side, one.state) == (side, state)}


async def looked(net: Internet, site_file: Path | None, *paths: str) -> Looked:
    found = Looked()
    pages = [f"{net.site.address}{path}" for path in paths]
    try:
        async for sighting, gateway in live.sightings(pages, net.look(), some, site_file=site_file):
            found.sightings.append(sighting)
            found.contacts += contacts_of([sighting], gateway)
            found.cookies += cookies_of([sighting], gateway)
            found.forwarded += forwarded_of([sighting], gateway)
    except NoBrowser:
        pytest.skip(chromium.NONE)
    return found


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Looked:
    """A page with every leak and one with none, on a site that holds what it does not know."""
    with internet() as net:
        site_file = net.site_file(tmp_path_factory.mktemp("site"), HOLD)
        return asyncio.run(looked(net, site_file, "/?secret=hushed", "/clean"))


def test_every_leak_is_seen_directly_and_none_through_a_gateway_before_consent(found: Looked) -> None:
    assert len(found.sightings) == 2 * len(FEW) * len(Side)
    assert not [one.failure for one in found.sightings if one.failure]
    everybody = {host for host, _ in LEAKS.values()}
    for state in FEW:
        assert found.hosts(Side.DIRECT, state) == everybody
    for state in ("fresh", "gpc", "analytics"):
        assert found.hosts(Side.THROUGH, state) == set()
    # The policy lets pass what the site file or the markup of a page names: not yet what only its code puts together.
    unnamed = {host for host in everybody if host.endswith(".test")} | {"www.facebook.com"}
    assert found.hosts(Side.THROUGH, "all") == everybody - unnamed
    assert all(one.evidence is Evidence.SEEN for one in found.contacts)
    assert len({one.page for one in found.contacts}) == 1
    told = str((found.contacts, found.cookies, found.forwarded))
    assert "hushed" not in told  # no query is in any of them


def test_it_is_said_what_made_the_browser_do_it_and_why_it_may_or_may_not(found: Looked) -> None:
    direct = {one.host: one for one in found.contacts if (one.side, one.state) == (Side.DIRECT, "fresh")}
    assert {host: direct[host].carrier for host, _ in LEAKS.values()} == {
        host: Carrier(name) for name, (host, _) in LEAKS.items()
    }
    youtube = direct["www.youtube.com"]
    assert (youtube.owner, youtube.kind, youtube.decision, youtube.allowed) == (
        "youtube",
        "service",
        "hold",
        False,
    )
    assert (youtube.reason, youtube.article) == ("nothing was decided", "TDDDG § 25(1)")
    unlisted = direct["media.unlisted.test"]
    assert (unlisted.kind, unlisted.decision, unlisted.allowed) == ("unlisted", "hold", False)
    through = {one.host: one for one in found.contacts if (one.side, one.state) == (Side.THROUGH, "all")}
    assert through["www.youtube.com"].allowed
    assert through["www.youtube.com"].article == "GDPR Art. 6(1)(a)"


def test_cookies_are_told_apart_by_who_sets_them(found: Looked) -> None:
    def of(side: Side, state: str) -> dict[str, CookieSet]:
        return {
            one.name: one
            for one in found.cookies
            if (one.side, one.state, one.party) == (side, state, "first")
        }

    direct = of(Side.DIRECT, "fresh")
    assert direct.keys() == {"shop", "_fbp"}  # one that is only taken away is not set
    assert (direct["_fbp"].by_script, direct["_fbp"].owner) == (True, "meta-pixel")
    assert (direct["shop"].by_script, direct["shop"].owner) == (False, "")
    assert of(Side.THROUGH, "fresh").keys() == set()
    assert of(Side.THROUGH, "all").keys() == {"_fbp"}
    assert of(Side.THROUGH, "all")["_fbp"].allowed
    third = [one for one in found.cookies if one.party == "third" and one.side is Side.DIRECT]
    assert {one.name for one in third} == {"id"}
    assert {one.host for one in third} >= {"www.youtube.com", "px.ads.linkedin.com"}


async def test_what_goes_on_to_google_is_seen_field_by_field_in_the_states_that_allow_it(
    tmp_path: Path,
) -> None:
    with internet() as net:
        found = await looked(net, net.site_file(tmp_path), "/measured", "/clean")
        assert [seen.path for seen in net.google.requests].count("/g/collect") == 2
    directly = {host for state in FEW for host in found.hosts(Side.DIRECT, state)}
    assert {"www.googletagmanager.com", "region1.google-analytics.com"} <= directly
    for state in FEW:
        assert found.hosts(Side.THROUGH, state) == set()
    assert {(one.state, one.sent_on) for one in found.forwarded} == {("analytics", True), ("all", True)}
    hit = found.forwarded[0]
    assert (hit.page, hit.event) == (f"{net.site.address}/measured", "page_view")
    became = {field.name: field.what for field in hit.fields}
    assert became["tid"] == "passed"
    assert became["cid"] == "changed"
    assert "dropped" in became.values()
    assert "hushed" not in str(hit)


async def test_pages_are_those_of_one_host(tmp_path: Path) -> None:
    with internet() as net:
        try:
            pages = await live.pages(net.site.address, net.look(most=5))
        except NoBrowser:
            pytest.skip(chromium.NONE)
    assert [one.page for one in pages] == [
        f"{net.site.address}{path}" for path in ("/", "/clean", "/measured")
    ]


async def test_a_site_that_is_not_there_is_a_failure_of_each_page_and_not_of_the_audit(
    tmp_path: Path,
) -> None:
    with internet() as net:
        found = [one async for one, _ in live.sightings(["http://127.0.0.1:1/"], net.look(), some)]
    assert len(found) == len(FEW) * len(Side)
    assert all(one.failure for one in found)
