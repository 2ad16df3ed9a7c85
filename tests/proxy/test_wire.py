"""What goes over the wire to the site, to Google and into logs, and what must not: real sockets, real origin."""

from __future__ import annotations

import http.client
import logging
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from aiohttp import web

from consent_gateway.cookies import ConsentCookie
from consent_gateway.database import in_folder
from consent_gateway.messages import Headers, Request
from consent_gateway.report_counts import ReportCounts
from consent_gateway.state import StateFolder
from tests.loopback import Seen, Server, gateway, serving

PAGE = '<!doctype html><title>A page</title><iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>'
COOKIES = ("sid=1; Path=/", "variant=2", "other=3", "_fbp=4", "_ga=5", "privacy=6")
SITE = """
[site]
hosts = ["127.0.0.1"]
[third_parties]
unlisted = "hold"
[analytics]
properties = ["G-ABC1234567"]
script_url = "{google}"
collect_url = "{google}"
[services.google-analytics]
[services.meta-pixel]
[services.youtube]
[cookies.sid]
purpose = "necessary"
reason = "keeps the visitor logged in"
[cookies.variant]
purpose = "functional"
reason = "remembers a variant"
"""
STATUSES = {"/moved": 302, "/gone": 404, "/broken": 500, "/same": 304, "/empty": 204}
TYPES = {"/file": "application/octet-stream", "/page": "text/html", "/style": "text/css", "/events": "text/event-stream"}  # fmt: skip


async def site(request: web.Request) -> web.StreamResponse:
    response: web.StreamResponse
    if request.path == "/socket":
        response = web.WebSocketResponse()
    elif request.path == "/events":
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    else:
        kind = TYPES.get(request.path, "text/html")
        body = b"" if request.path in ("/same", "/empty") else PAGE.encode()
        response = web.Response(status=STATUSES.get(request.path, 200), body=body, content_type=kind)
        if request.path == "/moved":
            response.headers["Location"] = "/page"
    for value in COOKIES:
        response.headers.add("Set-Cookie", value)
    if not isinstance(response, web.Response):
        await response.prepare(request)
    return response


async def answer_nothing(_: web.Request) -> web.StreamResponse:
    return web.Response(status=204)


@pytest.fixture(scope="module")
def origin() -> Iterator[Server]:
    with serving(site) as server:
        yield server


@pytest.fixture(scope="module")
def google() -> Iterator[Server]:
    with serving(answer_nothing) as server:
        yield server


@dataclass
class Browser:
    """A browser with a jar of its own, and what it has got."""

    base: str
    jar: dict[str, str] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)

    def ask(self, method: str, target: str, body: str = "", **headers: str) -> list[tuple[str, str]]:
        connection = http.client.HTTPConnection(urlsplit(self.base).netloc, timeout=10)
        cookies = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        fields = {name.replace("_", "-"): value for name, value in headers.items()} | (
            {"Cookie": cookies} if cookies else {}
        )
        connection.request(method, target, body or None, fields)
        response = connection.getresponse()
        self.pages.append(response.read().decode("utf-8", "replace"))
        connection.close()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                for morsel in SimpleCookie(value).values():
                    self.jar[morsel.key] = morsel.value
        return response.getheaders()

    def post(self, path: str, **form: str) -> list[tuple[str, str]]:
        kind = "application/x-www-form-urlencoded"
        return self.ask("POST", path, urlencode(form), Content_Type=kind, Sec_Fetch_Site="same-origin")


def names_set(headers: list[tuple[str, str]]) -> list[str]:
    return [value.partition("=")[0] for name, value in headers if name.lower() == "set-cookie" and "Max-Age=0" not in value]  # fmt: skip


def test_whatever_the_site_answers_only_the_cookies_that_may_come_do(
    origin: Server, google: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    state = tmp_path / "state"
    with gateway(origin, state, site=SITE.format(google=google.address)) as base:
        for path in (*STATUSES, *TYPES):
            assert names_set(Browser(base).ask("GET", path)) == ["sid"], path
        assert names_set(Browser(base).ask("HEAD", "/page")) == ["sid"]
        assert handshake(base) == ["sid"]
        agreed = Browser(base)
        agreed.post("/.privacy/choice", decision="save", purpose="functional")
        for path in ("/moved", "/file", "/page"):
            assert names_set(agreed.ask("GET", path)) == ["sid", "variant"], path
    counts = ReportCounts.to_read(in_folder(state))
    assert [total.host for total in counts.totals() if total.directive == "cookie"] == ["other"]
    counts.close()
    assert [record.message for record in caplog.records if "the cookie" in record.message] == [
        "the cookie other is held: see [cookies] in consent-gateway reports"
    ]


def handshake(base: str) -> list[str]:
    """What a WebSocket's answer sets."""
    place = urlsplit(base)
    assert place.hostname and place.port
    with socket.create_connection((place.hostname, place.port), timeout=10) as connection:
        connection.sendall(
            f"GET /socket HTTP/1.1\r\nHost: {place.netloc}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.recv(4096)
    lines = head.partition(b"\r\n\r\n")[0].decode().split("\r\n")  # a frame may come along
    assert lines[0].split()[1] == "101"
    return names_set([(line.partition(": ")[0], line.partition(": ")[2]) for line in lines[1:]])


def test_the_site_gets_neither_held_cookies_nor_click_identifiers(
    origin: Server, google: Server, tmp_path: Path
) -> None:
    """ANA-11"""
    sent = {"sid": "1", "variant": "2", "other": "3", "_fbp": "4", "_ga": "GA1.1.5.6"}
    with gateway(origin, tmp_path / "state", site=SITE.format(google=google.address)) as base:
        before = len(origin.requests)
        Browser(base, dict(sent)).ask("GET", "/page?gclid=x&b=c&_ga=1", Referer=f"{base}/?fbclid=1&c")
        agreed = Browser(base, dict(sent))
        agreed.post("/.privacy/choice", decision="save", purpose="marketing")
        agreed.ask("GET", "/page?gclid=x&b=c", Referer=f"{base}/?fbclid=1&c")
    without, granted = origin.requests[before:]
    assert (without.query, without.headers["Referer"]) == ("b=c", f"{base}/?c")
    assert without.headers["Cookie"] == "sid=1"
    assert (granted.query, granted.headers["Referer"]) == ("gclid=x&b=c", f"{base}/?fbclid=1&c")
    assert granted.headers["Cookie"] == "sid=1; _fbp=4"


HIT = "/.privacy/ga/g/collect?v=2&tid=G-ABC1234567&cid=1.2&en=page_view&dl=http%3A%2F%2F127.0.0.1%2Fpage&_s=1"


def text_of(seen: Seen) -> str:
    return " ".join(map(str, (seen.method, seen.path, seen.query, dict(seen.headers), seen.body)))


def test_no_identifier_of_ours_leaves_in_any_way(
    origin: Server, google: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """CON-05"""
    caplog.set_level(logging.DEBUG)
    state, log = tmp_path / "state", tmp_path / "outbound.jsonl"
    before, hits_before = len(origin.requests), len(google.requests)
    with gateway(origin, state, site=SITE.format(google=google.address), outbound_log=log) as base:
        browser = Browser(base)
        browser.ask("GET", "/page")
        browser.post("/.privacy/choice", decision="accept_all")
        browser.post("/.privacy/choice", decision="save", purpose="analytics", service="youtube")
        browser.ask("GET", HIT, User_Agent="Mozilla/5.0 Chrome/156.0")
        browser.post("/.privacy/activate", service="youtube", instance="1", **{"return": "/page"})
        secrets = dict(browser.jar)
        for path in ("/page", "/file", "/gone", "/moved", "/.privacy/preferences", "/.privacy/policy"):
            browser.ask("GET", path, Referer=f"{base}/page")
        browser.ask("POST", "/page", "a=b")
        browser.ask("GET", HIT, User_Agent="Mozilla/5.0 Chrome/156.0")
    cookies = ("privacy", "privacy-session", "privacy-once")
    asked = Request(method="GET", scheme="http", host=urlsplit(base).netloc, target="/", headers=Headers((("Cookie", f"privacy={secrets['privacy']}"),)))  # fmt: skip
    consent = ConsentCookie(StateFolder(state).keys.ring({})).read(asked, datetime.now(UTC))
    assert consent.receipt and consent.handle
    markers = [*(secrets[name] for name in cookies), consent.receipt, consent.handle.value]
    left = {
        "origin": [text_of(seen) for seen in origin.requests[before:]],
        "google": [text_of(seen) for seen in google.requests[hits_before:]],
        "outbound log": [log.read_text()],
        "log": [record.getMessage() for record in caplog.records],
        "pages": browser.pages,
    }
    assert len(left["google"]) == 2 and all(left.values())
    for marker in markers:
        assert len(marker) > 20
        assert [place for place, texts in left.items() if any(marker in text for text in texts)] == []


def test_what_was_recorded_before_a_withdrawal_sends_nothing_after_it(
    origin: Server, google: Server, tmp_path: Path
) -> None:
    """CON-08"""
    with gateway(origin, tmp_path / "state", site=SITE.format(google=google.address)) as base:
        browser = Browser(base, {"_fbp": "4"})
        browser.post("/.privacy/choice", decision="accept_all")
        before = len(google.requests)
        browser.ask("GET", HIT, User_Agent="Mozilla/5.0 Chrome/156.0")
        browser.ask("GET", "/page?gclid=1")
        assert origin.requests[-1].query == "gclid=1"
        old = dict(browser.jar)
        browser.post("/.privacy/choice", decision="reject_all")
        browser.jar = {**old, **{name: value for name, value in browser.jar.items() if value}}
        browser.ask("GET", HIT, User_Agent="Mozilla/5.0 Chrome/156.0")
        browser.ask("POST", HIT, "en=scroll", User_Agent="Mozilla/5.0 Chrome/156.0")
        browser.ask("GET", "/.privacy/ga/gtag/js?id=G-ABC1234567")
        browser.ask("GET", "/page?gclid=1")
    assert [seen.path for seen in google.requests[before:]] == ["/g/collect"]
    assert origin.requests[-1].query == ""
    assert "Cookie" not in origin.requests[-1].headers or "_fbp" not in origin.requests[-1].headers["Cookie"]
    assert 'src="https://www.youtube.com' not in browser.pages[-1]
