"""The demo as a newcomer sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.demo.conftest import Demo
from tests.waiting import eventually

pytestmark = pytest.mark.browser

NEWSLETTER = "To the story on our website"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US") as context:
        opened = context.new_page()
        opened.set_default_timeout(8000)
        yield opened


def hosts(page: Page) -> set[str]:
    """Every host the page contacts from now on."""
    found: set[str] = set()
    page.on("request", lambda request: found.add(urlsplit(request.url).hostname or ""))
    return found


def companies(demo: Demo, side: str) -> set[str]:
    return {company["name"] for company in demo.view(side)["companies"]}


def contacted(demo: Demo, side: str) -> set[str]:
    return {line["host"] for company in demo.view(side)["companies"] for line in company["lines"]}


def test_before_a_choice_nothing_leaves_the_browser(demo: Demo, page: Page) -> None:
    found = hosts(page)
    for path in ("/", "/news", "/webinar", "/about"):
        page.goto(f"{demo.protected}{path}")
        expect(page.locator(".demo-count")).to_have_text("0requests to other companies in this visit")
    expect(page.get_by_text("Your browser has talked to this website and to nobody else.")).to_be_visible()
    page.wait_for_timeout(300)
    assert found == {"127.0.0.1"}
    view = demo.view("protected")
    assert (view["count"], view["through_count"]) == (0, 0)


def test_the_same_pages_without_the_gateway_tell_everybody(demo: Demo, page: Page) -> None:
    page.goto(f"{demo.protected}/news")
    page.get_by_role("link", name="See the same page without protection").click()
    page.wait_for_url(f"{demo.unprotected}/news")
    eventually(lambda: companies(demo, "unprotected") == {"Google", "LinkedIn"})
    page.goto(f"{demo.unprotected}/")
    expected = {"region1.google-analytics.com", "www.youtube.com", "i.ytimg.com", "px.ads.linkedin.com"}
    eventually(lambda: expected <= contacted(demo, "unprotected"))
    expect(page.locator(".demo-company summary b")).to_have_text(["Google", "LinkedIn"])
    assert demo.view("protected")["count"] == 0


def test_a_refusal_keeps_the_number_at_zero(demo: Demo, page: Page) -> None:
    page.goto(demo.protected)
    page.get_by_role("button", name="Reject all").click()
    expect(page.locator('[data-privacy="notice"]')).to_have_count(0)
    page.get_by_role("link", name="News", exact=True).click()
    expect(page.locator(".demo-count b")).to_have_text("0")
    assert demo.view("protected")["count"] == 0


def test_after_agreeing_google_gets_the_visit_from_the_gateway_and_nothing_of_the_visitor(
    demo: Demo, page: Page
) -> None:
    page.goto(demo.protected)
    page.get_by_role("button", name="Accept all").click()
    expect(page.frame_locator("iframe").get_by_text("Stand-in for YouTube")).to_be_visible()
    page.get_by_role("link", name=NEWSLETTER).click()
    eventually(lambda: [hit for hit in demo.view("protected")["through"] if hit["page"].endswith("/news")])
    hit = next(hit for hit in demo.view("protected")["through"] if hit["page"].endswith("/news"))
    assert hit["page"] == f"{demo.protected}/news"
    assert hit["user"] == ""
    assert re.fullmatch(r"\d+\.\d+", hit["client"])
    said = " ".join(hit.values())
    assert not any(word in said for word in ("customer", "anna", "example.org", "utm_", "?"))
    cookies = page.context.cookies()
    assert not any(cookie["name"].startswith("_ga") for cookie in cookies)
    assert not any(hit["client"] in cookie["value"] for cookie in cookies)
    assert "region1.google-analytics.com" not in contacted(demo, "protected")
    expect(page.locator("#demo-panel tbody", has_text="Customer number").locator("td")).to_have_text(
        ["customer-4711", "not sent"]
    )


def test_without_the_gateway_the_same_link_tells_google_who_reads(demo: Demo, page: Page) -> None:
    page.goto(demo.unprotected)
    page.get_by_role("link", name=NEWSLETTER).click()
    eventually(
        lambda: (
            demo.view("unprotected")["direct"][:1]
            and "email" in demo.view("unprotected")["direct"][0]["page"]
        )
    )
    hit = demo.view("unprotected")["direct"][0]
    assert hit["user"] == "customer-4711"
    assert hit["page"].endswith("&email=anna%40example.org")
    assert any(hit["client"] in cookie["value"] for cookie in page.context.cookies())
    expect(page.locator(".demo-chips i", has_text="e-mail address").first).to_be_visible()


def test_one_click_on_the_film_loads_the_film_and_nothing_else(demo: Demo, page: Page) -> None:
    page.goto(demo.protected)
    page.get_by_role("button", name="Load YouTube", exact=True).click()
    page.frame_locator("iframe").get_by_role("button", name="Play").click()
    eventually(lambda: demo.view("protected")["count"] == 3)
    assert contacted(demo, "protected") == {"www.youtube.com", "i.ytimg.com"}
    expect(page.locator(".demo-count b")).to_have_text("3")


def test_starting_over_brings_back_zero_and_the_question(demo: Demo, page: Page) -> None:
    page.goto(demo.protected)
    page.get_by_role("button", name="Accept all").click()
    expect(page.locator(".demo-company")).not_to_have_count(0)
    page.get_by_role("button", name="Start over").click()
    expect(page.locator('[data-privacy="notice"]')).to_be_visible()
    expect(page.locator(".demo-count b")).to_have_text("0")


def test_a_new_visit_does_not_count_what_others_have_sent(demo: Demo, page: Page, browser: Browser) -> None:
    page.goto(demo.protected)
    page.get_by_role("button", name="Accept all").click()
    eventually(lambda: demo.view("protected")["count"] > 0)
    with browser.new_context() as private:
        other = private.new_page()
        other.goto(demo.protected)
        other.wait_for_timeout(500)
        expect(other.locator(".demo-count b")).to_have_text("0")
    page.goto(f"{demo.protected}/about")
    expect(page.locator(".demo-company")).not_to_have_count(0)


def test_a_visit_without_the_gateway_counts_its_first_page(demo: Demo, page: Page) -> None:
    page.goto(f"{demo.unprotected}/about")
    expect(page.locator(".demo-company summary b")).to_have_text(["Google", "LinkedIn"])
    page.get_by_role("button", name="Start over").click()
    expect(page.locator(".demo-count b")).to_have_text("0")


@pytest.mark.parametrize("width", [360, 1280])
def test_without_javascript_the_panel_is_small_and_offers_the_other_version_only(
    demo: Demo, browser: Browser, width: int
) -> None:
    with browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 800}) as context:
        page = context.new_page()
        for address, other in ((demo.protected, demo.unprotected), (demo.unprotected, demo.protected)):
            page.goto(f"{address}/about")
            links = page.locator("#demo-panel a").filter(visible=True)
            assert [link.get_attribute("href") for link in links.all()] == [f"{other}/about"]
            panel = page.locator("#demo-panel").bounding_box()
            assert panel and panel["height"] <= (60 if width > 1000 else 130)


def test_the_buttons_and_the_form_of_the_stand_ins_say_what_they_are(demo: Demo, page: Page) -> None:
    page.goto(f"{demo.unprotected}/news")
    expect(page.locator(".IN-widget")).to_have_count(2)
    expect(page.locator(".IN-widget").first).to_contain_text(
        "Stand-in for LinkedIn, served from your own computer"
    )
    expect(page.frame_locator("iframe").get_by_text("Stand-in for LinkedIn")).to_be_visible()
    page.goto(f"{demo.unprotected}/webinar")
    form = page.frame_locator("iframe")
    form.get_by_label("E-mail address").fill("anna@example.org")
    form.get_by_role("button", name="Register").click()
    expect(form.get_by_text("Not really: this is a stand-in for Zoom")).to_be_visible()
    eventually(lambda: "Zoom" in companies(demo, "unprotected"))


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (360, 740)])
def test_the_panel_covers_neither_the_notice_nor_the_end_of_the_page(
    demo: Demo, page: Page, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(demo.protected)
    expect(page.locator("#demo-panel[data-side]")).to_be_visible()
    panel = page.locator("#demo-panel").bounding_box()
    notice = page.locator('[data-privacy="notice"]').bounding_box()
    assert panel and notice
    apart = notice["x"] + notice["width"] <= panel["x"] or notice["y"] + notice["height"] <= panel["y"]
    assert apart
    page.evaluate("scrollTo({top: document.documentElement.scrollHeight, behavior: 'instant'})")
    last = page.locator('[data-privacy="settings"]').bounding_box()
    assert last
    assert last["x"] + last["width"] <= panel["x"] or last["y"] + last["height"] <= panel["y"]
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
