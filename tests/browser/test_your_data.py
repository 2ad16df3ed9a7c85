"""The walk through "your data" in a browser without JavaScript, and how its pages look."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import expect

from consent_gateway.commands import main
from tests.asking import CHROME
from tests.browser.conftest import OpenSite, Visit

pytestmark = pytest.mark.browser

SITE = 'properties = ["G-TEST123"]\n[controller]\nname = "Example AG"\n[services.google-analytics]\n[services.hotjar]\n[services.linkedin]\n[services.youtube]\n[services.zoom]\n'
HIT = "/.privacy/ga/g/collect?v=2&tid=G-TEST123&en=page_view"


def press(site: Visit, name: str) -> None:
    site.page.get_by_role("button", name=name, exact=True).click()
    site.page.wait_for_load_state()


def said(site: Visit, text: str) -> None:
    expect(site.page.get_by_role("status")).to_contain_text(text)


def measured(site: Visit, number: int) -> bool:
    """Sends a hit as a tag would, with the cookies of this browser; whether Google has as many by then."""
    site.context.request.get(f"{site.base}{HIT}", headers={"User-Agent": CHROME})
    for _ in range(20):
        site.settle()
        if len(site.forwarded()) >= number:
            break
    site.settle()
    return len(site.forwarded()) == number


def agree(site: Visit, *purposes: str) -> None:
    site.open("/.privacy/preferences")
    for id in purposes:
        site.page.check(f"input[name=purpose][value={id}]")
    site.page.click("button[value=save]")
    site.page.wait_for_load_state()


def test_the_walk_without_javascript(visit: OpenSite, tmp_path: Path) -> None:
    """PRC-01, PRC-02, PRC-05, PRC-06, PRC-07, PRC-08, PRC-11"""
    site = visit(SITE, javascript=False)
    site.open("/sizes.html")
    site.page.locator("[data-privacy=settings]").click()
    site.page.locator("main").get_by_role("link", name="Your data and rights").click()
    expect(site.page.locator("main")).to_contain_text("Art. 11(2)")

    agree(site, "analytics", "media", "marketing")
    assert measured(site, 1)
    site.open("/.privacy/your-data")
    held = site.page.locator("[data-part=held]")
    expect(held).to_contain_text("Statistics")
    expect(site.page.locator("[data-part=records] li")).to_have_count(1)
    with site.page.expect_download() as download:
        site.page.get_by_role("link", name="Download everything (JSON)").click()
    download.value.save_as(tmp_path / "mine.json")
    assert download.value.suggested_filename == "your-data.json"
    receipt = next(
        one["text"]
        for one in json.loads((tmp_path / "mine.json").read_text())["held"]
        if one["label"] == "receipt"
    )

    press(site, "Block everything")
    said(site, "Everything is blocked now")
    assert measured(site, 1)
    site.open("/sizes.html")
    expect(site.page.locator("[data-privacy=notice]")).to_have_count(0)
    placeholder = site.page.locator("[data-privacy=placeholder][data-service=youtube]").first
    expect(placeholder).to_be_visible()
    expect(placeholder.locator("[data-privacy=activate]")).to_have_count(0)
    site.open("/.privacy/your-data")

    press(site, "Lift the block")
    expect(site.page.locator("main")).to_contain_text("This may load again")
    press(site, "Yes, lift the block")
    said(site, "The block is lifted")
    assert measured(site, 2)

    press(site, "Object to advertising")
    said(site, "You have objected to advertising")
    expect(held).not_to_contain_text("Advertising and")
    press(site, "Erase …")
    expect(site.page.locator("h1")).to_have_text("Erase for good?")
    press(site, "Yes, erase everything")
    said(site, "Erased.")
    expect(held).to_have_count(0)
    assert site.context.cookies() == [] and measured(site, 2)
    done = CliRunner().invoke(main, ["ledger", "verify", "--state", str(site.state)])
    assert done.exit_code == 0 and "4 records whose content has been erased" in done.output
    files = [path.read_bytes() for path in site.state.iterdir() if path.is_file()]
    assert not [content for content in files if receipt.encode() in content]
    assert site.third_parties() == set()


def test_a_block_at_once_stops_what_is_open_with_javascript_as_well(visit: OpenSite) -> None:
    """PRC-05: a placeholder that is clicked in a tab from before says why it does not load."""
    site = visit(SITE)
    site.open("/sizes.html")
    site.page.locator("[data-privacy=notice] button[value=reject_all]").click()
    expect(site.page.locator("[data-privacy=notice]")).to_have_count(0)
    other = site.context.new_page()
    other.goto(f"{site.base}/.privacy/your-data")
    other.get_by_role("button", name="Block everything").click()
    expect(other.get_by_role("status")).to_contain_text("Everything is blocked now")
    site.page.locator(
        "[data-privacy=placeholder][data-service=youtube] [data-privacy=activate]"
    ).first.click()
    expect(site.page.locator("h1")).to_have_text("Everything is blocked")
    assert site.third_parties() == set()


@pytest.mark.parametrize(("language", "width"), [("de", 320), ("en", 360), ("de", 1280)])
def test_nothing_is_wider_than_the_window_and_every_control_can_be_hit(
    visit: OpenSite, width: int, language: str
) -> None:
    """PRC-01"""
    site = visit(SITE, javascript=False)
    site.page.set_viewport_size({"width": width, "height": 800})
    agree(site, "analytics", "media", "marketing")
    for path in ("your-data?", "your-data?confirm=erase&", "policy?", "preferences?"):
        site.open(f"/.privacy/{path}language={language}")
        assert site.page.evaluate("document.documentElement.scrollWidth") <= width, path
        for button in site.page.locator("main button").all():
            box = button.bounding_box()
            assert box and box["height"] >= 44 and box["width"] >= 44


def test_the_objection_stands_out_from_the_other_controls(visit: OpenSite) -> None:
    """PRC-07: on both pages, in a frame of its own, with a heading of its own."""
    site = visit(SITE, javascript=False)
    for page, heading in (
        ("your-data", "Your objection to advertising"),
        ("policy", "How can you object to the use of your data for advertising?"),
    ):
        site.open(f"/.privacy/{page}")
        section = site.page.locator("section[data-part=objection]")
        expect(section.get_by_role("heading", level=2)).to_have_text(heading)
        assert section.evaluate("(e) => getComputedStyle(e).borderTopWidth") == "2px"
        expect(section.get_by_role("button")).to_have_count(1)
        section.get_by_role("button").click()
        said(site, "It is off from now on")


def test_printed_it_is_what_is_held_without_buttons(visit: OpenSite) -> None:
    """PRC-02"""
    site = visit(SITE, javascript=False)
    agree(site, "media")
    site.open("/.privacy/your-data")
    site.page.emulate_media(media="print")
    expect(site.page.locator("[data-part=held]")).to_be_visible()
    expect(site.page.locator("main button").first).to_be_hidden()
    site.open("/.privacy/preferences")
    expect(site.page.locator("fieldset").first).to_be_visible()


def test_from_the_page_of_a_request_no_link_takes_its_key_along(visit: OpenSite) -> None:
    site = visit(SITE)
    site.open("/.privacy/request")
    site.page.check("input[name=kind][value=access]")
    site.page.fill("input[name=reply_to]", "ada@example.org")
    site.page.locator("main button[type=submit]").click()
    site.page.wait_for_url("**/request?number=1&key=*")
    site.page.locator("footer a[href='/']").click()
    site.page.wait_for_load_state()
    assert "/request" not in site.page.url and site.page.evaluate("document.referrer") == ""
