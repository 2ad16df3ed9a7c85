"""A look at a whole website, with a browser and without."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from aiohttp import web

from consent_gateway.captures import browser
from consent_gateway.captures.visited import Visited
from consent_gateway.captures.website import Look, looked_at
from tests import chromium
from tests.loopback import Server, serving

# Links to one page are written by a script.
PAGES = {
    "/": '<!doctype html><title>s</title><a href="/about">a</a><script>document.body.innerHTML += "<a href=/by-script>b</a>"</script>',
    "/about": "<!doctype html><title>a</title>",
    "/by-script": "<!doctype html><title>b</title>",
    "/by-map": "<!doctype html><title>m</title>",
}


@contextmanager
def website() -> Iterator[Server]:
    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path == "/sitemap.xml":
            return web.Response(text=f"<urlset><loc>http://{request.host}/by-map</loc></urlset>")
        text = PAGES.get(request.path)
        return web.Response(status=200 if text else 404, text=text or "gone", content_type="text/html")

    with serving(answer) as server:
        yield server


def found(pages: list[Visited], server: Server) -> list[str]:
    return sorted(one.page.removeprefix(server.address) for one in pages)


@pytest.mark.browser
def test_a_browser_finds_what_scripts_write() -> None:
    said: list[str] = []
    seen: list[Visited] = []
    with website() as server:
        pages = looked_at(server.address, Look(most=10), told=said.append, seen=seen.append)
        if said:
            pytest.skip(chromium.NONE)
        assert found(pages, server) == ["/", "/about", "/by-map", "/by-script"]
        # What is no page is asked for beside the browser.
        agents = {request.path: request.headers["User-Agent"] for request in server.requests}
    assert seen == pages
    assert "consent-gateway/" in agents["/robots.txt"]
    assert "consent-gateway/" in agents["/sitemap.xml"]
    assert "Chrome/" in agents["/by-script"]


def test_plain_http_is_taken_where_it_is_asked_for() -> None:
    with website() as server:
        pages = looked_at(server.address, Look(most=10), plain=True)
        assert found(pages, server) == ["/", "/about", "/by-map"]
        few = looked_at(server.address, Look(most=2), plain=True)
    assert len(few) == 2


def test_without_a_browser_plain_http_is_taken_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "NAMES", ("no-such-browser",))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", "/nowhere")
    said: list[str] = []
    with website() as server:
        pages = looked_at(server.address, Look(most=10), told=said.append)
        assert found(pages, server) == ["/", "/about", "/by-map"]
    assert len(said) == 1
    assert "apt-get install" in said[0]
    assert "looking by plain HTTP instead" in said[0]
