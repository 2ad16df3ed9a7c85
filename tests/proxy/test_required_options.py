"""What both doors set in mitmproxy, and that nobody changes it behind the gateway's back."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from mitmproxy import options
from mitmproxy.tools.dump import DumpMaster

from consent_gateway.proxy import required_options, script
from consent_gateway.running import Running


@asynccontextmanager
async def under_way(tmp_path: Path) -> AsyncIterator[DumpMaster]:
    """mitmdump with all its addons and the gateway's script."""
    master = DumpMaster(options.Options(), with_termlog=False, with_dumper=False)
    gateway = script.GatewayScript()
    master.addons.add(gateway)
    master.options.update(
        mode=["reverse:http://127.0.0.1:1@0"], confdir=str(tmp_path), consent_state=str(tmp_path)
    )
    yield master
    await gateway.addons[0].done()


@pytest.fixture
async def mitmdump(tmp_path: Path) -> AsyncIterator[DumpMaster]:
    async with under_way(tmp_path) as master:
        yield master


async def test_with_all_addons_there_is_each_option_that_this_version_has(mitmdump: DumpMaster) -> None:
    expected = {name for name, _, _ in required_options.REQUIRED}
    assert expected - set(required_options.known(mitmdump.options)) <= {"tcp_timeout"}
    assert not required_options.missing(mitmdump.options)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("http2", True), ("http3", True), ("rawtcp", True), ("validate_inbound_headers", False),
        ("stream_large_bodies", "1k"), ("ignore_hosts", [".*"]), ("tcp_hosts", [".*"]), ("keep_host_header", False),
        ("connection_strategy", "eager"), ("stickycookie", ".*"), ("onboarding", True), ("block_global", True),
    ],
)  # fmt: skip
async def test_what_a_developers_tools_change_of_them_is_changed_back_and_said(
    mitmdump: DumpMaster, name: str, value: object, caplog: pytest.LogCaptureFixture
) -> None:
    mitmdump.addons.get(script.GatewayScript.name)._is_running = True
    caplog.set_level(logging.WARNING, "consent_gateway")
    mitmdump.options.update(**{name: value})
    assert not required_options.missing(mitmdump.options)
    assert any(name in message for message in caplog.messages)


async def test_setting_them_starts_no_second_gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Running] = []
    start = script._start

    def noted() -> Running:
        started.append(start())
        return started[-1]

    monkeypatch.setattr(script, "_start", noted)
    async with under_way(tmp_path) as master:
        assert len(started) == 1 and not required_options.missing(master.options)


def test_each_option_says_why() -> None:
    assert all(reason for _, _, reason in required_options.REQUIRED)
    assert len({name for name, _, _ in required_options.REQUIRED}) == len(required_options.REQUIRED)
