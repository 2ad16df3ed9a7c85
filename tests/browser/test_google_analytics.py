"""Google's tag in a real browser: what it would send and keep, and what becomes of it.

With GA_REAL_DIR the same is asked of real copies of Google's script.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.google import BEHIND_A_TAG_GATEWAY, REAL, STOOD_IN, Tag, events, real_copies
from tests.browser.google.visitor import Running, Visitor, measured, of, visiting
from tests.loopback import Server

pytestmark = pytest.mark.browser

REAL_TAGS = list(real_copies())
NO_REAL = pytest.param(None, marks=pytest.mark.skip(reason=f"{REAL} names no folder with copies of gtag.js"))
TAGS: list[object] = [STOOD_IN]
TAGS += REAL_TAGS or [NO_REAL]
SPOKEN_TO = {
    "analytics.google.com", "www.google.com", "stats.g.doubleclick.net", "www.google.com.au", "sgtm.other.example",
}  # fmt: skip
NOTICE = "[data-privacy=notice]"
PERSONAL = ("crm-4711", "4711.4711", "max.muster", "user_data", "G111", "G110")


@pytest.fixture(scope="module", params=TAGS, ids=str)
def tag(request: pytest.FixtureRequest) -> Tag:
    found: Tag = request.param
    return found


@pytest.fixture(scope="module")
def running(tag: Tag, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with measured(tag, tmp_path_factory.mktemp("state")) as found:
        yield found


@pytest.fixture
def visitor(browser: Browser, internet: Server, running: Running) -> Iterator[Visitor]:
    with visiting(browser, internet, running) as found:
        yield found


def test_without_the_gateway_the_tag_tells_google_and_others_who_the_visitor_is(
    browser: Browser, internet: Server, running: Running, tag: Tag
) -> None:
    internet.requests.clear()
    with browser.new_context(ignore_https_errors=True) as context:
        page = context.new_page()
        for shape in ("direct", "container"):
            page.goto(f"{running.shop.address}/hostile?shape={shape}&src=/js/gtag.js%3Fid={tag.id}")
            page.wait_for_timeout(1500)
        kept = {cookie["name"] for cookie in context.cookies()}
    hits = [seen for seen in internet.requests if "tid=" in seen.query]
    assert {seen.host for seen in hits} > {"sgtm.other.example"}
    assert any("uid=crm-4711" in seen.query for seen in hits) and "_ga" in kept
    if not tag.real:
        assert {seen.host for seen in hits} >= SPOKEN_TO
        assert any("ep.user_data.email=max.muster" in seen.query for seen in hits) and "_gcl_au" in kept


@pytest.mark.parametrize("path", ["/", "/hostile?shape=direct", "/hostile?shape=container&src=/js/gtag.js"])
def test_before_consent_nothing_is_sent_and_nothing_kept(visitor: Visitor, tag: Tag, path: str) -> None:
    own_copy = f"{path}%3Fid={tag.id}" if "src=" in path else path
    page = visitor.open(own_copy)
    page.wait_for_timeout(900)
    assert visitor.hits() == [] and visitor.google.requests == []
    visitor.assert_unharmed(page)


def test_pages_of_one_visit_are_one_session_although_the_browser_keeps_no_id(
    visitor: Visitor, tag: Tag
) -> None:
    visitor.choose("save", "analytics")
    page = visitor.open("/")
    first = visitor.arrives(page, of("page_view")).fields
    assert (first["_ss"], first["_fv"], first["sct"]) == ("1", "1", "1")
    page.goto(f"{visitor.base}/?again")
    page.evaluate("gtag('event', 'sign_up', {method: 'form'})")
    page.goto(f"{visitor.base}/plain")
    later = visitor.arrives(page, of("sign_up")).fields
    assert (later["cid"], later["sid"]) == (first["cid"], first["sid"])
    assert not {"_ss", "_fv", "_nsi"} & later.keys()
    visitor.assert_unharmed(page)


def test_what_the_visitor_does_arrives_by_way_of_the_gateway(visitor: Visitor, tag: Tag) -> None:
    page = visitor.open("/")
    page.locator('[data-privacy=notice] button[value="accept_all"]').click()
    assert visitor.arrives(page, of("page_view", tid=tag.id)).fields["dl"].startswith("http://127.0.0.1")
    page.evaluate(
        """gtag("event", "purchase", {transaction_id: "T-1", value: 19.9, currency: "EUR",
             items: [{item_id: "SKU1", item_name: "Mug", price: 19.9, quantity: 1}]})"""
    )
    page.mouse.wheel(0, 9000)
    page.evaluate("addEventListener('click', (event) => event.preventDefault())")
    page.locator("#out").dispatch_event("click")
    purchase = visitor.arrives(page, of("purchase"))
    assert purchase.fields["pr1"].startswith("idSKU1~nmMug")
    if not tag.real:  # a matter of the property's settings
        visitor.arrives(page, of("scroll"))
        visitor.arrives(page, of("click"))
    page.evaluate("gtag('event', 'sign_up', {method: 'form'})")
    page.goto(f"{visitor.base}/plain")
    visitor.arrives(page, of("sign_up"))
    assert visitor.told(*PERSONAL) == []
    visitor.assert_unharmed(page)


@pytest.mark.parametrize("asked", ["shape=container&l=layer2", "shape=transport", "shape=direct"])
def test_whatever_the_page_says_about_the_visitor_does_not_leave_the_browser(
    visitor: Visitor, tag: Tag, asked: str
) -> None:
    visitor.choose("save", "analytics")
    page = visitor.open(f"/hostile?{asked}")
    page.evaluate(
        "gtag('set', {user_id: 'crm-4711'}); gtag('event', 'login', {method: 'x', user_id: 'crm-4711'})"
    )
    visitor.arrives(page, of("page_view", tid=tag.id))
    visitor.arrives(page, of("login"))
    page.evaluate(f"gtag('get', '{tag.id}', 'client_id', (found) => (window.client = found))")
    client = page.wait_for_function("window.client").json_value()
    assert client and client != "4711.4711"
    assert visitor.told(*PERSONAL, "user_id", "&uid=", "up.crm_id") == []
    assert "em" not in {name for one in events(visitor.google) for name in one.fields}
    views = [one for one in events(visitor.google) if one.name == "page_view"]
    assert len(views) == 1
    visitor.assert_unharmed(page)


def test_a_queue_is_filtered_under_the_name_that_the_page_as_it_came_gives_it(
    visitor: Visitor, tag: Tag
) -> None:
    visitor.choose("save", "analytics")
    page = visitor.open("/named")
    visitor.arrives(page, of("page_view", tid=tag.id))
    assert visitor.told(*PERSONAL, "&uid=", "up.crm_id") == []
    visitor.assert_unharmed(page)


TABS = ("first tab", "second tab")


def test_an_answer_stops_every_tab_that_measures_at_once(visitor: Visitor, tag: Tag) -> None:
    asking, page = visitor.open("/"), visitor.open("/")
    page.locator(f'{NOTICE} button[value="accept_all"]').click()
    expect(page.locator(NOTICE)).to_have_count(0)
    tabs = [page, visitor.open("/")]
    for tab in tabs:
        tab.wait_for_function("window.gtag && 'push' in dataLayer")
        tab.evaluate(f"gtag('event', 'login', {{method: '{TABS[tabs.index(tab)]}'}})")
    for name in TABS:
        visitor.arrives(page, of("login", **{"ep.method": name}))
    asking.locator(f'{NOTICE} button[value="reject_all"]').click()
    for tab in tabs:
        tab.wait_for_function(f"window['ga-disable-{tag.id}'] === true")
    before = len(visitor.hits())
    for tab in tabs:  # code that waits for its event goes on
        tab.evaluate("gtag('event', 'late', {method: 'x', event_callback: () => (window.went = true)})")
        tab.wait_for_function("window.went")
        tab.mouse.wheel(0, 9000)
        tab.reload()
    asking.wait_for_timeout(300)
    assert len(visitor.hits()) == before
    visitor.assert_unharmed(page)


def test_what_is_withdrawn_in_a_page_is_not_sent_when_it_is_left(visitor: Visitor) -> None:
    notice = visitor.open("/plain").locator(NOTICE).evaluate("(notice) => notice.outerHTML")
    visitor.choose("save", "analytics")
    page = visitor.open("/")
    visitor.arrives(page, of("page_view"))
    page.evaluate("(notice) => document.body.insertAdjacentHTML('afterbegin', notice)", notice)  # asked anew
    page.evaluate(
        """() => {
          addEventListener("beforeunload", () => gtag("event", "late", {}));
          navigator.sendBeacon = () => sessionStorage.setItem("sent", "as the page went") || true;
        }"""
    )
    before = len(visitor.hits())
    with page.expect_navigation():
        page.locator(f'{NOTICE} button[value="reject_all"]').click()
    page.wait_for_timeout(300)
    assert len(visitor.hits()) == before and page.evaluate("sessionStorage.sent") is None
    visitor.assert_unharmed(page)


def test_a_tab_stops_when_another_page_shows_that_consent_is_withdrawn(visitor: Visitor, tag: Tag) -> None:
    visitor.choose("save", "analytics")
    page = visitor.open("/")
    visitor.arrives(page, of("page_view"))
    visitor.choose("reject_all")
    visitor.open("/plain")
    page.wait_for_function(f"window['ga-disable-{tag.id}'] === true")
    before = len(visitor.sent)
    page.evaluate("gtag('event', 'late', {method: 'x'})")
    page.wait_for_timeout(400)
    assert len(visitor.sent) == before


def test_a_withdrawal_on_the_page_of_preferences_stops_an_open_tab(visitor: Visitor, tag: Tag) -> None:
    visitor.choose("save", "analytics")
    page = visitor.open("/")
    visitor.arrives(page, of("page_view"))
    preferences = visitor.open("/.privacy/preferences")
    preferences.locator('button[value="reject_all"]').click()
    page.wait_for_function(f"window['ga-disable-{tag.id}'] === true")
    visitor.assert_unharmed(page)


def test_only_with_a_consent_of_its_own_is_the_visitor_named_to_the_tag(visitor: Visitor, tag: Tag) -> None:
    visitor.choose("save", "analytics", "analytics_linking")
    page = visitor.open("/hostile?shape=direct")
    found = visitor.arrives(page, of("page_view"))
    assert (found.fields["uid"], found.fields["up.crm_id"]) == ("crm-4711", "crm-4711")
    assert visitor.told(*PERSONAL[1:]) == []
    visitor.assert_unharmed(page)


def test_a_tag_that_was_told_of_a_tag_gateway_speaks_to_ours(
    browser: Browser, internet: Server, tmp_path: Path
) -> None:
    with measured(BEHIND_A_TAG_GATEWAY, tmp_path) as running, visiting(browser, internet, running) as visitor:
        visitor.choose("save", "analytics")
        page = visitor.open("/hostile?shape=direct")
        visitor.arrives(page, of("page_view", tid=BEHIND_A_TAG_GATEWAY.id))
        page.evaluate("gtag('event', 'login', {})")
        visitor.arrives(page, of("login"))
        assert visitor.told(*PERSONAL, "/metrics/") == []
        visitor.assert_unharmed(page)
