"""`consent-gateway demo`, as it is called."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from consent_gateway.commands.demo import demo
from consent_gateway.page.rewriting import Rewriter
from tests.demo.conftest import ask
from tests.started import PLAIN, command


@contextmanager
def started(folder: Path, *arguments: str, program: Sequence[str] = ()) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [*(program or command()), "demo", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(folder)},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def listening(process: subprocess.Popen[str]) -> int:
    """The port of the one line that other programs wait for."""
    assert process.stdout
    line = process.stdout.readline()
    match = re.fullmatch(r"listening on http://127\.0\.0\.1:(\d+)\n", line)
    assert match, line
    return int(match[1])


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Exit code and error output of a process that is told to end."""
    assert process.stderr
    return process.wait(timeout=5), process.stderr.read()


def test_it_says_where_it_is_answers_there_and_ends_cleanly(tmp_path: Path) -> None:
    with started(tmp_path, "--listen", "127.0.0.1:0", program=PLAIN) as process:
        port = listening(process)
        assert "Morgenrot Solar" in ask(port, "/").text
        assert [folder.name[:21] for folder in tmp_path.iterdir()] == ["consent-gateway-demo-"]
        assert process.stdout
        assert process.stdout.readline().startswith("Open it")
        process.send_signal(signal.SIGTERM)
        assert ended(process) == (0, "")
        assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_with_the_usual_port_taken_it_looks_for_another_and_says_so(tmp_path: Path) -> None:
    with socket.socket() as taken:
        try:
            taken.bind(("127.0.0.1", 8080))
        except OSError:
            pass  # somebody else has it, which is as good
        else:
            taken.listen()
        with started(tmp_path) as process:
            assert listening(process) != 8080
            process.send_signal(signal.SIGINT)
            assert ended(process) == (
                0,
                "consent-gateway: 127.0.0.1:8080 is taken, so another port is used\n",
            )


def test_an_address_that_was_asked_for_and_is_taken_is_an_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        result = CliRunner().invoke(demo, ["--listen", address])
    assert result.exit_code == 2
    assert result.stderr == f"consent-gateway: cannot listen on {address}: Address already in use\n"


@pytest.mark.parametrize("address", [":8080", "192.0.2.1:8080", "example.com:8080"])
def test_it_is_for_this_computer_only(address: str) -> None:
    result = CliRunner().invoke(demo, ["--listen", address])
    assert result.exit_code == 2
    assert "loopback address" in result.stderr


LEAKY = '<iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>\n<img src="https://cdn.example.org/x.png">\n'


def test_a_page_of_ones_own_is_shown_until_it_is_told_to_end(tmp_path: Path) -> None:
    page, folder = tmp_path / "snippet.html", tmp_path / "temporary"
    page.write_text(LEAKY)
    folder.mkdir()
    with started(folder, "--page", str(page), "--listen", "127.0.0.1:0") as process:
        port = listening(process)
        assert "cdn.example.org (unknown" in ask(port, "/", Host=f"demo.localhost:{port}").text
        process.send_signal(signal.SIGTERM)
        assert ended(process) == (0, "")
        assert list(folder.iterdir()) == []


def test_a_report_says_what_is_recognised_and_ends(tmp_path: Path) -> None:
    page = tmp_path / "snippet.html"
    page.write_text(LEAKY)
    result = CliRunner().invoke(demo, ["--page", str(page), "--report"])
    assert result.exit_code == 0
    assert f"{page}:1:9  YouTube (youtube): media" in result.output
    assert f"{page}:2:6  cdn.example.org (unknown" in result.output


def test_a_report_of_what_is_not_held_ends_with_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Rewriter, "treat", lambda self, element, page: [])
    page = tmp_path / "snippet.html"
    page.write_text(LEAKY)
    result = CliRunner().invoke(demo, ["--page", str(page), "--report"])
    assert result.exit_code == 1
    assert "Still there when the gateway holds everything" in result.output


@pytest.mark.parametrize(
    ("name", "reason"), [("none.html", "No such file or directory"), ("", "Is a directory")]
)
@pytest.mark.parametrize("report", [[], ["--report"]])
def test_a_file_that_cannot_be_read_is_an_error(
    tmp_path: Path, name: str, reason: str, report: list[str]
) -> None:
    result = CliRunner().invoke(demo, ["--page", str(tmp_path / name), *report])
    assert (result.exit_code, result.stderr) == (2, f"consent-gateway: {tmp_path / name}: {reason}\n")


def test_a_report_needs_a_page() -> None:
    result = CliRunner().invoke(demo, ["--report"])
    assert result.exit_code == 2 and "needs --page FILE" in result.stderr
