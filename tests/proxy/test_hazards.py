"""What mitmproxy does that a gateway must not: met on real sockets, each by the number it has in docs/http.md."""

from __future__ import annotations

import asyncio
import gc
import logging
import socket
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from click.testing import CliRunner
from mitmproxy import http, options
from mitmproxy.addonmanager import Loader
from mitmproxy.test import taddons, tflow
from mitmproxy.websocket import WebSocketMessage
from packaging.requirements import Requirement

from consent_gateway.commands import main
from consent_gateway.proxy.addon import GatewayAddon
from consent_gateway.proxy.master import GatewayMaster
from consent_gateway.proxy.script import GatewayScript
from consent_gateway.running import Running
from consent_gateway.starting import Settings, start
from tests import mitmdump
from tests.conftest import ROOT
from tests.loopback import Server, gateway, serving
from tests.raw_http import END, answering, connected, get, heard, page, say

PAGE = page(b"<!doctype html><p>hello", b'Alt-Svc: h3=":443"')


async def site(request: web.Request) -> web.StreamResponse:
    if request.path == "/socket":
        socket_ = web.WebSocketResponse()
        await socket_.prepare(request)
        async for message in socket_:
            await socket_.send_str(message.data)
        return socket_
    return web.Response(text=f"{len(await request.read())} bytes")


@pytest.fixture(scope="module")
def origin() -> Iterator[Server]:
    with serving(site) as server:
        yield server


@pytest.fixture(scope="module")
def base(origin: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with gateway(origin, tmp_path_factory.mktemp("state")) as address:
        yield address


@pytest.fixture
def running(state: Path) -> Running:
    return start(
        Settings(origin="http://127.0.0.1:1", origin_hosts=("127.0.0.1",), state=state, environment={})
    )


async def test_the_chain_has_nothing_that_reloads_blocks_injects_or_comes_after_us(running: Running) -> None:
    """SEC-10, H03, H19, H20, H33: no script loader, no `block_global`, no onboarding, nothing that saves what we have not seen.
    After us is only what says `Connection: close` at the end."""
    addon = GatewayAddon(running)
    master = GatewayMaster(options.Options(), addon)
    names = [type(one).__name__ for one in master.addons.chain]
    assert names == [
        "Core",
        "DisableH2C",
        "Proxyserver",
        "NextLayer",
        "TlsConfig",
        "GatewayAddon",
        "Draining",
    ]
    await addon.done()


@pytest.mark.parametrize("mistyped", [["--sit", "x"], ["--set", "consent_site=x"], ["--listen", "nowhere"]])
def test_a_mistyped_option_of_serve_ends_it(mistyped: list[str], tmp_path: Path) -> None:
    """H04, H05, H06"""
    arguments = ["serve", "--origin", "http://127.0.0.1:1", "--state", str(tmp_path), *mistyped]
    assert CliRunner().invoke(main, arguments).exit_code == 2


def test_an_option_of_the_script_is_a_text_so_that_no_value_can_be_of_another_type() -> None:
    """H04, H06: for a value that does not fit mitmproxy would go on without the addon."""
    with taddons.context() as context:
        GatewayScript().load(Loader(context.master))
        ours = [option for name, option in context.options._options.items() if name.startswith("consent_")]
        assert len(ours) == 4 and {option.typespec for option in ours} == {str}
        assert not any(option.choices for option in ours)


def test_an_option_that_there_is_not_ends_mitmdump(tmp_path: Path) -> None:
    """H05"""
    result = subprocess.run(
        [mitmdump.PROGRAM, "--mode", "reverse:http://127.0.0.1:1@127.0.0.1:0", "-s", str(ROOT / "addons" / "gateway.py"),
         "--set", f"confdir={tmp_path}/mitmproxy", "--set", f"consent_state={tmp_path}/state", "--set", "consent_stie=x"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "no such option: consent_stie" in result.stdout + result.stderr


def test_trailers_of_a_request_are_dropped_and_it_is_answered(base: str) -> None:
    """H08"""
    body = b"3\r\nabc\r\n0\r\nDigest: x\r\n\r\n"
    answer = say(base, b"POST / HTTP/1.1", b"Host: a", b"Transfer-Encoding: chunked", body=body)
    assert answer.startswith(b"HTTP/1.1 200") and answer.endswith(b"3 bytes")


@pytest.mark.parametrize(
    "fields",
    [
        (b"Content-Length: 3", b"Transfer-Encoding: chunked"),
        (b"Content-Length: 3", b"Content-Length: 4"),
        (b"Content-Length: 3, 4",),
        (b"Content-Length: +3",),
        (b"Content-Length: 03 ",),
        (b"Transfer-Encoding: xchunked",),
        (b"Transfer-Encoding : chunked",),
        (b"Transfer-Encoding: identity, chunked",),
    ],
    ids=lambda fields: fields[0].decode() if isinstance(fields, tuple) else "",
)
def test_a_length_that_two_servers_would_read_differently_is_refused(
    base: str, origin: Server, fields: tuple[bytes, ...]
) -> None:
    """SEC-05"""
    before = len(origin.requests)
    smuggled = b"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
    answer = say(base, b"POST /x HTTP/1.1", b"Host: a", *fields, body=smuggled)
    assert "/smuggled" not in [seen.path for seen in origin.requests[before:]]
    assert answer.startswith(b"HTTP/1.1 4") and answer.count(b"HTTP/1.1 ") == 1


def test_who_asks_first_is_told_to_go_on(base: str) -> None:
    """RFC 9110 10.1.1"""
    with connected(base) as connection:
        head = b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
        connection.sendall(head)
        assert connection.recv(65536).startswith(b"HTTP/1.1 100")
        connection.sendall(b"abc")
        assert heard(connection).endswith(b"3 bytes")


MEBIBYTE = 2**20


@pytest.mark.parametrize(
    ("size", "said", "before", "after", "end"),
    [
        (64, b"Content-Length: %d" % (64 * MEBIBYTE), b"", b"", b""),
        (4, b"Transfer-Encoding: chunked", b"%x\r\n" % MEBIBYTE, b"\r\n", b"0\r\n\r\n"),
    ],
    ids=["length", "chunks"],
)
def test_an_upload_passes_while_it_comes_however_large_it_is(
    tmp_path: Path, size: int, said: bytes, before: bytes, after: bytes, end: bytes
) -> None:
    """What says nothing of its length, too: the first piece arrives before the second is sent."""
    piece = before + bytes(MEBIBYTE) + after
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        gateway(f"http://127.0.0.1:{listening.getsockname()[1]}", tmp_path / "state") as base,
        connected(base) as connection,
    ):
        listening.settimeout(15)
        connection.sendall(b"PUT /x HTTP/1.1\r\nHost: a\r\n" + said + END + piece)
        with listening.accept()[0] as upstream:
            upstream.settimeout(15)
            came, last = 0, b""
            while came < MEBIBYTE:
                came += upstream.recv(65536).count(0)  # nothing else is
            sending = threading.Thread(target=connection.sendall, args=(piece * (size - 1) + end,))
            sending.start()
            while came < size * MEBIBYTE or not last.endswith(end):
                last = last[-len(end) :] + upstream.recv(MEBIBYTE)
                came += last.count(0)
                last = last.replace(b"\0", b"")
            sending.join()
            upstream.sendall(page(b"taken", kind=b"text/plain"))
            assert connection.recv(65536).startswith(b"HTTP/1.1 200")
    assert came == size * MEBIBYTE


async def talk(address: str, messages: int) -> tuple[list[str], int]:
    """What comes back over a WebSocket, and how many messages are kept in memory meanwhile."""
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{address}/socket", compress=15) as ws:
        back = []
        for number in range(messages):
            await ws.send_str(f"message {number} " + "x" * 5000)
            back.append(str((await ws.receive(timeout=10)).data))
        kept = sum(isinstance(one, WebSocketMessage) for one in gc.get_objects())
        await ws.close()
        return back, kept


def test_messages_of_a_websocket_pass_both_ways_and_are_not_kept(base: str) -> None:
    """H17"""
    back, kept = asyncio.run(talk(base, 60))
    assert back == [f"message {number} " + "x" * 5000 for number in range(60)]
    assert kept < 5


def test_another_protocol_is_not_spoken_past_us(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """H17: by mitmproxy it would be passed on unread."""
    said = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: foo" + END + b"unread"
    with answering(lambda path: said) as origin, gateway(origin.address, tmp_path / "state") as base:
        head, body = get(base, b"/", b"Upgrade: foo")
    assert b"upgrade" not in origin.heads[0].lower().replace(b"upgrade-insecure", b"")
    assert b"unread" not in head + body and not head.startswith(b"HTTP/1.1 101")
    assert any("another protocol" in message for message in caplog.messages)


@pytest.mark.parametrize("kind", [b"text/html", b"image/png"])
def test_no_way_past_us_is_recommended(tmp_path: Path, kind: bytes) -> None:
    """H26"""
    with (
        answering(lambda path: page(b"x", b'Alt-Svc: h3=":443"', kind=kind)) as origin,
        gateway(origin.address, tmp_path / "state") as base,
    ):
        assert b"alt-svc" not in get(base, b"/")[0].lower()


async def test_offline_a_failure_is_itself_and_not_that_there_is_nobody_to_cut_off(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H23"""
    addon = GatewayAddon(running)
    flow = tflow.tflow(resp=True)
    assert flow.response
    flow.response.headers["content-type"] = "image/png"
    flow.live = False
    monkeypatch.setattr(type(running.gateway), "rewrite", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        addon.responseheaders(flow)
    flow.response = http.Response.make(101, b"", {"upgrade": "foo"})
    addon.responseheaders(flow)
    await addon.done()


def test_versions_of_mitmproxy_that_can_be_installed_are_allowed() -> None:
    """H31: 12.3.1 wants a certifi that not every index has; pip then takes one before it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    [wanted] = [one for one in map(Requirement, project["dependencies"]) if one.name == "mitmproxy"]
    assert {"11.0.2", "12.2.3", "12.3.1"} == {
        *wanted.specifier.filter(("11.0.1", "11.0.2", "12.2.3", "12.3.1", "13.0"))
    }


def test_a_client_that_goes_away_in_the_middle_costs_no_one_else(
    base: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    for said in (b"GET / HT", b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc"):
        with connected(base) as connection:
            connection.sendall(said)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # a reset
    assert get(base, b"/")[1] == b"0 bytes"
    assert caplog.messages == [] and sys.exc_info() == (None, None, None)
