"""A page that hydrates from state works on, and nobody in that state is contacted."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import OpenSite
from tests.loopback import Server

pytestmark = pytest.mark.browser
CONTACTED = {"www.youtube.com", "snap.licdn.com", "platform.linkedin.com", "www.linkedin.com"}


def test_without_the_gateway_everybody_in_it_is_contacted(
    browser: Browser, internet: Server, origin: Server
) -> None:
    internet.requests.clear()
    with browser.new_context(ignore_https_errors=True) as context:
        page = context.new_page()
        page.goto(f"{origin.address}/hydrating.html", wait_until="load")
        page.wait_for_timeout(800)
    assert {seen.host.partition(":")[0] for seen in internet.requests} >= CONTACTED


def test_the_state_is_as_it_came_nobody_is_contacted_and_visitors_are_asked(visit: OpenSite) -> None:
    site = visit('[third_parties]\nunlisted = "load"')
    site.open("/hydrating.html")
    site.settle()
    expect(site.page.locator("#app")).to_have_attribute("data-hydrated", "yes")
    assert site.third_parties() == set()
    assert site.console == []
    site.page.goto(f"{site.base}/.privacy/preferences")
    for name in ("YouTube", "LinkedIn"):
        expect(site.page.get_by_text(name).first).to_be_attached()
