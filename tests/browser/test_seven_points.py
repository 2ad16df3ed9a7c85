"""The main job in a real browser, point by point, as the network log and the stand-ins see it."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PAGES, OpenSite

pytestmark = pytest.mark.browser

HOLD = """
[third_parties]
unlisted = "hold"
[services.google-analytics]
[services.linkedin]
[services.linkedin-insight]
[services.youtube]
[services.zoom]
"""
SOCIAL = {"platform.linkedin.com", "www.linkedin.com"}


def test_1_before_consent_nothing_leaves_and_every_plug_in_has_its_place(visit: OpenSite) -> None:
    site = visit()
    site.open()
    assert site.third_parties() == set()
    assert site.google.requests == []
    placeholders = site.page.locator('[data-privacy="placeholder"]')
    assert [item.get_attribute("data-service") for item in placeholders.all()] == [
        "linkedin", "linkedin", "linkedin", "youtube", "zoom",
    ]  # fmt: skip
    box = site.page.locator("#film [data-privacy=placeholder]").bounding_box()
    assert box is not None and (round(box["width"]), round(box["height"])) == (560, 315)
    assert (
        site.page.locator("#text").inner_text() == "Nothing of this paragraph may change: 10\u00a0€ & more."
    )
    assert site.page.locator("#plain").get_attribute("href") == "https://www.linkedin.com/company/1337"
    assert site.console == []


def test_1_without_its_three_insertions_a_page_without_services_is_the_origins(visit: OpenSite) -> None:
    site = visit()
    body = site.context.request.get(f"{site.base}/plain.html").body()
    bare = re.sub(rb'<script src="/\.privacy/static/guard[^>]*></script>', b"", body, count=1)
    bare = re.sub(rb'<div data-privacy="notice".*?</form>\n</div>', b"", bare, count=1, flags=re.S)
    bare = re.sub(rb'<a data-privacy="settings".*?</a>', b"", bare, count=1, flags=re.S)
    assert bare == (PAGES / "plain.html").read_bytes()
    assert len(body) > len(bare)


def test_2_the_notice_comes_first_and_offers_both_answers_alike(visit: OpenSite) -> None:
    site = visit()
    site.open()
    notice = site.page.locator('body > :first-child[data-privacy="notice"]')
    expect(notice).to_be_visible()
    reject = notice.locator('button[name=decision][value="reject_all"]')
    accept = notice.locator('button[name=decision][value="accept_all"]')
    boxes = [button.bounding_box() for button in (reject, accept)]
    assert boxes[0] and boxes[1]
    assert (boxes[0]["width"], boxes[0]["height"]) == (boxes[1]["width"], boxes[1]["height"])
    assert _look(reject) == _look(accept)
    assert notice.locator("input:checked").count() == 0
    reject.click()
    expect(site.page.locator('[data-privacy="notice"]')).to_have_count(0)
    site.open("/plain.html")
    expect(site.page.locator('[data-privacy="notice"]')).to_have_count(0)
    assert site.third_parties() == set()


def test_2_the_notice_is_a_plain_form_without_javascript(visit: OpenSite) -> None:
    site = visit(javascript=False)
    site.open()
    site.page.locator('button[value="accept_all"]').first.click()
    assert site.page.url == f"{site.base}/"
    expect(site.page.locator('[data-privacy="notice"]')).to_have_count(0)
    site.page.wait_for_load_state()
    assert "www.youtube.com" in site.third_parties()


def test_2_a_forged_cookie_counts_as_none(visit: OpenSite) -> None:
    site = visit()
    site.context.add_cookies([{"name": "privacy", "value": "eyJ2IjoxfQ.forged", "url": site.base}])
    site.open()
    expect(site.page.locator('[data-privacy="notice"]')).to_be_visible()
    assert site.third_parties() == set()


def test_3_after_the_opt_in_google_gets_a_pseudonym_by_way_of_the_gateway(visit: OpenSite) -> None:
    site = visit()
    site.open("/?email=anna%40example.org&utm_source=letter")
    site.page.locator("summary").click()
    site.page.locator('[data-privacy="notice"] input[value="analytics"]').check()
    site.page.locator('button[value="save"]').click()
    site.page.wait_for_timeout(2200)
    assert site.third_parties() == set()
    hits = site.forwarded()
    assert hits
    for hit in hits:
        fields = parse_qs(hit)
        assert fields["tid"] == ["G-TEST12345"]
        assert re.fullmatch(r"\d{10}\.\d{10}", fields["cid"][0])
        assert not {"uid", "up.tier", "uafvl", "tfd"} & fields.keys()
        assert fields["dl"] == [f"{site.base}/"]
        assert "anna" not in hit and "customer-4711" not in hit
    sent = next(seen for seen in site.google.requests if seen.path == "/g/collect")
    assert set(sent.headers) == {"Host", "User-Agent", "Accept"}
    assert "_ga" not in {cookie["name"] for cookie in site.context.cookies()}
    assert site.console == []


def test_3_a_hit_that_arrives_without_consent_is_answered_and_dropped(visit: OpenSite) -> None:
    site = visit()
    site.open()
    hit = f"{site.base}/.privacy/ga/g/collect?v=2&tid=G-TEST12345&cid=1.2&en=page_view"
    assert site.context.request.post(hit).status == 204
    site.page.locator('button[value="reject_all"]').click()
    assert site.context.request.post(hit).status == 204
    site.page.wait_for_timeout(1800)
    assert site.forwarded() == []


def test_4_a_click_loads_one_instance_in_place_and_directly(visit: OpenSite) -> None:
    site = visit()
    site.open()
    site.page.locator("#share [data-privacy=activate]").last.click()
    expect(site.page.locator("#share .IN-widget")).to_have_count(1)
    site.settle()
    assert site.third_parties() == SOCIAL
    assert site.page.locator('[data-privacy="placeholder"]').count() == 4
    site.page.locator("#feed [data-privacy=activate]").click()
    frame = site.page.frame_locator("#feed iframe")
    expect(frame.locator("p")).to_have_text("stand-in for www.linkedin.com")
    site.open()
    assert site.page.locator('[data-privacy="placeholder"]').count() == 5
    assert site.console == []


@pytest.mark.parametrize(
    ("place", "host"),
    [("feed", "www.linkedin.com"), ("film", "www.youtube.com"), ("webinar", "us02web.zoom.us")],
)
def test_4_a_click_on_a_frames_placeholder_contacts_its_network_and_no_other(
    visit: OpenSite, place: str, host: str
) -> None:
    site = visit()
    site.open()
    site.page.locator(f"#{place} [data-privacy=activate]").click()
    frame = site.page.frame_locator(f"#{place} iframe")
    expect(frame.locator("p")).to_have_text(f"stand-in for {host}")
    site.settle()
    assert host in site.third_parties() and site.third_parties() <= SOCIAL | {host}
    assert site.page.url == f"{site.base}/"


def test_4_always_load_is_remembered(visit: OpenSite) -> None:
    site = visit()
    site.open()
    follow = site.page.locator("#share [data-privacy=placeholder]").last
    follow.locator("input[name=remember]").check()
    follow.locator("[data-privacy=activate]").click()
    expect(site.page.locator("#share .IN-widget")).to_have_count(2)
    site.settle()
    site.open()
    expect(site.page.locator("#share .IN-widget")).to_have_count(2)
    assert site.page.locator('[data-privacy="placeholder"]').count() == 2
    expect(site.page.locator('[data-privacy="notice"]')).to_be_visible()


def test_4_a_frame_loads_without_javascript(visit: OpenSite) -> None:
    site = visit(HOLD, javascript=False)
    site.open()
    site.page.locator("#feed [data-privacy=activate]").click()
    expect(site.page.locator("#feed iframe")).to_have_count(1)
    site.settle()
    assert site.page.locator('[data-privacy="placeholder"]').count() == 4
    assert site.third_parties() == {"www.linkedin.com"} | {"platform.linkedin.com"} & site.third_parties()
    site.open()
    assert site.page.locator('[data-privacy="placeholder"]').count() == 5


def test_4_under_an_enforced_policy_the_click_loads_the_page_anew_with_one_instance(visit: OpenSite) -> None:
    site = visit(HOLD)
    site.open()
    site.page.locator("#film [data-privacy=activate]").click()
    expect(site.page.frame_locator("#film iframe").locator("p")).to_have_text("stand-in for www.youtube.com")
    assert site.third_parties() == {"www.youtube.com"}
    assert site.page.locator('[data-privacy="placeholder"]').count() == 4


def test_5_the_settings_link_is_on_every_page_and_withdrawing_takes_one_action(visit: OpenSite) -> None:
    site = visit()
    site.open()
    site.page.locator('button[value="accept_all"]').first.click()
    expect(site.page.locator('[data-privacy="notice"]')).to_have_count(0)
    site.settle()
    assert "www.youtube.com" in site.third_parties()
    for path in ("/plain.html", "/missing.html"):
        site.open(path)
        expect(site.page.locator('a[data-privacy="settings"]')).to_be_visible()
    site.page.locator('a[data-privacy="settings"]').click()
    expect(site.page.locator("input[name=purpose][value=media]")).to_be_checked()
    expect(site.page.locator("input[name=purpose][value=analytics_linking]")).not_to_be_checked()
    site.page.locator('button[value="reject_all"]').click()
    expect(site.page.locator("[role=status]")).to_be_visible()
    site.internet.requests.clear()
    site.google.requests.clear()
    site.open()
    assert site.third_parties() == set()
    assert site.page.locator('[data-privacy="placeholder"]').count() == 5


@pytest.mark.parametrize(
    ("site_file", "header"),
    [
        (HOLD, "content-security-policy"),
        ("", "content-security-policy-report-only"),
    ],
)
def test_6_the_second_policy_names_only_what_was_released(
    visit: OpenSite, site_file: str, header: str
) -> None:
    site = visit(site_file)
    response = site.page.goto(site.base)
    assert response is not None
    assert "linkedin" not in response.headers[header] and "youtube" not in response.headers[header]
    site.page.locator("summary").click()
    site.page.locator('[data-privacy="notice"] input[value="media"]').check()
    site.page.locator('button[value="save"]').click()
    expect(site.page.locator('[data-privacy="notice"]')).to_have_count(0)
    response = site.page.goto(site.base)
    assert response is not None
    assert "*.youtube.com" in response.headers[header] and "linkedin" not in response.headers[header]


def test_7_what_fails_is_an_error_and_never_the_page(visit: OpenSite) -> None:
    site = visit()
    assert site.context.request.get(f"{site.base}/").status == 200
    reply = site.context.request.get(f"{site.base}/garbled.html")
    assert reply.status == 502
    assert b"linkedin" not in reply.body()


def _look(button: object) -> object:
    script = """(element) => {
      const style = getComputedStyle(element);
      return ["fontSize", "fontWeight", "color", "backgroundColor", "borderColor"].map((name) => style[name]);
    }"""
    return button.evaluate(script)  # type: ignore[attr-defined]


def test_4_what_cannot_be_recorded_does_not_load_and_says_so(visit: OpenSite) -> None:
    site = visit()
    site.open()
    with closing(sqlite3.connect(site.state / "ledger.sqlite3")) as ledger:
        ledger.execute("DROP TABLE ledger_entries")
    site.page.locator("#film [data-privacy=activate]").click()
    expect(site.page.locator("main")).to_contain_text("could not be recorded")
    assert site.third_parties() == set()
