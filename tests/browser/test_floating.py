"""A chat and a tool that draw themselves above the page: a bar at its end stands for each."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenSite, Visit

pytestmark = pytest.mark.browser

LOAD = '[third_parties]\nunlisted = "load"\n'
CHAT = "client.crisp.chat"


def bars(site: Visit, service: str = "") -> Locator:
    of = f'[data-service="{service}"]' if service else ""
    return site.page.locator(f'[data-privacy="placeholder"]{of}')


def switching_off(site: Visit) -> Locator:
    return site.page.get_by_role("button", name="Switch off Crisp")


@pytest.mark.parametrize("width", [1280, 320])
def test_bars_stand_below_the_page_and_cover_nothing_and_nothing_is_sent(visit: OpenSite, width: int) -> None:
    """PLH-01, PLH-03"""
    site = visit(LOAD)
    site.page.set_viewport_size({"width": width, "height": 600})
    site.open("/chat.html")
    expect(bars(site)).to_have_count(2)
    parts = "#end, [data-privacy=placeholder], [data-privacy=settings]"
    boxes = [one.bounding_box() for one in site.page.locator(parts).all()]
    sides = [(box["y"], box["y"] + box["height"]) for box in boxes if box]
    assert len(sides) == 4 and all(upper[1] <= lower[0] for upper, lower in pairwise(sides))
    assert site.page.evaluate("document.documentElement.scrollWidth") <= width
    expect(site.page.get_by_role("group", name="Crisp: chat")).to_be_visible()
    expect(bars(site, "crisp").locator("b").first).to_have_text("Crisp: chat")
    if width == 1280:
        assert all(lower - upper < 60 for upper, lower in sides[1:3])
    assert site.third_parties() == set()
    assert site.console == []


def test_a_click_starts_what_it_names_and_nothing_else_for_this_page(visit: OpenSite) -> None:
    """PLH-01, PLH-05, A11Y-03"""
    site = visit(LOAD)
    site.open("/chat.html")
    bars(site, "crisp").locator("[data-privacy=activate]").focus()
    site.page.keyboard.press("Enter")
    expect(site.page.locator(".bubble")).to_have_text([CHAT])
    expect(bars(site, "crisp")).to_have_count(0)
    expect(bars(site, "userway")).to_have_count(1)
    assert site.page.evaluate("document.activeElement !== document.body")
    site.settle()
    assert site.third_parties() == {CHAT}
    assert site.page.evaluate("JSON.stringify($crisp)") == '[["do","chat:hide"]]'
    bars(site, "userway").locator("[data-privacy=activate]").click()
    expect(site.page.locator(".bubble")).to_have_text([CHAT, "cdn.userway.org"])
    site.settle()
    assert site.third_parties() == {CHAT, "cdn.userway.org"}
    site.internet.requests.clear()
    site.open("/chat.html")
    expect(bars(site)).to_have_count(2)
    assert site.third_parties() == set() and site.console == []


@pytest.mark.parametrize("unlisted", ["load", "hold"])
def test_always_goes_on_on_the_next_page_and_is_taken_back_at_its_end(visit: OpenSite, unlisted: str) -> None:
    """PLH-05"""
    site = visit(f'[third_parties]\nunlisted = "{unlisted}"\n[services.crisp]\n[services.userway]\n')
    site.open("/chat.html")
    bars(site, "crisp").locator("input[name=remember]").check()
    bars(site, "crisp").locator("[data-privacy=activate]").click()
    expect(site.page.locator(".bubble")).to_have_text([CHAT])
    expect(switching_off(site)).to_have_count(1)
    site.open("/chat.html")
    expect(site.page.locator(".bubble")).to_have_text([CHAT])
    expect(bars(site)).to_have_count(1)
    switching_off(site).click()
    expect(bars(site, "crisp")).to_have_count(1)
    expect(switching_off(site)).to_have_count(0)
    site.settle()
    site.internet.requests.clear()
    site.open("/chat.html")
    expect(bars(site)).to_have_count(2)
    assert site.third_parties() == set() and site.console == []


def test_the_answer_to_the_notice_starts_them_in_the_open_page(visit: OpenSite) -> None:
    site = visit(LOAD)
    site.open("/chat.html")
    site.page.locator('[data-privacy=notice] button[value="accept_all"]').click()
    expect(site.page.locator(".bubble")).to_have_count(2)
    expect(bars(site)).to_have_count(0)
    site.open("/chat.html")
    expect(site.page.locator(".bubble")).to_have_count(2)
    expect(site.page.locator('[data-privacy="undo"][data-place="apart"]')).to_have_count(2)
    assert site.console == []


def test_without_javascript_the_form_releases_the_script_for_once_or_always(visit: OpenSite) -> None:
    """PLH-05"""
    site = visit(LOAD, javascript=False)
    tool = site.page.locator('script[src="https://cdn.userway.org/widget.js"]')
    site.open("/chat.html")
    bars(site, "userway").locator("[data-privacy=activate]").click()
    expect(tool).to_have_count(1)
    expect(bars(site)).to_have_count(1)
    site.open("/chat.html")
    expect(tool).to_have_count(0)
    bars(site, "userway").locator("input[name=remember]").check()
    bars(site, "userway").locator("[data-privacy=activate]").click()
    site.open("/chat.html")
    expect(tool).to_have_count(1)
    site.page.get_by_role("button", name="Switch off UserWay").click()
    expect(bars(site)).to_have_count(2)
    expect(tool).to_have_count(0)


def test_what_the_site_does_not_offer_has_no_bar(visit: OpenSite) -> None:
    """PLH-03"""
    site = visit(f"{LOAD}[services.userway]\n")
    site.open("/chat.html")
    expect(bars(site)).to_have_count(1)
    expect(bars(site, "userway")).to_have_count(1)
    assert site.third_parties() == set()
