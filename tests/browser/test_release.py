"""An answer takes effect in the page that is open where that is safe, with a reload where it is not."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenSite, Visit

pytestmark = pytest.mark.browser

LOAD = '[third_parties]\nunlisted = "load"\n'


def answer(site: Visit, decision: str, path: str) -> bool:
    """Answers the notice of a page; whether the page stayed."""
    site.open(path)
    site.page.evaluate("window.stayed = true")
    site.page.locator(f'[data-privacy=notice] button[value="{decision}"]').click()
    expect(site.page.locator("[data-privacy=notice]")).to_have_count(0)
    site.page.wait_for_load_state()
    site.settle()
    return bool(site.page.evaluate("window.stayed === true"))


def test_what_was_held_starts_in_order_in_the_page_that_is_open(visit: OpenSite) -> None:
    site = visit(LOAD)
    assert answer(site, "accept_all", "/release.html")
    expect(site.page.locator(".IN-widget")).to_have_count(1)
    expect(site.page.locator("[data-privacy=placeholder]")).to_have_count(0)
    assert site.page.evaluate("order") == ["page", "uses function", "ready", "load", "onload"]
    assert {"platform.linkedin.com", "snap.licdn.com", "www.youtube.com"} <= site.third_parties()
    assert site.page.evaluate("film.src") == "https://www.youtube.com/embed/abcdefghijk"
    assert site.console == []
    site.open("/release.html")
    expect(site.page.locator("[data-privacy=notice]")).to_have_count(0)


def test_a_refusal_takes_the_notice_away_and_nothing_else(visit: OpenSite) -> None:
    site = visit(LOAD)
    assert answer(site, "reject_all", "/release.html")
    expect(site.page.locator("[data-privacy=placeholder]")).to_have_count(2)
    site.open("/release.html")
    expect(site.page.locator("[data-privacy=notice]")).to_have_count(0)
    assert site.third_parties() == set()


def test_measurement_starts_by_way_of_the_gateway(visit: OpenSite) -> None:
    site = visit(LOAD)
    assert answer(site, "accept_all", "/company.html")
    site.page.wait_for_timeout(2200)
    assert any("tid=G-TEST12345" in hit for hit in site.forwarded())
    assert all("uid" not in hit and "customer-4711" not in hit for hit in site.forwarded())
    assert "region1.google-analytics.com" not in site.third_parties()
    assert "www.googletagmanager.com" not in site.third_parties()


@pytest.mark.parametrize(
    ("path", "unlisted"), [("/release.html", "hold"), ("/writes.html", "load")], ids=["policy", "writes"]
)
def test_where_it_is_not_safe_the_page_is_loaded_anew(visit: OpenSite, path: str, unlisted: str) -> None:
    site = visit(f'[third_parties]\nunlisted = "{unlisted}"\n[services.linkedin]\n[services.youtube]')
    assert not answer(site, "accept_all", path)
    expect(site.page.locator(".IN-widget")).to_have_count(1)
    expect(site.page.locator("#end")).to_be_visible()


def test_a_frame_that_code_makes_has_a_placeholder_of_its_size_and_loads_on_a_click(visit: OpenSite) -> None:
    site = visit(LOAD + "[services.youtube]")
    site.open("/release.html")
    placeholder = site.page.locator("#film [data-privacy=placeholder]")
    expect(placeholder).to_be_visible()
    box = placeholder.bounding_box()
    assert box is not None and (round(box["width"]), round(box["height"])) == (480, 270)
    expect(site.page.locator("[data-privacy=placeholder][data-service=youtube]")).to_have_count(1)
    expect(placeholder.get_by_role("link")).to_have_attribute(
        "href", "https://www.youtube.com/watch?v=abcdefghijk"
    )
    assert "www.youtube.com" not in site.third_parties()
    placeholder.locator("[data-privacy=activate]").click()
    expect(placeholder).to_have_count(0)
    site.settle()
    assert "www.youtube.com" in site.third_parties()
    assert site.page.evaluate("film.isConnected && film.getBoundingClientRect().width > 400")
    assert site.console == []


def test_plug_ins_of_one_service_share_its_loader(visit: OpenSite) -> None:
    site = visit(LOAD + "[services.linkedin]")
    site.open("/company.html")
    for number in (1, 2):
        placeholder = site.page.locator("#share [data-privacy=placeholder]").first
        if number == 1:  # what stands first is a share button, whose own button is behind the question mark
            placeholder.locator("[data-part=why]").click()
        placeholder.locator("[data-privacy=activate]").click()
        expect(site.page.locator(".IN-widget")).to_have_count(number)
    loaders = [seen for seen in site.internet.requests if seen.path == "/in.js"]
    assert len(loaders) == 1


@pytest.mark.parametrize("unlisted", ["load", "hold"])
def test_a_plug_in_that_code_mounts_later_has_a_placeholder_and_loads_when_it_is_clicked(
    visit: OpenSite, unlisted: str
) -> None:
    site = visit(f'[third_parties]\nunlisted = "{unlisted}"\n[services.linkedin]\n')
    site.open("/later.html")
    placeholder = site.page.locator('#later [data-privacy="placeholder"]')
    expect(placeholder).to_have_count(1)  # Facebook's script is not in this page: it would draw nothing
    expect(placeholder).to_have_attribute("data-service", "linkedin")
    expect(site.page.get_by_text("Be kind.")).to_be_visible()  # it is around a plug-in, and none itself
    assert site.third_parties() == set()
    expect(placeholder.locator('[data-privacy="share"]')).to_have_attribute(
        "href", "https://www.linkedin.com/sharing/share-offsite/?url=https%3A%2F%2Fwww.example.com%2F"
    )
    placeholder.locator("[data-part=why]").click()
    placeholder.locator('[data-privacy="activate"]').click()
    expect(site.page.locator("#later .IN-widget")).to_have_count(1)
    expect(placeholder).to_have_count(0)
    assert site.third_parties() <= {"platform.linkedin.com", "www.linkedin.com"} and site.console == []


@pytest.mark.parametrize("unlisted", ["load", "hold"])
def test_a_script_that_the_page_needs_runs_and_what_it_loads_comes_after_the_answer(
    visit: OpenSite, unlisted: str
) -> None:
    site = visit(f'[third_parties]\nunlisted = "{unlisted}"\n[services.linkedin]\n')
    site.open("/declared.html")
    expect(site.page.locator("body")).to_have_attribute("data-greeted", "yes")
    assert site.third_parties() == set() and site.console == []
    assert not answer(site, "accept_all", "/declared.html")
    expect(site.page.locator(".IN-widget")).to_have_count(1)
    assert "platform.linkedin.com" in site.third_parties() and site.console == []


def test_a_plug_in_with_its_script_inside_comes_alive_when_it_is_clicked(visit: OpenSite) -> None:
    site = visit('[third_parties]\nunlisted = "load"\n[services.flourish]\n')
    site.open("/nested.html")
    assert site.third_parties() == set()
    site.page.locator('[data-privacy="activate"]').click()
    expect(site.page.locator("[data-privacy=placeholder]")).to_have_count(0)
    site.settle()
    assert site.third_parties() == {"public.flourish.studio"} and site.console == []


def test_a_plug_in_that_code_makes_while_the_page_is_read_has_a_placeholder_and_loads_on_a_click(
    visit: OpenSite,
) -> None:
    """PLH-01, PLH-04"""
    site = visit(LOAD)
    site.open("/made.html")
    placeholder = site.page.locator("#post [data-privacy=placeholder][data-service=x]")
    expect(placeholder).to_be_visible()
    assert site.third_parties() == set()
    placeholder.locator("[data-privacy=activate]").click()
    site.page.wait_for_load_state()
    site.settle()
    assert "platform.twitter.com" in site.third_parties()
    assert site.console == []


FRAME_BY_CODE = """() => {
  const frame = document.createElement("iframe");
  Object.assign(frame, { width: 400, height: 300, src: "https://www.youtube.com/embed/made-later-x" });
  document.body.append(frame);
}"""


def seen_later(site: Visit) -> bool:
    site.page.evaluate(FRAME_BY_CODE)
    site.settle()
    return any("made-later-x" in seen.path for seen in site.internet.requests)


@pytest.mark.parametrize("how", ["notice", "always", "once", "once by a reload"])
def test_after_a_withdrawal_in_another_tab_nothing_more_loads_but_what_was_loaded_once(
    visit: OpenSite, how: str
) -> None:
    """CON-08"""
    site = visit(LOAD)
    site.open("/made.html")
    if how == "notice":
        site.page.locator('[data-privacy=notice] button[value="accept_all"]').click()
    else:
        film = site.page.locator("#film [data-privacy=placeholder]")
        if how == "always":
            film.locator("input[name=remember]").check()
        if how == "once by a reload":
            site.page.evaluate("document.querySelector('#film [data-privacy=activate]').form.requestSubmit("
                               "document.querySelector('#film [data-privacy=activate]'))")  # fmt: skip
        else:
            film.locator("[data-privacy=activate]").click()
    expect(site.page.locator("#film iframe")).to_have_attribute(
        "src", "https://www.youtube.com/embed/abcdefghijk"
    )
    site.settle()
    other = site.context.new_page()
    other.goto(f"{site.base}/.privacy/preferences")
    other.locator('button[value="reject_all"]').click()
    other.goto(f"{site.base}/plain.html")
    site.settle()
    assert seen_later(site) is how.startswith("once")
