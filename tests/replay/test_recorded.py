"""The demo's unprotected website, recorded by a real browser through a real mitmdump, is replayed."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests import chromium, started
from tests.loopback import Server
from tests.proxy.test_audit_addon import listening
from tests.replay.conftest import replaying
from tests.replay.test_in_the_browser import contacted, left
from tests.waiting import eventually

# Browsers take what ends in ".localhost" for this computer, and not every system's resolver does.
RESOLVES = """
def server_connect(data):
    host, port = data.server.address
    if host.endswith(".localhost"):
        data.server.address = ("127.0.0.1", port)
"""

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def unprotected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo under way; its website without the gateway."""
    process = subprocess.Popen(
        [*started.command(), "demo", "--listen", "127.0.0.1:0"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout
    try:
        said = "".join(process.stdout.readline() for _ in range(4))
        yield re.findall(r"http://localhost:\d+", said)[0]
    finally:
        process.terminate()
        process.communicate(timeout=20)


@pytest.fixture(scope="module")
def capture(unprotected: str, playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two of its pages, recorded."""
    folder = tmp_path_factory.mktemp("recording")
    path = folder / "demo.flow"
    resolving = folder / "resolving.py"
    resolving.write_text(RESOLVES)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    recorder = subprocess.Popen(
        [str(Path(sys.executable).parent / "mitmdump"), "-p", str(port), "-w", str(path), "-s", str(resolving), "--set", f"confdir={folder}/mitmproxy"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        listening(port, recorder)
        through = (
            f"--proxy-server=127.0.0.1:{port}",
            "--proxy-bypass-list=<-loopback>",
            "--ignore-certificate-errors",
        )
        with chromium.launched(playwright, *through) as browser, browser.new_context() as context:
            page = context.new_page()
            for target in ("/news", "/"):
                page.goto(f"{unprotected}{target}", wait_until="networkidle")
    finally:
        recorder.send_signal(signal.SIGTERM)
        recorder.communicate(timeout=20)
    return path


def test_it_is_all_there_and_nothing_leaves(
    capture: Path, browser: Browser, network: Server, tmp_path: Path
) -> None:
    network.requests.clear()
    with replaying(capture, tmp_path) as running, browser.new_context(locale="en-US") as context:
        page = context.new_page()
        page.goto(f"{running.direct}/news")
        expect(page.get_by_role("heading", name="News").first).to_be_visible()
        eventually(
            lambda: (
                {"platform.linkedin.com", "snap.licdn.com", "px.ads.linkedin.com"}
                <= contacted(running, "direct").keys()
            )
        )
        assert contacted(running, "through") == {}
        page.goto(f"{running.through}/news")
        expect(page.locator('[data-privacy="notice"]')).to_be_visible()
        page.wait_for_timeout(500)
        assert contacted(running, "through") == {}
        page.goto(running.through)
        page.get_by_role("button", name="Load YouTube", exact=True).click()
        expect(page.frame_locator("iframe").get_by_text("Stand-in for YouTube")).to_be_visible()
        eventually(lambda: "www.youtube.com" in contacted(running, "through"))
        assert left(network) == set()
