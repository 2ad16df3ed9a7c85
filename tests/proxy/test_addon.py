"""The addon for mitmproxy: flows in, flows out, and never a page past it."""

from __future__ import annotations

import gzip
import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from mitmproxy import http
from mitmproxy.test import tflow, tutils

from consent_gateway.gateway import Gateway
from consent_gateway.proxy.addon import GatewayAddon
from consent_gateway.running import Running
from consent_gateway.starting import Settings, start

PAGE = b'<!doctype html><head></head><body><iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe></body>'


@pytest.fixture
def running(state: Path) -> Running:
    return start(
        Settings(origin="http://127.0.0.1:9000", origin_hosts=("127.0.0.1",), state=state, environment={})
    )


@pytest.fixture
async def addon(running: Running, now: datetime):  # type: ignore[no-untyped-def]
    hung = GatewayAddon(running, now=lambda: now)
    yield hung
    await hung.done()


def named(headers: dict[str, str]) -> http.Headers:
    return http.Headers(
        [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    )


def flow(
    path: bytes = b"/", *, method: bytes = b"GET", content: bytes = b"", **headers: str
) -> http.HTTPFlow:
    fields = named({"host": "www.example.com", "accept": "text/html"} | headers)
    request = tutils.treq(method=method, path=path, content=content, headers=fields)
    return tflow.tflow(req=request)


def sent(response: http.Response) -> bytes:
    """The body as it goes over the wire."""
    return response.raw_content or b""


def answered(
    by: http.HTTPFlow, body: bytes | None, content_type: str = "text/html", **headers: str
) -> http.HTTPFlow:
    by.response = http.Response.make(200, b"")
    by.response.headers = named({"content_type": content_type} | headers)
    by.response.raw_content = body
    return by


async def through(
    addon: GatewayAddon, by: http.HTTPFlow, body: bytes | None, *args: str, **headers: str
) -> http.Response:
    """All hooks, as mitmproxy calls them."""
    addon.requestheaders(by)
    await addon.request(by)
    if by.response is None:
        answered(by, body, *args, **headers)
        addon.responseheaders(by)
    await addon.response(by)
    assert by.response is not None
    return by.response


async def test_a_page_is_rewritten_and_its_length_is_right(addon: GatewayAddon) -> None:
    response = await through(addon, flow(), PAGE)
    body = sent(response)
    assert b"data-privacy" in body and b"youtube.com/embed" not in body
    assert int(response.headers["content-length"]) == len(body)


async def test_a_compressed_page_is_read_and_compressed_again(addon: GatewayAddon) -> None:
    response = await through(addon, flow(), gzip.compress(PAGE), content_encoding="gzip")
    assert b"data-privacy" in gzip.decompress(sent(response))
    assert int(response.headers["content-length"]) == len(sent(response))


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (PAGE, {"content_encoding": "gzip"}),
        (gzip.compress(PAGE)[:-5], {"content_encoding": "gzip"}),
        (PAGE, {"content_encoding": "sdch"}),
        (b"<p>\x80", {"content_type": "text/html; charset=iso-2022-jp"}),
        (b" " * (17 * 2**20), {}),
    ],
)
async def test_a_page_that_cannot_be_read_is_held_back(
    addon: GatewayAddon, body: bytes, headers: dict[str, str]
) -> None:
    content_type = headers.pop("content_type", "text/html")
    response = await through(addon, flow(), body, content_type, **headers)
    assert response.status_code == 502
    assert b"could not be checked" in sent(response) and b"youtube" not in sent(response)


async def test_a_page_that_was_streamed_past_is_replaced(addon: GatewayAddon) -> None:
    response = await through(addon, flow(), None)
    assert response.status_code == 502 and sent(response)


async def test_a_part_of_a_page_is_held_back(addon: GatewayAddon) -> None:
    by = flow()
    addon.requestheaders(by)
    await addon.request(by)
    answered(by, PAGE[:20]).response.status_code = 206  # type: ignore[union-attr]
    addon.responseheaders(by)
    await addon.response(by)
    assert by.response is not None and by.response.status_code == 502


@pytest.mark.parametrize("hook", ["requestheaders", "request", "response"])
async def test_whatever_fails_the_page_does_not_go_out(
    addon: GatewayAddon, monkeypatch: pytest.MonkeyPatch, hook: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    broken = {"requestheaders": "claims", "request": "answer", "response": "rewrite"}[hook]
    by = flow(transfer_encoding="chunked") if hook == "requestheaders" else flow()
    monkeypatch.setattr(Gateway, broken, fail)
    with pytest.raises(RuntimeError):
        await through(addon, by, PAGE)
    assert by.response is not None and by.response.status_code == 502
    assert b"youtube" not in (by.response.raw_content or b"")


async def test_a_failure_before_a_stream_closes_the_connection(
    addon: GatewayAddon, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = answered(flow(), None, "image/png")
    monkeypatch.setattr(Gateway, "rewrite", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        addon.responseheaders(by)
    assert by.error is not None


async def test_what_is_no_document_is_streamed_and_untouched(addon: GatewayAddon) -> None:
    by = flow()
    addon.requestheaders(by)
    await addon.request(by)
    answered(by, None, "video/mp4", nel="{}", etag='"x"')
    addon.responseheaders(by)
    await addon.response(by)
    assert by.response is not None and by.response.stream is True
    assert by.response.headers["etag"] == '"x"' and "nel" not in by.response.headers
    assert by.response.status_code == 200


async def test_documents_are_never_streamed(addon: GatewayAddon) -> None:
    by = answered(flow(), PAGE)
    assert by.response is not None
    by.response.stream = True
    addon.responseheaders(by)
    assert by.response.stream is False


async def test_our_own_paths_do_not_reach_the_origin(addon: GatewayAddon) -> None:
    by = flow(b"/.privacy/healthz")
    addon.requestheaders(by)
    await addon.request(by)
    assert by.response is not None and by.response.raw_content == b"ok\n"


async def test_head_is_answered_like_get_without_a_body(addon: GatewayAddon) -> None:
    by = flow(b"/.privacy/healthz", method=b"HEAD")
    addon.requestheaders(by)
    await addon.request(by)
    assert by.response is not None and by.response.raw_content == b""
    assert by.response.headers["content-length"] == "3"
    page = await through(addon, flow(method=b"HEAD"), b"", etag='"x"', content_length="500")
    assert page.raw_content == b"" and "etag" not in page.headers and "content-length" not in page.headers


async def test_a_large_upload_to_the_site_is_streamed_without_our_cookies(addon: GatewayAddon) -> None:
    by = flow(b"/upload", method=b"POST", content_length="90000000", cookie="privacy=x; sid=1")
    addon.requestheaders(by)
    assert by.request.stream is True
    assert by.request.headers["cookie"] == "sid=1"


async def test_too_much_for_a_path_of_ours_is_refused(addon: GatewayAddon) -> None:
    by = flow(b"/.privacy/choice", method=b"POST", content=b"x" * 140_000)
    addon.requestheaders(by)
    assert not by.request.stream
    await addon.request(by)
    assert by.response is not None and by.response.status_code == 413


async def test_an_absolute_target_is_taken_for_its_path(addon: GatewayAddon) -> None:
    by = flow(b"http://evil.example/a?b")
    addon.requestheaders(by)
    await addon.request(by)
    assert by.request.path == "/a?b" and by.request.host_header == "127.0.0.1:9000"


async def test_the_scheme_is_what_a_trusted_proxy_says_and_nobody_else(state: Path, now: datetime) -> None:
    site = state / "site.toml"
    site.write_text('[site]\ntrusted_proxies = ["127.0.0.1"]\n')
    running = start(
        Settings(origin="http://127.0.0.1:9000", origin_hosts=(), site_file=site, state=state, environment={})
    )
    addon = GatewayAddon(running, now=lambda: now)
    for peer, prefix in (("127.0.0.1", "__Host-privacy="), ("192.0.2.7", "privacy=")):
        by = flow(
            b"/.privacy/choice",
            method=b"POST",
            content=b"decision=reject_all",
            content_type="application/x-www-form-urlencoded",
            x_forwarded_proto="https",
        )
        by.client_conn.peername = (peer, 4711)
        by.client_conn.timestamp_tls_setup = None
        addon.requestheaders(by)
        await addon.request(by)
        assert by.response is not None and by.response.headers["set-cookie"].startswith(prefix)
    await addon.done()


@pytest.mark.parametrize("body", [b"", b"decision=accept_all"])
async def test_where_we_speak_tls_a_request_without_it_is_led_there(
    running: Running, now: datetime, body: bytes
) -> None:
    addon = GatewayAddon(running, tls_only=True, now=lambda: now)
    by = flow(b"/a?b", method=b"POST" if body else b"GET", content=body, transfer_encoding="chunked")
    by.client_conn.timestamp_tls_setup = None
    addon.requestheaders(by)
    await addon.request(by)
    await addon.done()
    assert by.response is not None and by.response.status_code == 308
    assert by.response.headers["location"] == f"https://{by.request.host_header}/a?b"


async def test_what_is_decided_is_told_to_the_log_on_demand_and_never_with_a_query(
    addon: GatewayAddon, caplog: pytest.LogCaptureFixture
) -> None:
    by = flow(b"/page?token=abc")
    with caplog.at_level(logging.DEBUG, "consent_gateway"):
        await through(addon, by, PAGE)
    said = " ".join(caplog.messages)
    assert "/page has youtube hold (nothing was decided)" in said and "abc" not in said


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level("ERROR"):
        yield
