"""Code that uses the globals of a held service runs on, and what it kept is there for the real one."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenSite

pytestmark = pytest.mark.browser


def test_code_that_trusts_in_a_held_services_globals_runs_to_its_end(visit: OpenSite) -> None:
    site = visit('[third_parties]\nunlisted = "load"')
    site.open("/globals.html")
    done = site.page.locator("body").get_attribute("data-done")
    assert done == "IN,FB,ga,adobe,taboola 1,googletag 1,awaited"
    assert site.console == [] and site.third_parties() == set()


def test_a_service_that_is_not_in_the_page_leaves_no_name_in_it(visit: OpenSite) -> None:
    site = visit('[third_parties]\nunlisted = "load"')
    site.open("/globals.html")
    assert site.page.locator("body").get_attribute("data-absent") == ""
    site.open("/plain.html")
    assert site.page.evaluate("['IN', 'FB', 'ga', 'googletag'].some((name) => name in window)") is False


def test_a_link_that_waits_for_its_hit_still_leads_on(visit: OpenSite) -> None:
    site = visit('[third_parties]\nunlisted = "load"')
    site.open("/globals.html")
    site.page.locator("#way").click()
    expect(site.page).to_have_url(f"{site.base}/globals.html#followed")
