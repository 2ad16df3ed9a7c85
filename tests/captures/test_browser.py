"""Chromium as a source of exchanges: all that a page asks for, by whatever means, and nothing that never left."""

from __future__ import annotations

import builtins
import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import web

from consent_gateway.captures import browser
from consent_gateway.captures.browser import Chromium, Guise, NoBrowser, address_key, opened
from consent_gateway.captures.exchange import Exchange
from consent_gateway.captures.tab import Click, Waiting
from consent_gateway.captures.visited import ScriptCookie, StoredItem, Visited
from tests import chromium
from tests.loopback import Server, serving, showing

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><title>x</title><link rel=stylesheet href=/style.css><link rel=prefetch href=http://prefetch.test/>
<script src="http://script.test/a.js"></script><img src="http://image.test/a.gif"><iframe src="http://frame.test/f"></iframe>
<video src="http://video.test/v.mp4"></video><a href="/next#part">1</a><a href="/file" download>2</a><a href="/no" rel=nofollow>3</a>
<script>
  fetch("http://fetch.test/", {mode: "no-cors"}); navigator.sendBeacon("http://beacon.test/", "said");
  new WebSocket("ws://socket.test/"); new Worker("/worker.js"); new Image().src = "http://forbidden.test/";
  document.cookie = "script=1"; navigator.serviceWorker?.register("/service.js").catch(() => 0);
  addEventListener("pagehide", () => navigator.sendBeacon("http://leaving.test/"));
  addEventListener("scroll", () => fetch("http://scroll.test/", {mode: "no-cors"}), {once: true});
</script><div style="height: 4000px"></div><iframe loading=lazy src="http://lazy.test/"></iframe>"""
POLICY = "img-src 'self' http://image.test http://background.test"
FILES = {
    "/": PAGE,
    "/style.css": "@import 'http://import.test/x.css'; body {background: url(http://background.test/b.png)}",
    "/worker.js": "fetch('http://worker.test/', {mode: 'no-cors'})",
    "/service.js": "fetch('http://service.test/', {mode: 'no-cors'})",
    "/alert": "<!doctype html><script>alert(1); addEventListener('beforeunload', (e) => e.preventDefault())</script>",
    "/busy": "<!doctype html><script>setInterval(() => fetch('/busy.json'), 20)</script>",
    "/frozen": "<!doctype html><p>x<script>setTimeout(() => { for (;;); }, 50)</script>",
    "/liar": "<!doctype html><a href=/x>x</a><script>Array.from = () => ['javascript:1', 5, {}]</script>",
    "/gone-by-script": "<!doctype html><script>location = 'http://away.test/page'</script>",
    "/ask": "<!doctype html><a id=first href='/asked'>1</a><img src=http://before.test/>",
    "/asked": "<!doctype html><button onclick=\"fetch('http://clicked.test/', {mode: 'no-cors'})\">x</button>",
    "/popup": "<!doctype html><script>open('http://popup.test/')</script>",
}
KINDS = {".css": "text/css", ".js": "text/javascript"}


@dataclass(frozen=True)
class Internet:
    site: Server
    others: Server

    @property
    def led_to(self) -> Mapping[str, str]:
        return {"*.test": f"127.0.0.1:{self.others.port}"}

    def contacted(self) -> set[str]:
        return {host.partition(":")[0].removesuffix(".test") for host in self.others.hosts()}


@contextmanager
def internet() -> Iterator[Internet]:
    async def site(request: web.Request) -> web.StreamResponse:
        if request.path == "/moved":
            raise web.HTTPFound("/")
        text = FILES.get(request.path)
        if text is None:
            return web.Response(status=404, text="gone", content_type="text/html")
        kind = next((kind for end, kind in KINDS.items() if request.path.endswith(end)), "text/html")
        policy = {"Content-Security-Policy": POLICY, "Set-Cookie": "answer=1"} if request.path == "/" else {}
        return web.Response(text=text, content_type=kind, headers=policy)

    async def others(request: web.Request) -> web.StreamResponse:
        inside = '<img src="http://deeper.test/">' if request.host.startswith("away") else ""
        return web.Response(text=inside, content_type="text/html", headers={"Set-Cookie": "third=1"})

    with serving(site) as own, serving(others) as rest:
        yield Internet(own, rest)


@asynccontextmanager
async def looking(net: Internet, **led_to: str) -> AsyncIterator[Chromium]:
    try:
        async with opened(led_to={**net.led_to, **led_to}) as found:
            yield found
    except NoBrowser:
        pytest.skip(chromium.NONE)


def by_host(visited: Visited) -> dict[str, Exchange]:
    return {one.request.hostname.removesuffix(".test"): one for one in visited.exchanges}


THIRD = {"prefetch", "script", "image", "frame", "video", "fetch", "beacon", "socket", "import", "background", "worker",
         "leaving", "scroll", "lazy"}  # fmt: skip


async def test_whatever_leaves_is_seen_and_what_never_left_is_not() -> None:
    with internet() as net:
        async with looking(net) as found:
            visited = await found.look(f"{net.site.address}/", Guise(bodies=True))
        assert net.contacted() == THIRD  # forbidden by the policy of the page: never sent
    seen = by_host(visited)
    assert seen.keys() - {"127.0.0.1"} == THIRD
    destinations = {host: one.destination for host, one in seen.items() if one.destination != "empty"}
    assert destinations.items() >= {
        ("script", "script"), ("image", "image"), ("frame", "iframe"), ("video", "video"), ("import", "style"),
        ("socket", "websocket"), ("background", "image"), ("lazy", "iframe"),
    }  # fmt: skip
    assert {host for host, one in seen.items() if one.by_code} == {
        "fetch", "beacon", "socket", "worker", "leaving", "scroll"
    }  # fmt: skip
    assert seen["background"].initiator == f"{net.site.address}/style.css"
    assert seen["script"].initiator == f"{net.site.address}/"
    assert {one.page for one in visited.exchanges} == {f"{net.site.address}/"}
    assert seen["beacon"].request.body == b"said"


async def test_the_page_comes_with_body_links_and_the_cookies_of_scripts() -> None:
    with internet() as net:
        async with looking(net) as found:
            visited = await found.look(f"{net.site.address}/moved", Guise(bodies=True))
            bare = await found.look(f"{net.site.address}/")
            assert found.name.startswith("Chromium ")
    assert [one.response.status for one in visited.exchanges[:2] if one.response] == [302, 200]
    assert visited.page == f"{net.site.address}/"
    assert visited.is_shown
    assert visited.document is not None
    assert visited.document.response is not None
    assert visited.document.response.body.decode() == PAGE
    assert visited.links == (f"{net.site.address}/next",)
    assert visited.cookies == (ScriptCookie("script", "127.0.0.1"),)
    assert "answer=1" in visited.document.response.headers.all("set-cookie")
    assert bare.document is not None
    assert bare.document.response is not None
    assert bare.document.response.body == b""


async def test_what_scripts_keep_in_storage_is_seen_by_name_even_if_the_page_redefines_how_it_is_listed() -> (
    None
):
    kept = "localStorage.setItem('cart', 'secret'); sessionStorage.setItem('tab', '1')"
    with showing(f"<!doctype html><title>x</title><script>{kept}</script>") as site, internet() as net:
        async with looking(net) as found:
            visited = await found.look(f"{site.address}/")
        assert visited.stored == (StoredItem("cart", False), StoredItem("tab", True))
        assert "secret" not in repr(visited.stored)
    with showing(f"<!doctype html><script>{kept}; Object.keys = () => 7</script>") as site, internet() as net:
        async with looking(net) as found:
            assert (await found.look(f"{site.address}/")).stored == ()


async def test_a_guise_brings_cookies_signals_language_and_size() -> None:
    with internet() as net:
        guise = Guise(
            fields=(("Cookie", "privacy=abc~d.e; b=2"), ("Sec-GPC", "1")),
            locale="de-DE",
            width=360,
            height=640,
        )
        async with looking(net) as found:
            visited = await found.look(f"{net.site.address}/", guise)
            again = await found.look(f"{net.site.address}/")
        first = next(seen for seen in net.site.requests if seen.path == "/").headers
        third = next(seen for seen in net.others.requests).headers
    assert first["Cookie"] == "privacy=abc~d.e; b=2"
    assert first["Sec-GPC"] == third["Sec-GPC"] == "1"
    assert "Cookie" not in third
    assert first["Accept-Language"].startswith("de-DE")
    assert "Headless" not in first["User-Agent"]
    assert "Chrome/" in first["User-Agent"]
    assert visited.cookies == (ScriptCookie("script", "127.0.0.1"),)  # what was brought along is nobody's
    assert again.exchanges[0].request.headers.get("cookie") == ""  # every page begins with an empty storage


async def test_a_host_is_led_elsewhere_under_its_own_name() -> None:
    with internet() as net:
        async with looking(net, **{"www.example.com:80": f"127.0.0.1:{net.site.port}"}) as found:
            visited = await found.look("http://www.example.com/")
        assert net.site.requests[0].host == "www.example.com"
    assert visited.is_shown
    assert visited.page == "http://www.example.com/"
    assert address_key("https://a.example/x") == "a.example:443"


@pytest.mark.parametrize("path", ["/alert", "/busy", "/frozen", "/popup", "/liar"])
async def test_hostile_pages_come_to_an_end(path: str) -> None:
    with internet() as net:
        async with looking(net) as found:
            patience = Guise(waiting=Waiting(load=3.0, quiet=0.2, most=1.0))
            visited = await found.look(f"{net.site.address}{path}", patience)
            after = await found.look(f"{net.site.address}/liar", patience)
    assert visited.exchanges[0].is_page
    assert ("scripts" in visited.failure) == (path == "/frozen")
    assert after.links == ()  # the page has its own idea of a list


async def test_after_clicks_a_page_is_opened_again_and_what_was_before_is_not_told() -> None:
    clicks = (Click("#first", "link"), Click("button", "button"))
    with internet() as net:
        async with looking(net) as found:
            visited = await found.look(f"{net.site.address}/ask", clicks=clicks)
            missing = await found.look(
                f"{net.site.address}/ask", clicks=(Click("#none", "button of that name"),)
            )
    assert visited.failure == ""
    assert [one.request.hostname for one in visited.exchanges] == ["clicked.test", "127.0.0.1", "before.test"]
    assert [one.request.path for one in visited.exchanges if one.is_page] == ["/ask"]
    assert missing.failure == "there is no button of that name" and missing.exchanges == ()


async def test_where_a_script_leads_the_visitor_is_no_part_of_the_page() -> None:
    with internet() as net:
        async with looking(net) as found:
            visited = await found.look(f"{net.site.address}/gone-by-script")
    seen = by_host(visited)
    assert seen["away"].destination == "document"
    assert seen["deeper"].page == "http://away.test/page"


async def test_a_site_that_is_not_there_is_said() -> None:
    with internet() as net:
        async with looking(net, **{"*.example": "127.0.0.1:1"}) as found:
            gone = await found.look("http://gone.example/")
            missing = await found.look(f"{net.site.address}/missing")
    assert gone.failure.startswith("net::ERR_")
    assert not gone.is_shown
    assert gone.exchanges[0].response is None
    assert missing.failure == "answered with 404"


async def test_without_playwright_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **rest: Any) -> Any:
        if name.startswith("playwright"):
            raise ImportError(name)
        return real(name, *args, **rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(NoBrowser, match=r"pip install 'consent-gateway\[browser\]'"):
        async with opened():
            raise AssertionError("there is no browser")


async def test_without_a_chromium_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "NAMES", ("no-such-browser",))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", "/nowhere")
    with pytest.raises(NoBrowser, match=r"apt-get install chromium-headless-shell.*playwright install"):
        async with opened():
            raise AssertionError("there is no browser")


async def test_one_that_does_not_start_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "NAMES", ("false",))
    assert shutil.which("false")
    with pytest.raises(NoBrowser, match="false does not start: "):
        async with opened():
            raise AssertionError("there is no browser")
