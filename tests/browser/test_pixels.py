"""Images that nobody sees are held whoever serves them; those that are seen load."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import OpenSite, Visit
from tests.loopback import Server

pytestmark = pytest.mark.browser
WAYS = {"markup", "image", "inner", "written", "inserted", "attribute"}
SHOWN = {"markup", "inner", "written", "image"}


def sent(server: Server, word: str) -> set[str]:
    return {seen.query.partition(f"{word}=")[2] for seen in server.requests if f"{word}=" in seen.query}


def shown(site: Visit) -> set[str]:
    return sent(site.internet, "shown")


def test_without_a_gateway_every_pixel_is_fetched(browser: Browser, internet: Server, origin: Server) -> None:
    internet.requests.clear()
    with browser.new_context(ignore_https_errors=True) as context:
        page = context.new_page()
        page.goto(f"{origin.address}/pixels.html", wait_until="load")
        page.wait_for_timeout(400)
    assert sent(internet, "way") == WAYS


def test_a_pixel_of_an_unlisted_third_party_is_held_and_a_picture_is_not(visit: OpenSite) -> None:
    site = visit('[third_parties]\nunlisted = "load"')
    site.open("/pixels.html")
    assert sent(site.internet, "way") == set()
    assert shown(site) == SHOWN and site.console == []


def test_without_javascript_the_same(visit: OpenSite) -> None:
    site = visit('[third_parties]\nunlisted = "load"', javascript=False)
    site.open("/pixels.html")
    assert sent(site.internet, "way") == set() and shown(site) == {"markup"}


def test_the_operator_may_declare_its_host_the_sites_own(visit: OpenSite) -> None:
    site = visit('[third_parties]\nunlisted = "load"\nfirst_party = ["unlisted.example"]')
    site.open("/pixels.html")
    assert sent(site.internet, "way") == WAYS
