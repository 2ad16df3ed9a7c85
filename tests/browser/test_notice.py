"""The notice as a visitor meets it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenSite, Visit

pytestmark = pytest.mark.browser

NOTICE = '[data-privacy="notice"]'
SHIFTS = """() => { window.shifted = 0; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true }); }"""


def cookies(site: Visit) -> set[str]:
    return {str(cookie.get("name")) for cookie in site.context.cookies()}


def test_ban_05_neither_time_nor_scrolling_nor_a_key_nor_browsing_on_is_an_answer(visit: OpenSite) -> None:
    site = visit()
    site.open()
    acts: tuple[Callable[[], object], ...] = (
        lambda: site.page.mouse.wheel(0, 5000),
        lambda: site.page.keyboard.press("Escape"),
        lambda: site.page.mouse.click(5, 890),
        lambda: site.page.locator("h1").click(),
        lambda: site.page.locator(f"{NOTICE} h2").click(),
        lambda: site.page.locator(f"{NOTICE} summary").click(),
        lambda: site.page.wait_for_timeout(1500),
        lambda: site.open("/plain.html#decision=accept_all"),
        lambda: site.page.go_back(),
    )
    for act in acts:
        act()
        expect(site.page.locator(NOTICE)).to_be_visible()
        assert cookies(site) == set()
    assert site.third_parties() == set()


@pytest.mark.parametrize("decision", ["accept_all", "reject_all"])
def test_ban_03_one_click_is_enough_whatever_the_answer(visit: OpenSite, decision: str) -> None:
    site = visit()
    site.open("/plain.html")
    site.page.locator(f'{NOTICE} button[value="{decision}"]').click()
    expect(site.page.locator(NOTICE)).to_have_count(0)
    assert "privacy" in cookies(site)


@pytest.mark.parametrize("decision", ["accept_all", "reject_all"])
def test_a11y_07_without_script_the_next_page_says_once_that_the_choice_is_saved(
    visit: OpenSite, decision: str
) -> None:
    site = visit(javascript=False)
    site.open("/plain.html")
    site.page.locator(f'{NOTICE} button[value="{decision}"]').click()
    said = site.page.get_by_role("status")
    expect(said).to_be_visible()
    expect(said).to_contain_text("Gespeichert. Sie können Ihre Wahl jederzeit")
    site.open("/plain.html")
    expect(said).to_have_count(0)
    assert "privacy-saved" not in cookies(site)


@pytest.mark.parametrize("decision", ["accept_all", "reject_all"])
def test_a11y_07_with_script_it_is_announced_and_the_page_stays(visit: OpenSite, decision: str) -> None:
    site = visit()
    site.open("/plain.html")
    site.page.evaluate("window.stayed = true")
    site.page.locator(f'{NOTICE} button[value="{decision}"]').click()
    expect(site.page.get_by_role("status")).to_contain_text("Gespeichert.")
    assert site.page.evaluate("window.stayed") is True
    assert "privacy-saved" not in cookies(site)


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_moves_while_a_page_with_the_notice_loads(visit: OpenSite, width: int) -> None:
    site = visit()
    site.page.set_viewport_size({"width": width, "height": 800})
    site.page.add_init_script(f"({SHIFTS})()")
    site.open()
    assert site.page.evaluate("shifted") == 0


def test_who_has_decided_sees_nothing_of_the_notice_not_even_for_a_moment(visit: OpenSite) -> None:
    site = visit()
    site.open("/plain.html")
    site.page.locator(f'{NOTICE} button[value="reject_all"]').click()
    expect(site.page.locator(NOTICE)).to_have_count(0)
    response = site.page.goto(f"{site.base}/plain.html")
    assert response is not None
    body = response.text()
    assert "notice" not in body and "reject_all" not in body


def test_a_choice_made_in_the_details_is_that_choice(visit: OpenSite) -> None:
    """BAN-06"""
    site = visit(javascript=False)
    site.open()
    site.page.locator(f"{NOTICE} summary").click()
    site.page.locator(f'{NOTICE} input[value="media"]').check()
    site.page.locator(f'{NOTICE} button[value="save"]').click()
    site.page.goto(f"{site.base}/.privacy/preferences")
    ticked = site.page.locator("input[name=purpose]:checked")
    assert [box.get_attribute("value") for box in ticked.all()] == ["media"]
