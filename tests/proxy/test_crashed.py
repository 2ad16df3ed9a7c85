"""What fails in the middle of an answer: the visitor neither waits, nor takes for whole what is not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from aiohttp import web
from mitmproxy import http

from consent_gateway.proxy.addon import GatewayAddon
from tests.loopback import gateway, serving
from tests.raw_http import END, connected, get, heard

PIECE = b"x" * 50_000


async def site(request: web.Request) -> web.StreamResponse:
    """A file of two pieces; where it is a broken one, the second does not come."""
    response = web.StreamResponse(headers={"Content-Type": "application/octet-stream"})
    if "length" in request.path:
        response.content_length = 2 * len(PIECE)
    await response.prepare(request)
    await response.write(PIECE)
    if "broken" in request.path:
        assert request.transport
        request.transport.abort()
    else:
        await response.write(PIECE)
    return response


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(site) as origin, gateway(origin, tmp_path_factory.mktemp("state")) as address:
        yield address


def begun(base: str, path: bytes) -> bytes:
    """All that comes until the connection ends, which nobody has asked for."""
    with connected(base) as connection:
        connection.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: a\r\n\r\n")
        return heard(connection)  # raises TimeoutError where it stays open


def assert_not_whole(said: bytes) -> None:
    head, _, body = said.partition(END)
    assert head.startswith(b"HTTP/1.1 200 ")
    assert len(body) < 2 * len(PIECE) and not body.endswith(b"0" + END)


@pytest.mark.parametrize("path", [b"/length", b"/chunks"])
def test_what_fails_while_an_answer_streams_ends_the_connection(
    base: str, path: bytes, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """H14"""
    passes = GatewayAddon._pass_through

    def fails(piece: bytes) -> bytes:
        raise RuntimeError("broken")

    def streams(addon: GatewayAddon, flow: http.HTTPFlow) -> None:
        passes(addon, flow)
        assert flow.response
        assert flow.response.stream is True
        flow.response.stream = fails

    with monkeypatch.context() as patched:
        patched.setattr(GatewayAddon, "_pass_through", streams)
        assert_not_whole(begun(base, path))
    [said] = [one for one in caplog.records if one.exc_info]
    assert "crashed" in said.getMessage() and "broken" in str(said.exc_info)
    assert PIECE in get(base, path)[1]


@pytest.mark.parametrize("path", [b"/broken-length", b"/broken-chunks"])
def test_an_answer_that_the_origin_breaks_off_is_broken_off(base: str, path: bytes) -> None:
    """H14"""
    assert_not_whole(begun(base, path))
