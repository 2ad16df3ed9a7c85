"""The demo's website without the gateway, recorded by real programs: every leak that its stand-ins were sent is found."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from consent_gateway.commands import main
from consent_gateway.demo.addresses import Addresses, free_port
from consent_gateway.demo.files import example, for_demo
from consent_gateway.demo.showing import show
from consent_gateway.proxy.master import Listen
from tests.captures.recording import recorded_by_chromium, recorded_by_mitmdump

pytestmark = pytest.mark.browser
STATES = "fresh refused analytics all withdrawn expired tampered gpc blocked objected".split()
# What the demo's front page sends to whom, by what.
LEAKS = {
    ("www.googletagmanager.com.localhost", "google-analytics", "script"),
    ("region1.google-analytics.com.localhost", "google-analytics", "run time"),
    ("www.youtube.com.localhost", "youtube", "iframe"),
    ("snap.licdn.com.localhost", "linkedin-insight", "run time"),
    ("px.ads.linkedin.com.localhost", "linkedin-insight", "run time"),
    ("px.ads.linkedin.com.localhost", "linkedin-insight", "pixel"),
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Addresses]:
    found: list[Addresses] = []
    ready, begun = threading.Event(), threading.Event()
    stopping: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    def answering(addresses: Addresses) -> None:
        found.append(addresses)
        ready.set()

    async def run() -> None:
        stop = asyncio.Event()
        stopping.append((asyncio.get_running_loop(), stop))
        begun.set()
        listen = Listen("127.0.0.1", free_port("127.0.0.1"))
        await show(listen, folder=tmp_path_factory.mktemp("demo"), ready=answering, stop=stop)

    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    assert begun.wait(20) and ready.wait(20)
    yield found[0]
    loop, stop = stopping[0]
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)


@pytest.fixture(scope="module", params=["mitmdump", "Chromium"])
def recording(
    request: pytest.FixtureRequest, demo: Addresses, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("recorded")
    (folder / "site.toml").write_text(for_demo(example(), google=demo.google))
    record = recorded_by_mitmdump if request.param == "mitmdump" else recorded_by_chromium
    return record([f"http://{demo.unprotected}/"], folder, wait=1500)


def test_qa_01_each_leak_is_found_in_each_state_and_none_behind_the_gateway(recording: Path) -> None:
    site = ["--site", str(recording.parent / "site.toml")]
    direct = CliRunner().invoke(main, ["audit", str(recording), *site, "--format", "json"])
    assert direct.exit_code == 1, direct.output
    found = json.loads(direct.stdout)
    for state in STATES:
        here = {
            (one["host"], one["owner"], one["carrier"])
            for one in found["contacts"]
            if one["state"] == state and one["side"] == "direct"
        }
        missing = {leak for leak in LEAKS if leak not in here}
        assert not missing, (state, here)
    through = CliRunner().invoke(main, ["audit", str(recording), *site, "--through"])
    assert through.exit_code == 0, through.output
    unproven = CliRunner().invoke(main, ["audit", str(recording), *site, "--through", "--no-canary"])
    assert unproven.exit_code == 2, unproven.output
