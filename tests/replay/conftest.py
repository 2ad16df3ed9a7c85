"""A replay under way, as a process, and a browser for which the whole network is a trap on loopback."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import web
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests import chromium, started
from tests.loopback import Server, serving, tls_for_anyone
from tests.replay import leaky


@dataclass(frozen=True)
class Replay:
    """Where a replay says that it is."""

    process: subprocess.Popen[str]
    through: str
    direct: str
    panel: str


@contextmanager
def replaying(capture: Path, folder: Path, *arguments: str) -> Iterator[Replay]:
    """`consent-gateway replay` with its temporary files in `folder`; ended by SIGTERM, and cleanly."""
    process = subprocess.Popen(
        [*started.command(), "replay", str(capture), "--listen", "127.0.0.1:0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(folder)},
    )  # fmt: skip
    try:
        assert process.stdout and process.stderr
        said = [process.stdout.readline() for _ in range(4)]
        assert re.fullmatch(r"listening on http://127\.0\.0\.1:\d+\n", said[0]), (said, process.stderr.read())
        through, direct, panel = (re.findall(r"http://[\w.:]+", line)[0] for line in said[:3])
        yield Replay(process, through, direct, panel)
        process.send_signal(signal.SIGTERM)
        assert (process.wait(timeout=10), process.stderr.read()) == (0, "")
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")  # not longer: while Playwright runs, no test can run a loop of its own
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def network() -> Iterator[Server]:
    """Whatever is not this computer."""

    async def caught(_: web.Request) -> web.StreamResponse:
        return web.Response(text="caught")

    with serving(caught, tls_for_anyone()) as server:
        yield server


@pytest.fixture(scope="module")
def browser(playwright: Playwright, network: Server) -> Iterator[Browser]:
    rules = f"MAP * 127.0.0.1:{network.port}, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE *.localhost"
    arguments = ("--ignore-certificate-errors", f"--host-resolver-rules={rules}")
    with chromium.launched(playwright, *arguments) as launched:
        yield launched


@pytest.fixture(scope="package")
def replay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replay]:
    """The leaky site, replayed."""
    folder = tmp_path_factory.mktemp("replay")
    capture = leaky.write(folder / "leaky.flow")
    temporary = folder / "temporary"
    temporary.mkdir()
    with replaying(capture, temporary) as running:
        yield running
    assert list(temporary.iterdir()) == []
