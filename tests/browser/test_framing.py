"""Pages in frames: in another website's nothing can be agreed to, in the site's own everything works."""

from __future__ import annotations

import pytest
from playwright.sync_api import FrameLocator, Route, expect

from tests.browser.conftest import OpenSite, Visit
from tests.loopback import showing

pytestmark = pytest.mark.browser
FRAME = '<!doctype html><iframe id="site" src="{address}" width="950" height="1300">'
UNLISTED = pytest.mark.parametrize("unlisted", ["load", "hold"])


def in_frame(site: Visit, *frames: str) -> FrameLocator:
    found = site.page.frame_locator(frames[0])
    for frame in frames[1:]:
        found = found.frame_locator(frame)
    return found


@pytest.mark.parametrize(
    ("path", "within"),
    [("/company.html", ["#site"]), ("/framing.html", ["#site", "#inner"])],
    ids=["directly", "deeper"],
)
def test_in_a_frame_of_another_website_there_is_nothing_to_agree_with(
    visit: OpenSite, path: str, within: list[str]
) -> None:
    """SEC-07: another port is another origin, though the same site, so that cookies would be set."""
    site = visit('[third_parties]\nunlisted = "load"')
    with showing(FRAME.format(address=f"{site.base}{path}")) as other:
        site.page.goto(other.address, wait_until="load")
        page = in_frame(site, *within)
        expect(page.locator("#film a").first).to_be_visible()
        expect(page.locator('#film [data-privacy="activate"]')).to_be_hidden()
        expect(page.locator("#film label")).to_be_hidden()
        page.locator('#film [data-privacy="activate"]').dispatch_event("click")  # whatever brings it back
        site.settle()
        expect(page.locator("#film [data-privacy=placeholder]")).to_have_count(1)
    assert site.third_parties() == set()
    assert site.context.cookies(site.base) == []


def test_nor_is_there_in_one_whose_scripts_do_not_run(visit: OpenSite) -> None:
    """SEC-07"""
    site = visit(javascript=False)
    with showing(FRAME.format(address=f"{site.base}/company.html")) as other:
        site.page.goto(other.address, wait_until="load")
        page = in_frame(site, "#site")
        page.locator('#film [data-privacy="activate"]').click()
        expect(page.locator("body")).to_contain_text("Open this page in a tab of its own")
    assert site.third_parties() == set()
    assert site.context.cookies(site.base) == []


@UNLISTED
def test_in_a_frame_of_the_sites_own_a_plug_in_loads(visit: OpenSite, unlisted: str) -> None:
    """SEC-07: where the policy is enforced with a reload of the frame alone."""
    site = visit(f'[third_parties]\nunlisted = "{unlisted}"')
    site.open("/framing.html")
    page = in_frame(site, "#inner")
    page.locator('#film [data-privacy="activate"]').click()
    expect(page.locator("#film iframe")).to_have_attribute("src", "https://www.youtube.com/embed/abcdefghijk")
    site.settle()
    assert site.third_parties() == {"www.youtube.com"}
    assert site.page.url.endswith("/framing.html")


def test_a_page_that_hides_where_one_comes_from_can_be_agreed_in(visit: OpenSite) -> None:
    """SEC-01: its forms say `Origin: null` (Fetch, "append a request Origin header"), and that they are same-origin."""
    site = visit(javascript=False)
    site.open("/silent.html")
    site.page.locator('[data-privacy="notice"] [value="accept_all"]').click()
    expect(site.page.locator("#film iframe")).to_have_count(1)
    assert {one["name"] for one in site.context.cookies(site.base)} >= {"privacy"}


def test_where_a_browser_does_not_say_that_it_is_a_frame_the_notice_is_not_shown_there(
    visit: OpenSite,
) -> None:
    """SEC-07: no browser says so on plain http, unless it is to its own computer."""

    def silently(route: Route) -> None:
        told = {name: value for name, value in route.request.headers.items() if name != "sec-fetch-dest"}
        route.fulfill(response=route.fetch(headers=told))

    site = visit()
    site.context.route("**/company.html", silently)
    with showing(FRAME.format(address=f"{site.base}/company.html")) as other:
        site.page.goto(other.address, wait_until="load")
        notice = in_frame(site, "#site").locator('[data-privacy="notice"]')
        expect(notice).to_have_count(1)
        expect(notice).to_be_hidden()
        notice.locator("form").evaluate(
            "(form) => form.requestSubmit(form.querySelector('[value=accept_all]'))"
        )
        site.settle()
        assert site.context.cookies(site.base) == []
    site.open("/company.html")
    expect(site.page.locator('[data-privacy="notice"]')).to_be_visible()


def test_where_a_browser_cannot_hide_it_nobody_agrees_and_refusing_works(visit: OpenSite) -> None:
    """SEC-07: Safari before 16.4, which sends no Fetch Metadata, either."""

    def silently(route: Route) -> None:
        told = {
            name: value for name, value in route.request.headers.items() if not name.startswith("sec-fetch-")
        }
        route.fulfill(response=route.fetch(headers=told))

    site = visit()
    site.context.add_init_script("delete Document.prototype.adoptedStyleSheets")
    site.context.route("**/company.html", silently)
    with showing(FRAME.format(address=f"{site.base}/company.html")) as other:
        site.page.goto(other.address, wait_until="load")
        page = in_frame(site, "#site")
        page.locator('#film [data-privacy="activate"]').click()
        page.locator('[data-privacy="notice"] [value="accept_all"]').click()
        site.settle()
        assert site.third_parties() == set() and site.context.cookies(site.base) == []
        page.locator('[data-privacy="notice"] [value="reject_all"]').click()
        expect(page.locator('[data-privacy="notice"]')).to_have_count(0)
    assert site.third_parties() == set()
    assert {one["name"] for one in site.context.cookies(site.base)} >= {"privacy"}
