"""Every command of the sections about replay and mitmproxy's own tools works as it is printed."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from consent_gateway.audit.states import STATES
from tests import chromium
from tests.conftest import ROOT
from tests.replay import leaky

QA = (ROOT / "docs" / "qa.md").read_text("utf-8")
SECTIONS = [
    section
    for section in re.split(r"^(?=## )", QA, flags=re.M)
    if re.match(r"## (?:Replay|mitmproxy)", section)
]
COMMANDS = [line.strip() for section in SECTIONS for line in re.findall(r"^    (\S.*)$", section, re.M)]
# By how a command begins: what it says once it runs, or its exit code; and what it listens on here in the
# place of ports that others may have.
RUNS = ("consent-gateway replay", "mitmweb", "mitmdump -s", "mitmdump -w")
ENDS = {"mitmdump -nr capture.flow": 1, "mitmdump -nr audited.flow": 0}
BROWSER = "chromium "


def free() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def words(command: str, folder: Path) -> list[str]:
    """The command of this environment, on ports of its own."""
    program, *rest = shlex.split(command)
    # A filter stands at the end.
    found = [str(Path(sys.executable).parent / program), "--set", f"confdir={folder}/mitmproxy"]
    if program == "consent-gateway":
        return [sys.executable, "-m", "consent_gateway", *rest, "--listen", "127.0.0.1:0"]
    if "-nr" not in rest:
        found += ["--set", f"listen_port={free()}", "--set", "listen_host=127.0.0.1"]
    if program == "mitmweb":
        found += ["--no-web-open-browser", "--web-port", free()]
    return [*found, *rest]


@pytest.fixture(scope="module")
def captures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A flow file, and a HAR that mitmproxy has made of it."""
    folder = tmp_path_factory.mktemp("captures")
    leaky.write(folder / "capture.flow")
    command = ["mitmdump", "-nr", "capture.flow", "--set", "hardump=capture.har"]
    subprocess.run(
        words(shlex.join(command), folder), cwd=folder, check=True, capture_output=True, timeout=60
    )
    return folder


@pytest.fixture
def folder(captures: Path, tmp_path: Path) -> Path:
    """A clone with captures and a site file in it, as the page supposes."""
    (tmp_path / "addons").symlink_to(ROOT / "addons")
    (tmp_path / "site.toml").write_text('[site]\nhosts = ["www.shop.example"]\n')
    for name in ("capture.flow", "capture.har"):
        shutil.copy(captures / name, tmp_path)
    return tmp_path


def test_every_command_is_known_here() -> None:
    assert len(COMMANDS) == 10
    known = (*RUNS, *ENDS, BROWSER)
    assert [command for command in COMMANDS if not command.startswith(known)] == []


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith(RUNS)])
def test_what_goes_on_until_it_is_ended_begins_and_ends(command: str, folder: Path) -> None:
    # What is printed to a file is kept back by Python, which a terminal would show at once.
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        words(command, folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder,
        env=environment,
    )
    assert process.stdout
    try:
        for line in process.stdout:
            if re.search(r"listening (?:on|at)|server listening", line, re.I):
                break
        else:
            raise AssertionError(f"{command} ended: {process.wait()}")
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
        # A mitmdump that has seen nothing says so: 2.
        assert process.returncode == (2 if command.startswith("mitmdump -s") else 0)
    finally:
        process.kill()
        process.communicate()


def test_what_ends_by_itself_ends_as_the_page_says(folder: Path) -> None:
    for command in (command for command in COMMANDS if command.startswith(tuple(ENDS))):
        result = subprocess.run(
            words(command, folder), capture_output=True, text=True, cwd=folder, timeout=60, check=False
        )
        expected = next(code for start, code in ENDS.items() if command.startswith(start))
        assert result.returncode == expected, (command, result.stderr)
        if expected == 1:
            assert "would leave before it" in result.stdout
        else:
            assert "snap.licdn.com" in result.stdout and "www.shop.example/style.css" not in result.stdout


def test_the_browser_of_the_page_has_the_options_it_names() -> None:
    [command] = [command for command in COMMANDS if command.startswith(BROWSER)]
    options = [word.partition("=")[0] for word in shlex.split(command) if word.startswith("--")]
    assert options == ["--user-data-dir", "--proxy-server", "--ignore-certificate-errors"]
    source = (ROOT / "tests" / "replay" / "test_recorded.py").read_text("utf-8")
    assert all(option in source for option in options[1:])  # with these a recording is made there
    assert chromium.NAMES


def test_the_page_names_the_ten_states() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", QA, re.M)
    assert [(id, text.replace("`", "")) for id, text in rows] == [
        (state.id, state.sentence) for state in STATES
    ]
