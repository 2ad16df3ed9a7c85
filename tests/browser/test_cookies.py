"""What page scripts of the site itself write, in a real browser: cookies and other storage."""

from __future__ import annotations

import time
from itertools import count, product
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from playwright.sync_api import Playwright

from consent_gateway.cookie_fields import expired
from consent_gateway.cookie_rules import Verdict
from consent_gateway.database import in_folder
from consent_gateway.messages import Headers, Request
from consent_gateway.report_counts import ReportCounts
from tests import chromium
from tests.browser.conftest import OpenSite, Visit
from tests.loopback import serving, tls_for_anyone

pytestmark = pytest.mark.browser

SITE = """
[services.meta-pixel]
[services.hotjar]
[services.youtube]
[cookies.ab]
purpose = "analytics"
reason = "remembers which variant was shown"
[cookies.sid]
purpose = "necessary"
reason = "keeps the visitor logged in"
"""
WRITE = """async ([names, keys]) => {
  for (const name of names) {
    document.cookie = `${name}=1; path=/`;
    document.cookie = `=${name}=2`;
    const frame = document.body.appendChild(document.createElement("iframe"));
    frame.contentDocument.cookie = `${name}=3; max-age=100`;
  }
  for (const name of names) {
    if (!window.cookieStore) break;
    await cookieStore.set(name, "4");
    await cookieStore.set({name, value: "5"});
  }
  for (const key of keys) localStorage.setItem(key, "1"), sessionStorage.setItem(key, "1");
}"""
NAMES = ["_fbp", "ab", "sid", "other", "_ga"]
KEYS = ["hjActiveViewportIds", "lastExternalReferrerTime", "cart", "gc_other"]
HELD = ["hjActiveViewportIds", "lastExternalReferrerTime"]


def cookies(site: Visit) -> set[str]:
    return {str(cookie.get("name")) for cookie in site.context.cookies()} - {"privacy"}


def keys(site: Visit) -> list[Any]:
    found = site.page.evaluate("[localStorage, sessionStorage].map((kept) => Object.keys(kept).sort())")
    assert isinstance(found, list)
    return found


def choose(site: Visit, decision: str, *purposes: str) -> None:
    site.open("/.privacy/preferences")
    for box in site.page.locator("input[name=purpose]").all():
        box.set_checked(box.get_attribute("value") in purposes)
    site.page.locator(f'button[value="{decision}"]').click()
    site.settle()


def test_a_script_keeps_what_is_held_neither_before_a_grant_nor_after_a_withdrawal(visit: OpenSite) -> None:
    """CON-09, ANA-11"""
    site = visit(SITE)
    site.open()
    site.page.evaluate(WRITE, [NAMES, KEYS])
    assert cookies(site) == {"sid", "other"}
    assert keys(site) == [["cart", "gc_other"]] * 2
    choose(site, "save", "marketing")
    site.open()
    site.page.evaluate(WRITE, [NAMES, KEYS])
    assert cookies(site) == {"sid", "other", "_fbp"}
    assert keys(site) == [sorted(KEYS)] * 2
    choose(site, "save", "marketing", "analytics")
    site.open()
    site.page.evaluate(WRITE, [NAMES, KEYS])
    assert cookies(site) == {"sid", "other", "_fbp", "ab"}
    choose(site, "reject_all")
    assert cookies(site) == {"sid", "other"}  # before the next page
    site.open()
    assert keys(site) == [["cart", "gc_other"]] * 2
    site.page.evaluate(WRITE, [NAMES, KEYS])
    assert cookies(site) == {"sid", "other"}
    assert site.console == []


def test_an_answer_to_the_notice_lets_them_be_kept_in_the_page_that_is_open(visit: OpenSite) -> None:
    site = visit(SITE)
    site.open()
    site.page.locator('[data-privacy=notice] button[value="accept_all"]').click()
    site.page.locator("[data-privacy=notice]").wait_for(state="detached")
    site.page.evaluate(WRITE, [NAMES, KEYS])
    assert cookies(site) == {"sid", "other", "_fbp", "ab"}


def test_what_googles_tag_keeps_for_advertising_follows_that_service_as_on_the_server(
    visit: OpenSite,
) -> None:
    """ANA-11"""
    names, stored = ["_gcl_au", "FPAU", "_ga"], ["_gcl_ls", "_gcl_x", "_ga", "_gid"]
    for services, granted in (("[services.youtube]", False), ("[services.google-ads]", True)):
        site = visit(services)
        choose(site, "accept_all")
        site.open()
        site.page.evaluate(WRITE, [names, stored])
        assert cookies(site) - {"other"} == ({"_gcl_au", "FPAU"} if granted else set()), services
        assert keys(site) == [["_gcl_ls", "_gcl_x"] if granted else []] * 2
        choose(site, "reject_all")
        site.open()
        assert cookies(site) == set() and keys(site) == [[], []]


def test_what_is_withdrawn_is_not_kept_in_another_tab_either(visit: OpenSite) -> None:
    """CON-08"""
    site = visit(SITE)
    choose(site, "accept_all")
    site.open()
    other = site.context.new_page()
    other.goto(f"{site.base}/.privacy/preferences")
    other.locator('button[value="reject_all"]').click()
    other.wait_for_timeout(400)
    site.page.evaluate(WRITE, [NAMES, KEYS])
    assert cookies(site) == {"sid", "other"}


LIKE_PROPERTIES = "(names) => { for (const name of names) localStorage[name] = sessionStorage[name] = '1' }"
STORED = "Object.keys(localStorage).sort().join(' ')"


def test_what_is_stored_like_a_property_goes_when_its_page_does(visit: OpenSite) -> None:
    """CON-09"""
    site = visit(SITE)
    site.open()
    other = site.context.new_page()
    other.goto(site.base)
    site.page.evaluate(LIKE_PROPERTIES, KEYS)
    assert keys(site) == [sorted(KEYS)] * 2
    site.page.goto("about:blank")
    other.wait_for_function(f"{STORED} === 'cart gc_other'")


def test_what_was_stored_goes_from_an_open_tab_when_it_is_withdrawn_in_another(visit: OpenSite) -> None:
    """CON-08"""
    site = visit(SITE)
    choose(site, "accept_all")
    site.open()
    site.page.evaluate(LIKE_PROPERTIES, KEYS)
    other = site.context.new_page()
    other.goto(site.base)
    assert keys(site) == [sorted(KEYS)] * 2
    other.goto(f"{site.base}/.privacy/preferences")
    other.locator('button[value="reject_all"]').click()
    site.page.wait_for_function(f"{STORED} === 'cart gc_other'")
    assert keys(site) == [["cart", "gc_other"]] * 2


GONE = "Thu, 01 Jan 1970 00:00:00 GMT"
FAR = "Fri, 31 Dec 2100 00:00:00 GMT"


LOOKS_LIKE_DELETING = [
    "max-age=",
    "max-age=0x0",
    "max-age=-0.5",
    "max-age=0; max-age=9999",
    f"max-age=0; expires={FAR}; max-age=9999",
    f"expires={GONE}; expires={FAR}",
    f"expires={GONE}; expires=x",
    "expires=2025",
    "max-age=9999\r; max-age=0",
    "max-age=9999\x01; max-age=0",
    "a" + "; a" * 40 + "; max-age=0",
    "max-age=0;" + "a" * 2000,
]
DELETES = ["max-age=0", "Max-Age=-1; path=/", f"path=/; expires={GONE}", f"expires={FAR}; MAX-AGE = 0"]


def test_no_word_that_only_looks_like_deleting_keeps_what_is_held(visit: OpenSite) -> None:
    """CON-09"""
    site = visit(f'[third_parties]\nunlisted = "hold"\n{SITE}')
    site.open()
    kept = {}
    for attributes in LOOKS_LIKE_DELETING:
        site.page.evaluate(
            "(text) => { for (const name of ['_fbp', 'other', 'sid']) document.cookie = name + text }",
            f"=1; {attributes}",
        )
        kept[attributes] = cookies(site) - {"sid"}
        site.context.clear_cookies()
    assert kept == {attributes: set() for attributes in LOOKS_LIKE_DELETING}


def test_what_an_earlier_visit_left_can_still_be_deleted_and_that_is_nothing_to_report(
    visit: OpenSite,
) -> None:
    site = visit(f'[third_parties]\nunlisted = "hold"\n{SITE}')
    posted: list[str] = []
    site.context.on("request", lambda request: posted.append(request.url))
    site.open()
    for attributes in DELETES:
        for name in ("other", "_fbp", "sid"):
            site.context.add_cookies([{"name": name, "value": "1", "url": site.base}])
            site.page.evaluate("(text) => (document.cookie = text)", f"{name}=; {attributes}")
        assert cookies(site) == set(), attributes
    site.page.wait_for_timeout(1300)
    assert [address for address in posted if address.endswith("/reports")] == []


def test_a_browser_forgets_wherever_it_was_put(visit: OpenSite) -> None:
    """CON-09"""
    site = visit(SITE)
    host = urlsplit(site.base).hostname
    for path in ("/", "/deep", "/deep/", "/deep/er", "/deep/er/"):
        site.context.add_cookies([{"name": "_fbp", "value": "1", "domain": str(host), "path": path}])
    site.open("/deep/er/page.html")
    assert cookies(site) == set()


def test_every_kind_of_cookie_there_is_is_forgotten_over_https(playwright: Playwright) -> None:
    """CON-09"""
    put = [
        f"_hj{number}=1; Max-Age=1000; Path={path}{domain}{kind}"
        for number, (path, domain, kind) in enumerate(
            product(
                ("/", "/a", "/a/"),
                ("", "; Domain=www.shop.example", "; Domain=.shop.example"),
                ("", "; Secure; HttpOnly", "; Secure; Partitioned"),
            )
        )
    ]
    put += ["__Host-hj=1; Path=/; Secure", "__Secure-hj=1; Path=/a; Secure; Domain=shop.example"]

    turns = count()

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.Response(text="<!doctype html><title>x</title>", content_type="text/html")
        if request.path == "/favicon.ico":
            return response
        headers = Headers((("Cookie", request.headers.get("Cookie", "")),))
        asked = Request(
            method="GET", scheme="https", host=request.host, target=request.path_qs, headers=headers
        )
        fields = expired(asked, lambda _: Verdict.HOLD, turn=next(turns))
        for value in put if request.query_string == "put" else [value for _, value in fields]:
            response.headers.add("Set-Cookie", value)
        return response

    with serving(answer, tls_for_anyone()) as server:
        rules = f"MAP * 127.0.0.1:{server.port}"
        with chromium.launched(
            playwright, "--ignore-certificate-errors", f"--host-resolver-rules={rules}"
        ) as browser:
            context = browser.new_context(ignore_https_errors=True)
            page = context.new_page()
            page.goto("https://www.shop.example/a/b?put")
            assert len(context.cookies()) == len(put)
            for _ in range(40):
                page.goto("https://www.shop.example/a/b")
            assert context.cookies() == []
            context.close()


def told(site: Visit, kind: str, wanted: set[str]) -> set[str]:
    found: set[str] = set()
    for _ in range(40):
        time.sleep(0.25)
        counts = ReportCounts.to_read(in_folder(site.state))
        found = {total.host for total in counts.totals() if total.directive == kind}
        counts.close()
        if found == wanted:
            break
    return found


DECLARED_STORAGE = """
[cookies.cart]
purpose = "necessary"
reason = "cart"
[cookies."wish:*"]
purpose = "functional"
reason = "remembers what was marked"
"""
ITEMS = ["cart", "wish:list", "theirs", "visitor-1234567", "hjActiveViewportIds"]


def test_under_hold_storage_that_nobody_has_declared_is_held_and_told_as_cookies_are(visit: OpenSite) -> None:
    """CON-09"""
    site = visit(f'[third_parties]\nunlisted = "hold"\n{SITE}{DECLARED_STORAGE}')
    site.open()
    site.page.evaluate(WRITE, [[], ITEMS])
    assert keys(site) == [["cart"]] * 2
    assert told(site, "storage", {"theirs", "visitor-*"}) == {"theirs", "visitor-*"}
    choose(site, "save", "functional")
    site.open()
    site.page.evaluate(WRITE, [[], ITEMS])
    assert keys(site) == [["cart", "wish:list"]] * 2
    choose(site, "reject_all")
    site.open()
    assert keys(site) == [["cart"]] * 2
    assert site.console == []


def test_what_was_there_before_stays_and_what_comes_like_a_property_is_told_and_goes_with_its_page(
    visit: OpenSite,
) -> None:
    """CON-09"""
    site = visit(f'[third_parties]\nunlisted = "hold"\n{SITE}{DECLARED_STORAGE}')
    site.page.goto(f"{site.base}/.privacy/policy")  # without the guard script, as before the gateway
    site.page.evaluate("localStorage.earlier = sessionStorage.earlier = '1'")
    site.open()
    site.page.evaluate(LIKE_PROPERTIES, ["cart", "theirs"])
    assert keys(site) == [["cart", "earlier", "theirs"]] * 2
    site.open()
    assert keys(site) == [["cart", "earlier"]] * 2
    assert told(site, "storage", {"theirs"}) == {"theirs"}


def test_under_hold_the_operator_hears_of_what_scripts_wanted_to_keep_whenever_that_was(
    visit: OpenSite,
) -> None:
    site = visit(f'[third_parties]\nunlisted = "hold"\n{SITE}')
    site.open()
    site.page.evaluate(WRITE, [NAMES, KEYS])
    assert cookies(site) == {"sid"}
    site.page.wait_for_timeout(1500)
    site.page.evaluate(WRITE, [["other", "later", *(f"many{number}" for number in range(60))], []])
    wanted = {"other", "later", *(f"many{number}" for number in range(60))}
    found: set[str] = set()
    for _ in range(40):
        time.sleep(0.25)
        counts = ReportCounts.to_read(in_folder(site.state))
        found = {total.host for total in counts.totals() if total.directive == "cookie"}
        counts.close()
        if found == wanted:
            break
    assert found == wanted
    assert site.console == []
