"""What the page's own code makes at run time is held as well, and the page's code does not break."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, expect

from consent_gateway.catalogue import Catalogue
from consent_gateway.recognition import Recogniser
from consent_gateway.site import Site
from consent_gateway.urls import resolve
from tests.browser.conftest import OpenSite
from tests.foreign_addresses import HARMLESS, of_hosts, of_software
from tests.loopback import Server

pytestmark = pytest.mark.browser


def ways_of(sent: list[str]) -> set[str]:
    return {query.partition("way=")[2] for query in sent if "way=" in query}


def test_every_way_of_the_page_reaches_the_tracker_where_nothing_stands_before_it(
    browser: Browser, internet: Server, origin: Server
) -> None:
    internet.requests.clear()
    with browser.new_context(ignore_https_errors=True) as context:
        page = context.new_page()
        page.goto(f"{origin.address}/runtime.html", wait_until="load")
        page.wait_for_timeout(400)
        ways = page.locator("body").get_attribute("data-ways") or ""
    assert ways_of([seen.query for seen in internet.requests]) == set(ways.split())


@pytest.mark.parametrize("unlisted", ["load", "hold"])
def test_before_consent_no_way_of_making_a_request_at_run_time_reaches_it(
    visit: OpenSite, unlisted: str
) -> None:
    site = visit(f'[third_parties]\nunlisted = "{unlisted}"')
    site.open("/runtime.html")
    assert len((site.page.locator("body").get_attribute("data-ways") or "").split()) > 15
    assert site.third_parties() == set()
    assert site.console == []


def test_the_guard_script_knows_the_same_third_parties_as_the_gateway(
    visit: OpenSite, catalogue: Catalogue
) -> None:
    site = visit('[third_parties]\nunlisted = "load"')
    site.open("/plain.html")
    here = Recogniser(Site(), catalogue, ("127.0.0.1",))
    urls = [*HARMLESS, *of_hosts(catalogue), *of_software(catalogue)]
    urls += [
        f"https://{host}/" for host in ("www.linkedin.com", "www.example.org", "linkedin.com.example.org")
    ]
    held = site.page.evaluate(
        """(urls) => urls.filter((url) => {
          const link = document.createElement("link"); // fetches nothing outside the page
          link.href = url;
          return link.hasAttribute("data-privacy-href");
        })""",
        urls,
    )
    assert held == [url for url in urls if _owned(here, url)]
    assert len(held) > 6000


def _owned(recogniser: Recogniser, url: str) -> bool:
    address = resolve(url, "http://127.0.0.1/")
    return address is not None and recogniser.owner(address, "127.0.0.1") is not None


def test_the_guard_script_finds_elements_by_every_selector_of_the_catalogue(
    visit: OpenSite, catalogue: Catalogue
) -> None:
    mounts = json.loads(Recogniser(Site(), catalogue, ()).for_guard())["mounts"]
    selectors = [selector for kinds in mounts.values() for _, selector in kinds]
    site = visit()
    site.open("/plain.html")
    found = site.page.evaluate("(all) => all.map((one) => document.querySelectorAll(one).length)", selectors)
    assert found == [0] * len(selectors) and len(found) > 100


def test_a_server_that_would_learn_the_visitors_address_is_not_asked(visit: OpenSite) -> None:
    site = visit('[third_parties]\nunlisted = "load"')
    site.open("/plain.html")
    asked = site.page.evaluate(
        """() => {
          const own = "turn:" + location.hostname + ":3478";
          const peer = new RTCPeerConnection({iceServers: [
            {urls: ["stun:px.ads.linkedin.com:3478", own], username: "u", credential: "c"}, {urls: "stun:bat.bing.com"},
          ]});
          const made = peer.getConfiguration().iceServers.flatMap((server) => server.urls);
          peer.setConfiguration({iceServers: [{urls: "stuns:px.ads.linkedin.com"}]});
          return [made, peer.getConfiguration().iceServers];
        }"""
    )
    assert asked == [["turn:127.0.0.1:3478"], []]


def test_what_the_page_finds_in_the_browser_looks_as_it_did(visit: OpenSite) -> None:
    site = visit('[third_parties]\nunlisted = "load"')
    site.open("/plain.html")
    strange = site.page.evaluate(
        """() => {
          const fresh = Object.assign(document.createElement("iframe"), {sandbox: "allow-same-origin"});
          const strange = [];
          const look = (name, found) => {
            if (!/\\[native code\\]/.test(String(found))) strange.push(name);
          };
          const { get, set } = Object.getOwnPropertyDescriptor(Element.prototype, "innerHTML");
          look("innerHTML", get), look("innerHTML=", set);
          look("style", Object.getOwnPropertyDescriptor(HTMLElement.prototype, "style").get);
          for (const name of ["fetch", "Worker", "WebSocket", "FontFace", "open"]) look(name, window[name]);
          for (const name of ["setAttribute", "append", "insertAdjacentHTML"]) look(name, Element.prototype[name]);
          if (fetch.name !== "fetch" || fetch.length !== 1) strange.push("fetch's name");
          if (Element.prototype.setAttribute.length !== 2) strange.push("setAttribute's length");
          if (!(document.body.style instanceof CSSStyleDeclaration)) strange.push("style's class");
          if (document.body.style !== document.body.style) strange.push("style is another each time");
          if (Object.keys(window).some((name) => /privacy|guard/i.test(name))) strange.push("a name of ours");
          return strange;
        }"""
    )
    assert strange == []


def test_a_page_that_puts_its_own_before_the_same_functions_goes_on(visit: OpenSite) -> None:
    site = visit('[third_parties]\nunlisted = "load"')
    site.open("/patched.html")
    assert site.page.locator("#log").inner_text() == (
        "setAttribute insertBefore innerHTML fetch XMLHttpRequest open Image src style"
    )
    assert site.third_parties() == set() and site.console == []


def test_a_page_that_takes_no_text_for_markup_works_and_is_held(visit: OpenSite) -> None:
    """HTTP-05"""
    site = visit('[third_parties]\nunlisted = "load"')
    site.open("/types.html")
    body = site.page.locator("body")
    expect(body).to_have_attribute("data-said", "kept,kept,TypeError")
    expect(body).to_have_attribute("data-worker", "ran")
    expect(body).to_have_attribute("data-frame", "ran")
    assert site.third_parties() == set()
    faults = [text for text in site.console if "requires 'TrustedHTML'" not in text]
    assert faults == []  # but for the page's own attempt


def test_a_visitor_whose_click_loads_the_page_anew_stays_where_they_were(visit: OpenSite) -> None:
    site = visit('[third_parties]\nunlisted = "hold"\n[services.zoom]')
    site.page.set_viewport_size({"width": 800, "height": 400})
    site.open()
    button = site.page.locator("#webinar [data-privacy=activate]")
    button.scroll_into_view_if_needed()
    before = site.page.evaluate("scrollY")
    assert before > 400
    button.click()
    expect(site.page.locator("#webinar iframe")).to_have_count(1)
    assert abs(site.page.evaluate("scrollY") - before) < 40
    assert site.page.evaluate("sessionStorage.length") == 0


def test_a_page_in_xml_is_asked_in_and_its_plug_in_loads_in_place(visit: OpenSite) -> None:
    site = visit('[third_parties]\nunlisted = "load"\n[services.youtube]')
    site.open("/strict.xhtml")
    expect(site.page.locator("[data-privacy=notice]")).to_be_visible()
    expect(site.page.locator("#last")).to_be_visible()
    expect(site.page.locator("[data-privacy=settings]")).to_be_visible()
    assert site.third_parties() == set()
    site.page.locator("#film [data-privacy=activate]").click()
    expect(site.page.locator("#film iframe")).to_have_count(1)
    site.settle()
    assert site.third_parties() == {"www.youtube.com"}
    assert site.console == []
