"""The gateway as a server: real sockets, real origin, real failures."""

from __future__ import annotations

import http.client
import logging
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiohttp import web

from consent_gateway.database import in_folder
from consent_gateway.gateway import Gateway
from consent_gateway.report_counts import ReportCounts
from consent_gateway.running import Running
from tests.loopback import Server, gateway, serving, tls_for_anyone

PAGE = '<!doctype html><head></head><body><iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe></body>'


async def site(request: web.Request) -> web.StreamResponse:
    if request.path == "/bytes":
        return web.Response(body=bytes(300_000), content_type="application/octet-stream")
    if request.path == "/redirect":
        # Not of the Host that came: under its own name, as a site does that knows of no gateway.
        _, port = request.transport.get_extra_info("sockname") if request.transport else ("", 0)
        headers = {
            "Location": f"http://127.0.0.1:{port}/there",
            "Set-Cookie": "sid=1; Domain=127.0.0.1; Path=/",
        }
        return web.Response(status=302, headers=headers)
    if request.path == "/go":
        headers = {"Location": "https://www.youtube.com/embed/a", "Content-Type": request.query_string}
        return web.Response(status=302, headers=headers, body=b"there" * 1000)
    if request.path == "/stream":
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await stream.prepare(request)
        await stream.write(b"data: one\n\n")
        await __import__("asyncio").sleep(1.5)
        await stream.write(b"data: two\n\n")
        return stream
    if request.path == "/untyped":
        response = web.Response(body=PAGE.encode())
        del response.headers["Content-Type"]
        return response
    if request.path == "/echo":
        return web.Response(text=str(len(await request.read())))
    return web.Response(text=PAGE, content_type="text/html")


@pytest.fixture(scope="module")
def origin() -> Iterator[Server]:
    with serving(site) as server:
        yield server


@pytest.fixture(scope="module")
def base(origin: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One gateway for many tests."""
    with gateway(origin, tmp_path_factory.mktemp("state")) as address:
        yield address


def ask(
    base: str, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    parts = urlsplit(base)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=15)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body=body, headers=named)
    response = connection.getresponse()
    result = response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
    connection.close()
    return result


def test_a_page_arrives_rewritten(base: str) -> None:
    status, headers, body = ask(base, "GET", "/")
    assert status == 200 and b"youtube.com/embed" not in body and b'data-privacy="placeholder"' in body
    assert headers["cache-control"] == "private, no-cache"


def test_a_page_without_a_type_is_looked_at_and_rewritten(base: str) -> None:
    assert b"youtube.com/embed" not in ask(base, "GET", "/untyped")[2]


def test_other_bytes_arrive_as_they_are(base: str) -> None:
    assert ask(base, "GET", "/bytes")[2] == bytes(300_000)


@pytest.mark.parametrize("content_type", ["text/html", "application/octet-stream"])
def test_part_of_a_page_that_would_be_led_away_gets_nothing_and_the_connection_goes_on(
    base: str, content_type: str, caplog: pytest.LogCaptureFixture
) -> None:
    """H13"""
    caplog.set_level(logging.WARNING, "consent_gateway")
    parts = urlsplit(base)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=15)
    for destination, status in (("image", 204), ("document", 302), ("iframe", 204)):
        connection.request("GET", f"/go?{content_type}", headers={"Sec-Fetch-Dest": destination})
        response = connection.getresponse()
        body = response.read()
        assert (response.status, bool(response.getheader("location"))) == (status, status == 302)
        assert (b"there" in body) == (status == 302) and bool(body) == (status == 302)
    connection.close()
    assert caplog.messages == []  # nothing was held back that went by as it should


def test_a_redirect_of_the_origin_to_its_own_address_stays_with_us_and_its_cookie_does_too(base: str) -> None:
    """A browser would leave us, and refuse the cookie."""
    _, headers, _ = ask(base, "GET", "/redirect", Host="www.example.com")
    assert headers["location"] == "/there"
    assert headers["set-cookie"] == "sid=1; Path=/"


def test_an_event_stream_arrives_as_it_happens(base: str) -> None:
    """H16"""
    parts = urlsplit(base)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=15)
    connection.request("GET", "/stream")
    response = connection.getresponse()
    started = time.monotonic()
    assert response.readline() == b"data: one\n"
    assert time.monotonic() - started < 1
    connection.close()


def test_a_large_upload_reaches_the_origin(base: str) -> None:
    assert ask(base, "POST", "/echo", b"x" * 900_000)[2] == b"900000"


def test_our_paths_are_never_forwarded_and_our_cookies_neither(base: str, origin: Server) -> None:
    """HTTP-15"""
    origin.requests.clear()
    assert ask(base, "GET", "/.privacy/healthz")[2] == b"ok\n"
    assert origin.requests == []
    ask(base, "GET", "/", Cookie="privacy=x; sid=1")
    assert origin.requests[0].headers["Cookie"] == "sid=1"


def test_a_choice_over_the_wire_changes_the_next_page(base: str) -> None:
    form = "decision=save&purpose=media&return=/x"
    status, headers, _ = ask(
        base,
        "POST",
        "/.privacy/choice",
        form.encode(),
        Content_Type="application/x-www-form-urlencoded",
        Origin=base,
    )
    assert (status, headers["location"]) == (303, "/x")
    page = ask(base, "GET", "/", Cookie=headers["set-cookie"].partition(";")[0])[2]
    assert b'<iframe src="https://www.youtube.com/embed/abcdefghijk">' in page


def test_the_certificate_page_of_mitmproxy_is_not_there(base: str) -> None:
    """H33, SEC-10"""
    assert b"mitmproxy" not in ask(base, "GET", "/", Host="mitm.it")[2].lower()


def test_a_site_whose_certificate_is_not_trusted_is_not_asked(tmp_path: Path) -> None:
    """SEC-10"""

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(text="<p>in its place", content_type="text/html")

    with serving(answer, tls_for_anyone()) as impostor:
        with gateway(f"https://127.0.0.1:{impostor.port}", tmp_path / "state") as address:
            status, _, body = ask(address, "GET", "/", Cookie="session=secret")
            assert status == 502 and b"in its place" not in body
            assert ask(address, "GET", "/.privacy/healthz?for=pages")[0] == 200
        assert impostor.requests == []


def test_what_is_reported_is_counted_when_the_gateway_stops(origin: Server, tmp_path: Path) -> None:
    report = b'{"csp-report":{"blocked-uri":"https://x.example/","effective-directive":"img-src"}}'
    with gateway(origin, tmp_path / "state") as address:
        headers = {"Content_Type": "application/csp-report"}
        assert ask(address, "POST", "/.privacy/reports", report, **headers)[0] == 204
    counts = ReportCounts.to_read(in_folder(tmp_path / "state"))
    assert [(total.host, total.number) for total in counts.totals()] == [("x.example", 1)]
    counts.close()


@pytest.mark.parametrize("verb", ["answer", "rewrite", "forwarded"])
def test_a_failure_anywhere_is_an_error_page_and_never_the_page(
    origin: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    """H01"""

    def break_it(running: Running) -> None:
        def fail(*_: object) -> None:
            raise RuntimeError("broken")

        monkeypatch.setattr(Gateway, verb, fail)

    with gateway(origin, tmp_path / "state", prepare=break_it) as address:
        status, _, body = ask(address, "GET", "/")
    assert status in (502, 503) and b"youtube" not in body


def test_a_dead_origin_leaves_our_own_paths_alive(tmp_path: Path) -> None:
    """H18"""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{unused.getsockname()[1]}"
    with gateway(dead, tmp_path / "state") as address:
        assert ask(address, "GET", "/")[0] == 502
        assert ask(address, "GET", "/.privacy/healthz")[2] == b"ok\n"


def test_a_request_under_way_is_finished_when_the_gateway_stops(origin: Server, tmp_path: Path) -> None:
    """H24"""
    results: list[bytes] = []
    with gateway(origin, tmp_path / "state") as address:
        thread = threading.Thread(target=lambda: results.append(ask(address, "GET", "/stream")[2]))
        thread.start()
        time.sleep(0.4)
    thread.join(10)
    assert results == [b"data: one\n\ndata: two\n\n"]


def test_a_lost_ledger_means_no_new_grant_and_a_refusal_all_the_same(origin: Server, tmp_path: Path) -> None:
    state = tmp_path / "state"

    def lose(running: Running) -> None:
        running._recording._ledger.close()
        for file in state.glob("ledger.sqlite3*"):
            file.unlink()
        (state / "ledger.sqlite3").mkdir()

    form = {"Content_Type": "application/x-www-form-urlencoded"}
    with gateway(origin, state, prepare=lose) as address:
        grant = ask(address, "POST", "/.privacy/choice", b"decision=accept_all", Origin=address, **form)
        refusal = ask(address, "POST", "/.privacy/choice", b"decision=reject_all", Origin=address, **form)
    assert (grant[0], refusal[0]) == (503, 303)
    assert "set-cookie" not in grant[1] and "set-cookie" in refusal[1]
