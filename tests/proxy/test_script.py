"""The same gateway under mitmproxy's own tools, as `-s addons/gateway.py`."""

from __future__ import annotations

import http.client
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.loopback import Server, showing
from tests.mitmdump import PROGRAM, running

PAGE = (
    "<!doctype html><head></head><body>"
    '<iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>' + "<p>text</p>" * 500
)


@pytest.fixture(scope="module")
def origin() -> Iterator[Server]:
    with showing(PAGE) as server:
        yield server


@contextmanager
def mitmdump(origin: Server, folder: Path, *options: str) -> Iterator[int]:
    fixed = (
        "-s", str(ROOT / "addons" / "gateway.py"), "--set", f"confdir={folder}/mitmproxy",
        "--set", f"consent_state={folder}/state", *options,
    )  # fmt: skip
    with running(lambda port: ("--mode", f"reverse:{origin.address}@127.0.0.1:{port}", *fixed)) as port:
        yield port


def get(port: int, path: str = "/") -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    response = connection.getresponse()
    result = response.status, response.read()
    connection.close()
    return result


def test_mitmdump_serves_the_same_page(origin: Server, tmp_path: Path) -> None:
    with mitmdump(origin, tmp_path) as port:
        status, body = get(port)
        assert status == 200 and b'data-privacy="placeholder"' in body and b"youtube.com/embed" not in body
        assert get(port, "/.privacy/healthz") == (200, b"ok\n")


def test_streaming_asked_for_by_option_does_not_let_a_page_past(origin: Server, tmp_path: Path) -> None:
    with mitmdump(origin, tmp_path, "--set", "stream_large_bodies=1k") as port:
        for _ in range(3):
            _, body = get(port)
            assert b"youtube.com/embed" not in body


def test_a_choice_works_as_behind_serve(origin: Server, tmp_path: Path) -> None:
    with mitmdump(origin, tmp_path) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{port}"}
        connection.request("POST", "/.privacy/choice", "decision=accept_all", headers)
        assert connection.getresponse().status == 303
        connection.close()


@pytest.mark.parametrize(
    ("content", "reason"),
    [("[surprise]\n", "surprise: unknown key"), ("a = \n", "not TOML")],
)
def test_a_wrong_site_file_keeps_mitmdump_from_starting(
    origin: Server, tmp_path: Path, content: str, reason: str
) -> None:
    site = tmp_path / "site.toml"
    site.write_text(content)
    result = subprocess.run(
        [PROGRAM, "--mode", f"reverse:{origin.address}@127.0.0.1:0", "-s", str(ROOT / "addons" / "gateway.py"),
         "--set", f"confdir={tmp_path}/mitmproxy", "--set", f"consent_state={tmp_path}/state", "--set", f"consent_site={site}"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert result.returncode == 1
    assert reason in result.stdout + result.stderr


def test_without_a_reverse_mode_it_does_not_start(tmp_path: Path) -> None:
    result = subprocess.run(
        [PROGRAM, "-p", "0", "-s", str(ROOT / "addons" / "gateway.py"), "--set", f"confdir={tmp_path}/mitmproxy"],
        capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert result.returncode == 1 and "--mode reverse:" in result.stdout + result.stderr
