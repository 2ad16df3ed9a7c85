"""The client to Google: what it sends, what it keeps, what it does when Google does not answer."""

from __future__ import annotations

import asyncio
import json
import resource
import signal
import ssl
import stat
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import trustme
from aiohttp import web

from consent_gateway import upstream as module
from consent_gateway.analytics.envelope import OutboundRequest
from consent_gateway.upstream import OutboundLog, Upstream
from tests.loopback import Server, serving


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST_DELAY", 0.0)


@pytest.fixture
def google() -> Iterator[Server]:
    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path == "/redirect":
            return web.Response(status=302, headers={"Location": f"http://{request.host}/elsewhere"})
        if request.path == "/gtag/js":
            return web.Response(body=b"/* \xff script */", headers={"Set-Cookie": "x=y"})
        if request.path == "/broken":
            return web.Response(status=500)
        return web.Response(status=204, headers={"Set-Cookie": "id=1"})

    with serving(answer) as server:
        yield server


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    client = Upstream()
    yield client
    await client.close()


def hit(google: Server, path: str = "/g/collect?v=2", body: bytes = b"") -> OutboundRequest:
    headers = (("User-Agent", "UA"), ("Accept", "*/*"))
    return OutboundRequest(
        "google-analytics", "POST" if body else "GET", f"{google.address}{path}", headers, body
    )


async def arrived(google: Server, number: int = 1) -> None:
    for _ in range(200):
        if len(google.requests) >= number:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("nothing arrived")


async def test_a_hit_has_the_headers_it_was_given_and_no_other(upstream: Upstream, google: Server) -> None:
    """H02"""
    upstream.send(hit(google, body=b"en=a\r\nen=b"))
    await arrived(google)
    (request,) = google.requests
    assert (request.method, request.query, request.body) == ("POST", "v=2", "en=a\r\nen=b")
    assert set(request.headers) == {"Host", "User-Agent", "Accept", "Content-Length"}


def test_a_visitors_hits_wait_as_long_as_each_other_and_others_as_long_as_nobody_knows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "LONGEST_DELAY", 1.5)
    one, other = Upstream(), Upstream()
    assert one._delay("1.2") == one._delay("1.2") != one._delay("1.3")
    assert one._delay("1.2") != other._delay("1.2")
    assert all(0 <= one._delay(str(number)) <= 1.5 for number in range(100))


def test_others_cannot_read_the_outbound_log(tmp_path: Path) -> None:
    OutboundLog(tmp_path / "log").close()
    assert stat.S_IMODE((tmp_path / "log").stat().st_mode) == 0o600


async def test_cookies_of_google_are_not_kept(upstream: Upstream, google: Server) -> None:
    for number in (1, 2):
        upstream.send(hit(google))
        await arrived(google, number)
    assert all("Cookie" not in request.headers for request in google.requests)


async def test_a_redirect_is_not_followed(upstream: Upstream, google: Server) -> None:
    upstream.send(hit(google, "/redirect"))
    await arrived(google)
    await asyncio.sleep(0.1)
    assert [request.path for request in google.requests] == ["/redirect"]


async def test_the_script_comes_byte_for_byte_and_is_asked_for_once(
    upstream: Upstream, google: Server
) -> None:
    url = f"{google.address}/gtag/js?id=G-A"
    scripts = await asyncio.gather(*(upstream.script(url) for _ in range(5)))
    assert {script.content for script in scripts if script} == {b"/* \xff script */"}
    await upstream.script(url)
    assert len(google.requests) == 1


async def test_a_failure_is_counted_and_felt_by_nobody(upstream: Upstream, google: Server) -> None:
    upstream.send(OutboundRequest("google-analytics", "GET", "http://127.0.0.1:9/", ()))
    for _ in range(100):
        if upstream.failed:
            break
        await asyncio.sleep(0.02)
    assert upstream.failed == 1
    assert await upstream.script(f"{google.address}/broken") is None


async def test_the_outbound_log_has_each_request_exactly_as_sent(google: Server, tmp_path: Path) -> None:
    log = tmp_path / "outbound.jsonl"
    client = Upstream(OutboundLog(log))
    client.send(hit(google, body="en=Grüße".encode()))
    await client.close()
    (line,) = log.read_text("utf-8").splitlines()
    written = json.loads(line)
    (request,) = google.requests
    assert written["headers"] == dict(request.headers)
    assert (written["method"], written["body"]) == (request.method, request.body)
    assert written["url"] == f"{google.address}{request.path}?{request.query}"
    assert written["service"] == "google-analytics" and written["time"]


async def test_what_cannot_be_logged_is_not_sent(google: Server, tmp_path: Path) -> None:
    class Full(OutboundLog):
        def write(self, request: OutboundRequest) -> None:
            raise OSError("No space left on device")

    client = Upstream(Full(tmp_path / "outbound.jsonl"))
    client.send(hit(google))
    await client.close()
    assert (google.requests, client.failed) == ([], 1)


async def test_a_line_that_does_not_fit_leaves_nothing_behind(google: Server, tmp_path: Path) -> None:
    log = OutboundLog(tmp_path / "outbound.jsonl")
    log.write(hit(google))
    before = (tmp_path / "outbound.jsonl").read_bytes()
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 10, limit[1]))
    try:
        with pytest.raises(OSError, match="No space left"):
            log.write(hit(google))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, ignored)
    assert (tmp_path / "outbound.jsonl").read_bytes() == before
    log.write(hit(google))
    log.close()
    assert len((tmp_path / "outbound.jsonl").read_text().splitlines()) == 2


async def test_a_server_whose_certificate_is_not_trusted_gets_nothing(upstream: Upstream) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)

    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(status=204)

    with serving(answer, tls=context) as impostor:
        upstream.send(OutboundRequest("google-analytics", "GET", f"https://127.0.0.1:{impostor.port}/", ()))
        for _ in range(100):
            if upstream.failed:
                break
            await asyncio.sleep(0.02)
        assert (upstream.failed, impostor.requests) == (1, [])
