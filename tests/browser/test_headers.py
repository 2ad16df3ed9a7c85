"""Headers in a real browser: what made it contact others does so no more, and policies keep their meaning."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiohttp import web
from playwright.sync_api import Browser, Page, expect

from consent_gateway.database import in_folder
from consent_gateway.report_counts import ReportCounts
from tests.browser.conftest import BROWSER_ITSELF
from tests.loopback import Server, gateway, serving

pytestmark = pytest.mark.browser

TRACKER = "https://px.owneriq.net"  # among the known hosts
UNLISTED = "https://cdn.unlisted.example"
HOLD = '[third_parties]\nunlisted = "hold"\n'
GO = f"/go?{TRACKER}/x"
RULES = '{"prefetch":[{"source":"list","urls":["%s/page"],"eagerness":"immediate"}]}' % TRACKER  # noqa: UP031

# What each of these makes Chromium 156 fetch: header, value, body of the page.
FETCHING = {
    "preload": ("Link", f"<{TRACKER}/x.js>; rel=preload; as=script", ""),
    "prefetch": ("Link", f"</own.css>; rel=prefetch, <{TRACKER}/x>; rel=prefetch", ""),
    "module": ("Link", f"<{TRACKER}/x.js>;rel=modulepreload", ""),
    "picture": ("Link", f'</a.png>; rel=preload; as=image; imagesrcset="{TRACKER}/a.png 1x"', ""),
    "dictionary": ("Link", f"<{TRACKER}/d>; rel=compression-dictionary", ""),
    "refresh": ("Refresh", f"0; url={TRACKER}/next", ""),
    "rules-elsewhere": ("Speculation-Rules", f'"{TRACKER}/rules.json"', ""),
    "rules-here": ("Speculation-Rules", '"/rules.json"', ""),
    "report": ("Content-Security-Policy-Report-Only", f"img-src 'none'; report-uri {TRACKER}/r", "<img src=/a.png>"),
    "image": ("X-Own", "1", f"<img src='{GO}'>"),
    "script": ("X-Own", "1", f"<script src='{GO}'></script>"),
    "frame": ("X-Own", "1", f"<iframe src='{GO}'></iframe>"),
    "style": ("X-Own", "1", f"<link rel=stylesheet href='{GO}'>"),
    "fetch": ("X-Own", "1", f"<script>fetch('{GO}', {{mode: 'no-cors'}}).catch(() => 0)</script>"),
}  # fmt: skip

OWN_CODE = "document.documentElement.dataset.own = 'ran'"
DIGEST = base64.b64encode(hashlib.sha256(OWN_CODE.encode()).digest()).decode()
# The policy of the site, and whether its own code (with its nonce) and so the guard can run.
STRICT = {
    "self": ("default-src 'self'; script-src 'self' 'nonce-n1'", True),
    "nonce": ("script-src 'nonce-n1' 'strict-dynamic'; object-src 'none'; base-uri 'none'", True),
    "trusted-types": ("script-src 'nonce-n1' 'strict-dynamic'; require-trusted-types-for 'script'", True),
    "nothing-else": ("default-src 'none'; script-src 'nonce-n1'", True),
    "digest": (f"script-src 'sha256-{DIGEST}' 'strict-dynamic'; style-src 'nonce-n2'", True),
    "elsewhere": (f"default-src https://cdn.example.net; script-src https://cdn.example.net 'sha256-{DIGEST}'; form-action https://pay.example", True),
    "two": ("script-src 'nonce-n1', default-src 'none'; script-src 'nonce-n1' 'self'; form-action 'none'", True),
    "no-script": ("default-src 'none'", False),
    "sandbox": ("sandbox allow-forms", False),
}  # fmt: skip


ISOLATED = {"Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Opener-Policy": "same-origin"}


async def site(request: web.Request) -> web.StreamResponse:
    name = request.path.strip("/")
    if name == "go":
        return web.Response(status=302, headers={"Location": request.query_string})
    if name == "rules.json":
        return web.Response(text=RULES, content_type="application/speculationrules+json")
    if name in FETCHING:
        header, value, body = FETCHING[name]
        return web.Response(
            text=f"<!doctype html><p>{body}", content_type="text/html", headers={header: value}
        )
    if name in STRICT:
        code = f"<script nonce=n1>{OWN_CODE}</script>" if STRICT[name][1] else ""
        fields = {"Content-Security-Policy": STRICT[name][0]}
        return web.Response(
            text=f"<!doctype html><title>x</title>{code}<p>text", content_type="text/html", headers=fields
        )
    if name == "unlisted":
        return web.Response(
            text=f"<!doctype html><img src='{UNLISTED}/a.png?who=jane'>", content_type="text/html"
        )
    if name in ("plug-in", "isolated"):
        frame = '<iframe src="https://www.youtube.com/embed/abcdefghijk" width="560" height="315"></iframe>'
        fields = ISOLATED if name == "isolated" else {}
        return web.Response(text=f"<!doctype html><body>{frame}", content_type="text/html", headers=fields)
    return web.Response(status=204)


@pytest.fixture(scope="module")
def origin() -> Iterator[Server]:
    with serving(site) as server:
        yield server


@contextmanager
def opened(browser: Browser, address: str) -> Iterator[tuple[Page, list[str]]]:
    """A page in a browser, and the errors in its console."""
    context = browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address, wait_until="load")
    page.wait_for_timeout(500)
    yield page, errors
    context.close()


def contacted(internet: Server) -> set[str]:
    return {seen.host.partition(":")[0] for seen in internet.requests} - BROWSER_ITSELF


@pytest.fixture(scope="module")
def loading(origin: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with gateway(origin, tmp_path_factory.mktemp("loading") / "state") as address:
        yield address


@pytest.mark.parametrize("name", FETCHING)
def test_what_a_header_or_redirect_made_the_browser_fetch_is_fetched_no_more(
    browser: Browser, internet: Server, origin: Server, loading: str, name: str
) -> None:
    found = []
    for base in (origin.address, loading):
        internet.requests.clear()
        with opened(browser, f"{base}/{name}"):
            found.append(contacted(internet))
    assert found == [{TRACKER.removeprefix("https://")}, set()]


@pytest.mark.parametrize("name", STRICT)
def test_under_a_strict_policy_the_page_and_our_notice_work_without_an_error(
    browser: Browser, loading: str, name: str
) -> None:
    with opened(browser, f"{loading}/{name}") as (page, errors):
        assert errors == []
        runs = STRICT[name][1]
        if runs:
            assert page.evaluate("document.documentElement.dataset.own") == "ran"
            assert page.evaluate("'guard' === document.querySelector('script').dataset.privacy")
            held = f"Object.assign(document.createElement('img'), {{src: '{TRACKER}/x.gif'}}).src"
            assert page.evaluate(held) == ""
        notice = page.locator('[data-privacy="notice"]')
        assert page.evaluate("document.styleSheets.length") >= 2
        assert (
            notice.evaluate(
                "element => getComputedStyle(element).borderTopStyle + getComputedStyle(element).padding"
            )
            != "none0px"
        )
        if name == "sandbox":
            return  # a form of a page without an origin comes from another website
        page.get_by_role("button", name="Reject all").click()
        expect(notice).to_have_count(0)
        assert page.url == f"{loading}/{name}"


def counted(state: Path) -> list[tuple[str, str, str]]:
    counts = ReportCounts.to_read(in_folder(state))
    found = [(total.host, total.owner, total.directive) for total in counts.totals()]
    counts.close()
    return found


IMPORT = f"import('{UNLISTED}/x.js?who=jane').then(() => 0, () => 0)"  # no script can keep it from fetching


@pytest.mark.parametrize(("site_file", "loads"), [("", True), (HOLD, False)])
def test_an_unlisted_host_is_reported_whether_it_loads_or_not(
    browser: Browser, internet: Server, origin: Server, tmp_path: Path, site_file: str, loads: bool
) -> None:
    internet.requests.clear()
    with (
        gateway(origin, tmp_path / "state", site=site_file) as base,
        opened(browser, f"{base}/unlisted") as (page, errors),
    ):
        assert errors == [] or not loads
        page.evaluate(IMPORT)
        page.wait_for_timeout(500)
    reported = {("cdn.unlisted.example", "unlisted", where) for where in ("script-src-elem", "img-src")}
    assert contacted(internet) == ({"cdn.unlisted.example"} if loads else set())
    assert set(counted(tmp_path / "state")) == reported


AT_RUN_TIME = """() => {
  for (let turn = 0; turn < 3; turn++) fetch("https://api.unlisted.example/x?who=jane").catch(() => 0);
  new Image().src = "https://pictures.unlisted.example/a.png";
  const page = document.body;
  page.innerHTML += '<a href="https://linked.example/">x</a><iframe src="https://frames.unlisted.example/"></iframe>';
  new Image().src = "https://px.owneriq.net/a";
  new Image().src = "https://www.linkedin.com/a.png";
}"""


def test_under_hold_the_operator_hears_once_per_page_of_unknown_hosts_that_scripts_asked_for(
    browser: Browser, internet: Server, origin: Server, tmp_path: Path
) -> None:
    internet.requests.clear()
    with (
        gateway(origin, tmp_path / "state", site=HOLD) as base,
        opened(browser, f"{base}/plug-in") as (page, errors),
    ):
        posted: list[str] = []
        page.on("request", lambda request: posted.append(request.url))
        page.evaluate(AT_RUN_TIME)
        page.wait_for_timeout(1300)
        assert posted == [f"{base}/.privacy/reports"]
        page.evaluate("fetch('https://late.unlisted.example/').catch(() => 0)")
        page.goto("about:blank")
        page.wait_for_timeout(300)
    assert contacted(internet) == set() and errors == []
    counts = ReportCounts.to_read(in_folder(tmp_path / "state"))
    found = {total.host: (total.directive, total.owner, total.number) for total in counts.totals()}
    counts.close()
    assert found == {
        "api.unlisted.example": ("connect-src", "unlisted", 1),
        "pictures.unlisted.example": ("img-src", "unlisted", 1),
        "frames.unlisted.example": ("frame-src", "unlisted", 1),
        "late.unlisted.example": ("connect-src", "unlisted", 1),
    }


OWN_HOSTS = ["cdn.shop.example:9377", "a.shop.example", "static", "img.static.example:8443"]
FROM_OWN_HOSTS = """(hosts) => Promise.all(hosts.flatMap((host) => [
  new Promise((done) => { new Image().src = `https://${host}/a.png`; setTimeout(done, 300); }),
  fetch(`https://${host}/b`, { mode: "no-cors" }).catch(() => 0),
  new Promise((done) => { new WebSocket(`wss://${host}/c`).onerror = done; }),
]))"""


def test_a_host_of_the_sites_own_loads_from_every_port_of_one_word_or_more_and_in_every_way(
    browser: Browser, internet: Server, origin: Server, tmp_path: Path
) -> None:
    internet.requests.clear()
    own = 'first_party = ["*.shop.example", "static", "img.static.example"]\n'
    with (
        gateway(origin, tmp_path / "state", site=f"{HOLD}{own}") as base,
        opened(browser, f"{base}/plug-in") as (page, _),
    ):
        page.evaluate(FROM_OWN_HOSTS, OWN_HOSTS)
    wanted = {(host.partition(":")[0], path) for host in OWN_HOSTS for path in ("/a.png", "/b", "/c")}
    assert {(seen.host.partition(":")[0], seen.path) for seen in internet.requests} >= wanted
    assert counted(tmp_path / "state") == []


def test_a_plug_in_that_was_clicked_is_no_error_and_not_reported(
    browser: Browser, internet: Server, origin: Server, tmp_path: Path
) -> None:
    internet.requests.clear()
    with (
        gateway(origin, tmp_path / "state") as base,
        opened(browser, f"{base}/plug-in") as (page, errors),
    ):
        page.locator('[data-privacy="activate"]').first.click()
        page.wait_for_timeout(800)
        assert errors == []
    assert "www.youtube.com" in contacted(internet)
    assert counted(tmp_path / "state") == []


def test_in_a_page_that_embeds_nobody_unasked_a_placeholder_works_and_its_link_leads_to_the_film(
    browser: Browser, internet: Server, loading: str
) -> None:
    """HTTP-17: whether the provider's frame then loads is between its fields and the browser; the policy stays."""
    internet.requests.clear()
    with opened(browser, f"{loading}/isolated") as (page, errors):
        placeholder, frame = page.locator('[data-privacy="placeholder"]'), page.locator("body > iframe")
        expect(placeholder).to_be_visible()
        assert page.evaluate("window.crossOriginIsolated") is True
        style = "element => getComputedStyle(element.querySelector('[data-part=box]')).padding"
        assert placeholder.evaluate(style) != "0px"
        assert errors == [] and contacted(internet) == set()

        placeholder.locator("input[name=remember]").check()
        placeholder.locator('[data-privacy="activate"]').click()
        expect(frame).to_be_visible()
        expect(placeholder).to_have_count(0)
        page.get_by_role("group", name="YouTube is loaded.").get_by_role("button").click()
        expect(placeholder).to_be_visible()
        expect(frame).to_have_count(0)

        film = "https://www.youtube.com/watch?v=abcdefghijk"
        with page.expect_request(lambda one: one.url == film and one.is_navigation_request()):
            placeholder.get_by_role("link").click()
