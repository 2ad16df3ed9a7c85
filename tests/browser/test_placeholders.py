"""Placeholders in a browser: what is sent before, on and after a click, and how it is taken back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenSite, Visit
from tests.browser.networks import NETWORKS, Network

pytestmark = pytest.mark.browser

LOAD = '[third_parties]\nunlisted = "load"\n'
NUMBERED = [
    pytest.param(
        number, network, id=f"{network.service}-{network.loader.rpartition('/')[2].partition('#')[0]}"
    )
    for number, network in enumerate(NETWORKS)
]


def placeholders(site: Visit) -> Locator:
    return site.page.locator('[data-privacy="placeholder"]')


def drawn(site: Visit, id: str) -> Locator:
    return site.page.locator(f"#{id} .drawn, #{id} .IN-widget")


@pytest.mark.parametrize(("number", "network"), NUMBERED)
def test_plug_ins_that_share_a_loader_come_alive_one_by_one_in_either_order(
    visit: OpenSite, number: int, network: Network
) -> None:
    """PLH-01, PLH-05"""
    site = visit(LOAD)
    for first, second in (("one", "two"), ("two", "one")):
        site.page.goto("about:blank")
        site.settle()
        site.internet.requests.clear()
        site.open(f"/networks/{number}")
        expect(placeholders(site)).to_have_count(2)
        assert site.third_parties() == set()
        site.page.locator(f"#{first} [data-privacy=activate]").click()
        expect(drawn(site, first)).to_have_count(1)
        site.settle()
        expect(drawn(site, second)).to_have_count(0)
        expect(placeholders(site)).to_have_count(1)
        site.page.locator(f"#{second} [data-privacy=activate]").click()
        expect(drawn(site, second)).to_have_count(1)
        expect(drawn(site, first)).to_have_count(1)
        expect(placeholders(site)).to_have_count(0)
    assert site.console == []


def test_neither_pointer_nor_focus_nor_scrolling_sends_anything(visit: OpenSite) -> None:
    """PLH-04"""
    site = visit(LOAD)
    site.open("/company.html")
    for number in range(placeholders(site).count()):
        one = placeholders(site).nth(number)
        one.scroll_into_view_if_needed()
        one.hover()
        for control in one.locator("button, a, input").all():
            if control.is_visible():
                control.hover()
                control.focus()
    site.page.mouse.wheel(0, 3000)
    site.settle()
    assert site.third_parties() == set()


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_key_on_the_button_loads_it_focus_goes_along_and_a_status_says_so(
    visit: OpenSite, key: str
) -> None:
    """PLH-04, A11Y-03, A11Y-07"""
    site = visit(LOAD)
    site.open("/company.html")
    site.page.locator("#film [data-privacy=activate]").focus()
    site.page.keyboard.press(key)
    expect(site.page.locator("#film iframe")).to_have_count(1)
    expect(site.page.locator('[role="status"][data-privacy="status"]')).to_have_text("Loading YouTube …")
    assert site.page.evaluate("document.activeElement.closest('#film') !== null")
    assert site.page.locator("#film iframe").get_attribute("title") == "A film"


def test_focus_stays_at_the_place_of_a_plug_in_that_draws_itself(visit: OpenSite) -> None:
    """A11Y-03"""
    site = visit(LOAD)
    site.open("/company.html")
    site.page.locator("#share [data-privacy=activate]").last.focus()
    site.page.keyboard.press("Enter")
    expect(site.page.locator("#share .IN-widget")).to_have_count(1)
    assert site.page.evaluate("document.activeElement.matches('#share > span[tabindex=\"-1\"]')")
    site.page.keyboard.press("Tab")
    assert site.page.evaluate("document.activeElement.closest('#feed') !== null")
    expect(site.page.locator('[data-privacy="place"]')).to_have_count(0)


def test_a_frame_without_a_name_has_one_and_the_referrer_its_provider_needs(visit: OpenSite) -> None:
    """PLH-08, A11Y-08"""
    site = visit(LOAD + "[services.youtube]")
    site.open("/release.html")
    site.page.locator("#film [data-privacy=activate]").click()
    frame = site.page.locator("#film iframe")
    expect(frame).to_have_attribute("title", "YouTube: video")
    expect(frame).to_have_attribute("referrerpolicy", "strict-origin-when-cross-origin")


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("unlisted", ["load", "hold"])
def test_always_loads_on_the_next_page_and_is_taken_back_at_the_plug_in(
    visit: OpenSite, unlisted: str, javascript: bool
) -> None:
    """PLH-05"""
    listed = "[services.youtube]\n[services.linkedin]\n"
    site = visit(f'[third_parties]\nunlisted = "{unlisted}"\n{listed}', javascript=javascript)
    site.open("/company.html")
    film = site.page.locator("#film")
    film.locator("input[name=remember]").check()
    film.locator("[data-privacy=activate]").click()
    expect(film.locator("iframe")).to_have_count(1)
    undo = film.get_by_role("group", name="YouTube is loaded.").get_by_role("button")
    expect(undo).to_have_text("Switch off YouTube")
    site.open("/company.html")
    expect(film.locator("iframe")).to_have_count(1)
    expect(site.page.locator('[data-privacy="undo"]')).to_have_count(1)
    undo.click()
    expect(film.locator('[data-privacy="placeholder"]')).to_have_count(1)
    expect(site.page.locator('[data-privacy="undo"]')).to_have_count(0)
    site.internet.requests.clear()
    site.open("/company.html")
    expect(film.locator('[data-privacy="placeholder"]')).to_have_count(1)
    assert site.third_parties() == set()


def test_what_switches_a_plug_in_off_does_not_move_the_page(visit: OpenSite) -> None:
    """PLH-05"""
    site = visit(LOAD)
    site.open("/company.html")
    site.page.locator('[data-privacy=notice] button[value="accept_all"]').click()
    expect(site.page.locator("[data-privacy=notice]")).to_have_count(0)
    site.open("/company.html")
    assert site.page.locator('[data-privacy="undo"]').count() >= 3
    tops = "[...document.querySelectorAll('iframe, #end')].map((one) => one.getBoundingClientRect().top)"
    before = site.page.evaluate(tops)
    site.page.evaluate("document.querySelectorAll('[data-privacy=undo]').forEach((one) => one.remove())")
    assert site.page.evaluate(tops) == before
    assert site.console == []


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_a_share_button_is_a_link_that_needs_no_consent(visit: OpenSite, javascript: bool) -> None:
    """PLH-07"""
    site = visit(LOAD, javascript=javascript)
    site.open("/company.html")
    link = site.page.get_by_role("link", name="Share on LinkedIn")
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert site.third_parties() == set()
    with site.context.expect_page() as opened:
        link.click()
    opened.value.wait_for_load_state()
    shared = "https://www.linkedin.com/sharing/share-offsite/?url=https%3A%2F%2Fwww.example.com%2F"
    assert opened.value.url == shared
    site.settle()
    assert "www.linkedin.com" in site.third_parties() and "platform.linkedin.com" not in site.third_parties()
