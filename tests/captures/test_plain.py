"""Pages by plain HTTP, from real servers on loopback."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from aiohttp import web

from consent_gateway import __version__
from consent_gateway.captures.plain import MOST_REDIRECTS, Plain
from tests.loopback import Server, serving

PAGE = '<!doctype html><title>x</title><a href="/other">o</a><a href="https://elsewhere.example/">e</a>'


@contextmanager
def site() -> Iterator[Server]:
    async def answer(request: web.Request) -> web.StreamResponse:
        match request.path:
            case "/":
                response = web.Response(text=PAGE, content_type="text/html")
                response.headers.add("Set-Cookie", "a=1")
                response.headers.add("Set-Cookie", "b=2")
                return response
            case "/moved":
                return web.Response(status=301, headers={"Location": "/"})
            case "/loop":
                return web.Response(status=302, headers={"Location": "/loop"})
            case "/packed":
                packed = gzip.compress(PAGE.encode())
                return web.Response(
                    body=packed, headers={"Content-Type": "text/html", "Content-Encoding": "gzip"}
                )
            case "/bomb":
                packed = gzip.compress(b" " * 2**24)
                return web.Response(
                    body=packed, headers={"Content-Type": "text/html", "Content-Encoding": "gzip"}
                )
            case "/damaged":
                return web.Response(
                    body=b"?", headers={"Content-Type": "text/html", "Content-Encoding": "gzip"}
                )
            case "/large":
                return web.Response(body=b"x" * 2**21, content_type="text/html")
            case "/file":
                return web.Response(body=b"%PDF", content_type="application/pdf")
        return web.Response(status=404, text="gone", content_type="text/html")

    with serving(answer) as server:
        yield server


async def test_a_page_is_an_exchange_with_its_links_and_its_cookies() -> None:
    with site() as server:
        async with Plain() as plain:
            visited = await plain.look(f"{server.address}/")
    [exchange] = visited.exchanges
    assert exchange.is_page
    assert exchange.page == visited.page == f"{server.address}/"
    assert exchange.response is not None
    assert exchange.response.body.decode() == PAGE
    assert exchange.response.headers.all("set-cookie") == ["a=1", "b=2"]
    assert visited.links == (f"{server.address}/other", "https://elsewhere.example/")
    assert visited.is_shown
    assert not visited.failure


async def test_it_says_what_it_is() -> None:
    with site() as server:
        async with Plain(fields=(("Sec-GPC", "1"),)) as plain:
            visited = await plain.look(f"{server.address}/")
        sent = server.requests[0].headers
    assert f"consent-gateway/{__version__}" in sent["User-Agent"]
    assert sent["Sec-GPC"] == "1"
    assert visited.exchanges[0].request.headers.get("user-agent") == sent["User-Agent"]


async def test_every_redirect_is_an_exchange_of_its_own() -> None:
    with site() as server:
        async with Plain() as plain:
            visited = await plain.look(f"{server.address}/moved")
            loop = await plain.look(f"{server.address}/loop")
    assert [one.response.status for one in visited.exchanges if one.response] == [301, 200]
    assert visited.page == f"{server.address}/"
    assert len(loop.exchanges) == MOST_REDIRECTS + 1
    assert loop.failure == f"more than {MOST_REDIRECTS} redirects"
    assert not loop.is_shown


async def test_cookies_are_kept_while_it_is_open_and_no_longer() -> None:
    with site() as server:
        async with Plain() as plain:
            await plain.look(f"{server.address}/")
            await plain.look(f"{server.address}/other")
        async with Plain() as plain:
            await plain.look(f"{server.address}/other")
        sent = [seen.headers.get("Cookie", "") for seen in server.requests]
    assert sent == ["", "a=1; b=2", ""]


async def test_bodies_are_decoded_within_limits_and_what_cannot_be_is_said() -> None:
    with site() as server:
        async with Plain(largest=2**20) as plain:
            packed = await plain.look(f"{server.address}/packed")
            failures = {
                path: (await plain.look(f"{server.address}{path}")).failure
                for path in ("/bomb", "/damaged", "/large", "/none")
            }
    assert packed.exchanges[0].response
    assert packed.exchanges[0].response.body.decode() == PAGE
    assert packed.links
    assert failures["/bomb"] == failures["/large"] == f"the body cannot be read: more than {2**20} bytes"
    assert failures["/damaged"].startswith("the body cannot be read: damaged gzip")
    assert failures["/none"] == "answered with 404"


async def test_of_a_body_without_an_end_no_more_is_read_than_the_limit() -> None:
    sent = 0

    async def answer(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse(headers={"Content-Type": "text/html"})
        await response.prepare(request)
        with suppress(ConnectionError):
            while sent < 2**28:
                await response.write(b"x" * 2**16)
                sent += 2**16
        return response

    with serving(answer) as server:
        async with Plain(largest=2**20) as plain:
            visited = await plain.look(f"{server.address}/")
    assert visited.failure == f"the body cannot be read: more than {2**20} bytes"
    assert sent < 2**26  # what the limit lets in, and what is under way


async def test_what_is_no_page_is_not_shown() -> None:
    with site() as server:
        async with Plain() as plain:
            visited = await plain.look(f"{server.address}/file")
    assert not visited.is_shown
    assert visited.links == ()


async def test_a_server_that_is_not_there_or_speaks_nonsense_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    async with Plain() as plain:
        gone = await plain.look(f"http://127.0.0.1:{port}/")
    assert gone.failure.startswith(f"127.0.0.1:{port} cannot be reached: ")
    assert gone.exchanges[0].response is None
    assert gone.document is None
    assert gone.page == gone.address
