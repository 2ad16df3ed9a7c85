"""What a real browser did, recorded by a real mitmdump and by the browser: the same exchanges from all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from consent_gateway.captures.exchange import Exchange
from consent_gateway.captures.opening import Capture, opened
from consent_gateway.captures.site_hosts import site_hosts
from tests.captures.leaky_site import ABOUT, HOME, leaky_site
from tests.captures.recording import recorded_by_chromium, recorded_by_mitmdump
from tests.loopback import serving, tls_for_anyone

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Of every page: host and path, what for, and the document that asked.
WANTED = {
    ("www.example.com", "/styles.css", "style"),
    ("www.example.com", "/data.json", "empty"),
    ("www.example.com", "/socket", "websocket"),
    ("tags.example.org", "/tag.js", "script"),
    ("pixel.example.org", "/p.gif", "image"),
    ("hits.example.org", "/collect", "empty"),
    ("broken.example.org", "/none", "empty"),
    ("fonts.example.org", "/own.woff2", "font"),
    ("player.example.net", "/embed", "iframe"),
    ("cdn.example.net", "/poster.png", "image"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("recorded")
    with serving(leaky_site, tls_for_anyone()) as internet:
        har = f"hardump={folder / 'mitmproxy.har'}"
        recorded_by_mitmdump([HOME, ABOUT], folder, internet=internet, options=["--set", har])
        recorded_by_chromium([HOME, ABOUT], folder, internet=internet)
        recorded_by_chromium([HOME, ABOUT], folder, internet=internet, content="attach", name="attached.har")
        recorded_by_chromium([HOME], folder, internet=internet, content="omit", name="bodiless.har")
        yield folder


WHOLE = ("recorded.mitm", "mitmproxy.har", "recorded.har", "attached.har")


@pytest.fixture(params=WHOLE)
def capture(folder: Path, request: pytest.FixtureRequest) -> Capture:
    return opened(folder / request.param)


def of_page(capture: Capture, page: str) -> list[Exchange]:
    return [one for one in capture.exchanges() if one.page == page]


def test_every_exchange_is_there_with_its_destination_and_its_page(capture: Capture) -> None:
    for page in (HOME, ABOUT):
        found = {
            (one.request.hostname, one.request.path, one.destination)
            for one in of_page(capture, page)
            if not one.is_page
        }
        assert found >= WANTED
    assert [one.request.url for one in capture.exchanges() if one.is_page] == [HOME, ABOUT]
    assert all(one.page for one in capture.exchanges() if "favicon" not in one.request.path)
    assert capture.skipped == ()


def test_bodies_are_decoded_and_nothing_says_that_they_are_not(capture: Capture) -> None:
    for page, text in ((HOME, "Grüße"), (ABOUT, "Über uns")):
        document = next(one for one in of_page(capture, page) if one.is_page)
        assert document.response and document.response.status == 200 and not document.unreadable
        assert text in document.response.body.decode()
        assert not document.response.headers.get("content-encoding")
    pixel = next(one for one in capture.exchanges() if one.request.hostname == "pixel.example.org")
    assert pixel.response and pixel.response.body.startswith(b"GIF89a")
    assert pixel.response.headers.get("set-cookie").startswith("id=secret")


def test_a_request_that_failed_has_no_response(capture: Capture) -> None:
    broken = [one for one in capture.exchanges() if one.request.hostname == "broken.example.org"]
    assert broken and {one.response for one in broken} == {None}


def test_what_a_frame_asks_for_belongs_to_the_page_and_is_asked_for_by_the_frame(capture: Capture) -> None:
    poster = next(one for one in of_page(capture, ABOUT) if one.request.hostname == "cdn.example.net")
    assert poster.initiator == "https://player.example.net/embed"


def test_a_beacon_has_its_method_and_body_and_no_pseudo_header_fields(capture: Capture) -> None:
    hit = next(one for one in capture.exchanges() if one.request.hostname == "hits.example.org")
    assert (hit.request.method, hit.request.body) == ("POST", b"v=2")
    assert not [name for one in capture.exchanges() for name, _ in one.request.headers if name[0] == ":"]
    assert hit.time and hit.time.tzinfo


def test_the_site_is_the_host_with_the_pages(capture: Capture) -> None:
    assert site_hosts(capture.exchanges()) == ("www.example.com",)


def test_a_har_without_content_says_so_for_every_body(folder: Path) -> None:
    found = list(opened(folder / "bodiless.har").exchanges())
    assert {one.destination for one in found} >= {"document", "iframe", "script"}
    assert "saved without content" in found[0].unreadable and found[0].response
    assert found[0].response.body == b""
