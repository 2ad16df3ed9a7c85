"""A page whose relative addresses are those of another website: the gateway's own are the site's."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenSite, Visit


def asked_elsewhere(site: Visit) -> list[str]:
    """What of ours the other website was asked for, or sent."""
    return [seen.path for seen in site.internet.requests if ".privacy" in seen.path]


@pytest.mark.parametrize("javascript", [True, False])
def test_an_answer_goes_to_this_site_whatever_the_page_is_based_on(visit: OpenSite, javascript: bool) -> None:
    site = visit('[third_parties]\nunlisted = "load"', javascript=javascript)
    site.open("/based.html")
    assert any(seen.path == "/there/picture.png" for seen in site.internet.requests)
    notice = site.page.locator('[data-privacy="notice"]')
    assert notice.evaluate("(notice) => getComputedStyle(notice).display") != "inline"
    assert notice.locator("button").first.evaluate("(b) => getComputedStyle(b).fontWeight") == "650"
    site.page.get_by_role("button", name="Reject all").click()
    expect(notice).to_have_count(0)
    assert [cookie["name"] for cookie in site.context.cookies()] == ["privacy"]
    assert asked_elsewhere(site) == []


def test_placeholders_and_settings_work_there_as_well(visit: OpenSite) -> None:
    site = visit('[third_parties]\nunlisted = "load"')
    site.open("/based.html")
    made = site.page.locator('#later [data-privacy="placeholder"]')
    expect(made).to_have_count(1)
    made.locator('[data-privacy="activate"]').click()
    expect(site.page.locator("#later iframe")).to_have_count(1)
    site.page.locator('[data-privacy="settings"]').click()
    expect(site.page).to_have_url(f"{site.base}/.privacy/preferences?language=en&return=/based.html")
    assert asked_elsewhere(site) == []
