"""A recorded leaky site in a real browser: it is all there, and nothing leaves for a real host."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.loopback import Server
from tests.replay.conftest import Replay
from tests.waiting import eventually

pytestmark = pytest.mark.browser

# What Chromium contacts by itself, whatever page is open.
BROWSER_ITSELF = {
    "accounts.google.com",
    "clients2.google.com",
    "update.googleapis.com",
    "content-autofill.googleapis.com",
}


@pytest.fixture
def page(browser: Browser, network: Server, replay: Replay) -> Iterator[Page]:
    network.requests.clear()
    with browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US") as context:
        opened = context.new_page()
        opened.set_default_timeout(8000)
        context.request.post(f"{replay.panel}/clear", headers={"Origin": replay.panel})
        yield opened


def contacted(replay: Replay, side: str) -> dict[str, dict[str, Any]]:
    """The hosts that the panel shows of one side."""
    with urllib.request.urlopen(f"{replay.panel}/contacts", timeout=5) as stream:
        view = json.loads(stream.readline().decode().removeprefix("data: "))
    return {line["host"]: line for line in view[side]}


def left(network: Server) -> set[str]:
    """The hosts of the network that were asked for anything."""
    return {seen.host.partition(":")[0] for seen in network.requests} - BROWSER_ITSELF


def test_the_site_as_recorded_contacts_everybody_and_nothing_leaves(
    replay: Replay, page: Page, network: Server
) -> None:
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname or ""))
    page.goto(replay.direct)
    expect(page).to_have_title("Shop of news")  # the nearest answer: only the time in its query differs
    assert page.locator("#own").evaluate("(image) => image.naturalWidth") == 40
    expected = {
        "www.googletagmanager.com", "region1.google-analytics.com", "snap.licdn.com", "px.ads.linkedin.com",
        "www.youtube.com", "i.ytimg.com", "tracker.example", "fonts.gstatic.com",
    }  # fmt: skip
    eventually(lambda: expected <= contacted(replay, "direct").keys())
    page.wait_for_timeout(500)
    assert left(network) == set()
    found = contacted(replay, "direct")
    assert found["px.ads.linkedin.com"]["stopped"] >= 1  # the address that code has put together
    assert found["beacon.example"]["stopped"] == 1
    assert found["socket.example"]["stopped"] == 1
    assert found["fonts.gstatic.com"]["missing"] == 1
    assert (found["snap.licdn.com"]["decision"], found["snap.licdn.com"]["reason"]) == (
        "hold",
        "nothing was decided",
    )
    assert found["snap.licdn.com"]["article"] == "TDDDG § 25(1)"


def test_behind_the_gateway_nobody_is_contacted_before_a_choice(
    replay: Replay, page: Page, network: Server
) -> None:
    page.goto(replay.through)
    expect(page).to_have_title("Shop of news")
    expect(page.locator('[data-privacy="notice"]')).to_be_visible()
    page.wait_for_timeout(500)
    found = contacted(replay, "through")
    assert {host for host, line in found.items() if line["kind"] != "unlisted"} == set()
    assert left(network) == set()


def test_after_agreeing_what_was_held_comes_from_the_recording(
    replay: Replay, page: Page, network: Server
) -> None:
    page.goto(replay.through)
    page.get_by_role("button", name="Accept all").click()
    expect(page.frame_locator("iframe").get_by_text("Film")).to_be_visible()
    eventually(
        lambda: {"www.youtube.com", "snap.licdn.com", "i.ytimg.com"} <= contacted(replay, "through").keys()
    )
    eventually(lambda: contacted(replay, "through").get("region1.google-analytics.com", {}).get("by_gateway"))
    found = contacted(replay, "through")
    assert (found["www.youtube.com"]["decision"], found["www.youtube.com"]["reason"]) == (
        "load",
        "the visitor has granted its purpose",
    )
    page.wait_for_timeout(300)
    assert left(network) == set()


def test_links_of_the_sites_own_lead_to_the_replay_and_others_to_a_page_that_says_what_is_missing(
    replay: Replay, page: Page
) -> None:
    for base in (replay.through, replay.direct):
        page.goto(base)
        page.locator("#about").click()
        expect(page.get_by_role("heading", name="About us")).to_be_visible()
        assert page.url == f"{base}/about?from=home"
        page.goto(base)
        page.locator("#away").click()
        expect(page.get_by_role("heading", name="Not in the recording")).to_be_visible()
        expect(page.get_by_text("no answer to GET partner.example/offer")).to_be_visible()
        page.get_by_role("link", name="/about?from=mail").click()
        expect(page.get_by_role("heading", name="About us")).to_be_visible()
        assert page.url.startswith(base)


def test_code_cannot_leave_for_elsewhere(replay: Replay, page: Page, network: Server) -> None:
    page.goto(replay.direct)
    page.wait_for_load_state("load")
    page.evaluate("leave()")
    page.evaluate("opens()")
    page.evaluate("sends()")
    assert page.evaluate("typeof RTCPeerConnection") == "undefined"
    page.wait_for_timeout(500)
    assert page.url == f"{replay.direct}/"
    assert len(page.context.pages) == 1
    assert left(network) == set()
    assert {"elsewhere.example", "window.example", "form.example", "early.example"} <= contacted(
        replay, "direct"
    ).keys()


STATES = (
    "fresh",
    "refused",
    "analytics",
    "all",
    "withdrawn",
    "expired",
    "tampered",
    "gpc",
    "blocked",
    "objected",
)


def test_the_panel_shows_before_and_after_for_each_state(replay: Replay, page: Page, network: Server) -> None:
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{replay.panel}/")
    tops = "(all) => all.map((one) => one.getBoundingClientRect().top)"
    before = page.locator("section").evaluate_all(tops)
    expect(page.locator("#said")).not_to_be_empty()
    assert page.locator("section").evaluate_all(tops) == before  # nothing has moved
    options = page.locator("#state option")
    expect(options).to_have_count(10)
    assert tuple(options.evaluate_all("(all) => all.map((one) => one.value)")) == STATES
    through = page.frame_locator('section[data-side="through"] iframe')
    direct = page.frame_locator('section[data-side="direct"] iframe')
    for state in STATES:
        page.locator("#state").select_option(state)
        sentence = options.nth(STATES.index(state)).get_attribute("data-sentence")
        expect(page.locator("#said")).to_contain_text(f"who {sentence}.")
        expect(direct.get_by_role("heading", name="Shop")).to_be_visible()
        film = through.frame_locator("iframe").get_by_text("Film")
        if state == "all":
            expect(film).to_be_visible()
        else:
            expect(through.locator('[data-privacy="placeholder"]')).to_be_visible()
        asked = through.locator('[data-privacy="notice"]')
        expect(asked).to_have_count(1 if state in ("fresh", "expired", "tampered", "gpc", "objected") else 0)
        eventually(lambda: "snap.licdn.com" in contacted(replay, "direct"))
        loads = contacted(replay, "direct")["snap.licdn.com"]["decision"] == "load"
        assert loads == (state == "all"), state
        eventually(lambda: "region1.google-analytics.com" in contacted(replay, "direct"))
        # As the audit says it: agreed to is Google's measurement by way of the gateway only.
        assert contacted(replay, "direct")["region1.google-analytics.com"]["decision"] == "hold", state
        verdicts = page.locator('section[data-side="direct"] .verdict')
        expect(verdicts.filter(has_text="would be held").first).to_be_visible()
        assert set(verdicts.all_inner_texts()) <= {"would be held", "would load, too"}
        expect(page.locator('section[data-side="direct"] .count')).to_contain_text(
            "third-party services contacted"
        )
    assert left(network) == set()
    assert faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_panel_fits_and_needs_nobody_else(
    browser: Browser, replay: Replay, network: Server, width: int, scheme: Any
) -> None:
    network.requests.clear()
    with browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme) as context:
        page = context.new_page()
        page.goto(f"{replay.panel}/")
        expect(page.locator('section[data-side="direct"] .contacts strong').first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        tops = "(all) => all.map((one) => one.getBoundingClientRect().top)"
        first, second = page.locator("section").evaluate_all(tops)
        assert (first == second) == (width == 1280)
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (ground == "rgb(246, 247, 249)") == (scheme == "light")
    assert left(network) == set()


def test_clicking_in_the_frame_of_the_panel_changes_what_it_shows(replay: Replay, page: Page) -> None:
    page.goto(f"{replay.panel}/")
    expect(page.locator("#said")).to_contain_text("who")
    through = page.frame_locator('section[data-side="through"] iframe')
    through.get_by_role("button", name="Accept all").click()
    expect(
        page.locator('section[data-side="through"] .contacts strong').get_by_text("YouTube").first
    ).to_be_visible()
    expect(page.locator('section[data-side="through"] .count b')).not_to_have_text("0")
    through.get_by_role("link", name="Privacy settings").click()
    expect(through.get_by_role("heading", level=1)).to_be_visible()  # a page that no other website may frame
    framed = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "iframe"}  # as a form there is sent
    saved = page.request.post(
        f"{replay.through}/.privacy/activate",
        form={"service": "youtube", "instance": "1"},
        headers=framed,
        max_redirects=0,
    )
    assert saved.status == 303


def test_what_a_page_left_behind_goes_on_asking_for_is_not_counted_for_the_next_visitor(
    replay: Replay, page: Page
) -> None:
    page.goto(f"{replay.panel}/")
    direct = page.frame_locator('section[data-side="direct"] iframe')
    expect(direct.get_by_role("heading", name="Shop")).to_be_visible()
    address = direct.locator('script[src*="licdn"]').first.evaluate("(script) => script.src")
    eventually(lambda: "snap.licdn.com" in contacted(replay, "direct"))
    asks = "(body, address) => setInterval(() => fetch(address, { mode: 'no-cors', cache: 'no-store' }), 15)"
    direct.locator("body").evaluate(asks, address)
    page.locator("#state").select_option("all")
    expect(page.locator("#said")).to_contain_text("agreed to everything")
    eventually(lambda: "snap.licdn.com" in contacted(replay, "direct"))
    page.wait_for_timeout(500)
    with urllib.request.urlopen(f"{replay.panel}/contacts", timeout=5) as stream:
        view = json.loads(stream.readline().decode().removeprefix("data: "))
    lines = [line for line in view["direct"] if line["host"] == "snap.licdn.com"]
    assert [(line["decision"], line["count"]) for line in lines] == [("load", 1)]


def test_of_two_visitors_chosen_in_haste_the_last_one_is_shown(replay: Replay, page: Page) -> None:
    page.goto(f"{replay.panel}/")
    expect(page.locator("#said")).to_contain_text("has decided nothing")
    first: list[Route] = []  # on its way for longer than the second would be

    def delayed(route: Route) -> None:
        if route.request.post_data == "state=all":
            first.append(route)
        else:
            route.continue_()

    page.route("**/state", delayed)
    page.locator("#state").select_option("all")
    page.locator("#state").select_option("refused")
    page.wait_for_timeout(500)
    (late,) = first
    late.continue_()
    page.wait_for_timeout(500)
    expect(page.locator("#said")).to_contain_text("has refused everything")
    assert "refused" in {one["value"] for one in page.context.cookies()}
    eventually(lambda: "snap.licdn.com" in contacted(replay, "direct"))
    assert contacted(replay, "direct")["snap.licdn.com"]["decision"] == "hold"


def test_a_panel_without_its_replay_says_so(replay: Replay, page: Page) -> None:
    page.goto(f"{replay.panel}/")
    expect(page.locator("#said")).to_contain_text("has decided nothing")
    page.route("**/state", lambda route: route.abort())
    page.locator("#state").select_option("all")
    expect(page.locator("#said")).to_have_text("The replay does not answer any more.")
    page.unroute("**/state")
    page.locator("#state").select_option("refused")
    expect(page.locator("#said")).to_contain_text("has refused everything")
