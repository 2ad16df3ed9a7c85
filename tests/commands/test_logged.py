"""`--log-format json`: why it does not start or renew comes as a line of the log, too, and ends it as ever."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests import started
from tests.waiting import eventually

ORIGIN = ("--origin", "http://127.0.0.1:9")
AS_JSON = {"CONSENT_GATEWAY_LOG_FORMAT": "json"}
FIELDS = {"time", "level", "logger", "process", "message"}


def serve(
    folder: Path, *words: str, environment: Mapping[str, str] = AS_JSON
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*started.command(), "serve", "--state", str(folder / "state"), "--listen", "127.0.0.1:0", *words],
        env={**os.environ, **environment}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The reason, in the one line there is."""
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = [json.loads(one) for one in done.stderr.splitlines()]
    assert line.keys() == FIELDS and line["level"] == "error"
    return str(line["message"])


@pytest.fixture
def taken() -> Iterator[str]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield f"127.0.0.1:{listening.getsockname()[1]}"


def test_a_start_that_is_refused_is_one_line_of_the_log(tmp_path: Path, taken: str) -> None:
    site = tmp_path / "site.toml"
    site.write_text('[site]\nhost = ["a"]\nlanguages = ["xx"]\n')
    told = refused(serve(tmp_path, *ORIGIN, "--site", str(site)))
    assert told.startswith(f"does not start:\n{site}:2: site.host") and f"\n{site}:3: site.languages" in told
    assert refused(serve(tmp_path, *ORIGIN, "--site", str(site), "--workers", "1")) == told
    for words, reason in (
        (("--listen", taken), f"cannot listen on {taken}: Address already in use"),
        (("--admin", taken), f"--admin: cannot listen on {taken}: Address already in use"),
        (
            ("--database", f"postgresql://{taken}/x?connect_timeout=1"),
            "does not start: postgresql+psycopg://",
        ),
        (("--cert", str(site)), "--cert and --key go together"),
        (("--cert", str(site), "--key", str(site)), f"{site}"),
    ):
        assert reason in refused(serve(tmp_path, *ORIGIN, *words))
    keys = serve(tmp_path, *ORIGIN, environment={**AS_JSON, "CONSENT_GATEWAY_KEYS": "none"})
    assert "does not start: CONSENT_GATEWAY_KEYS: entry 1" in refused(keys)


def test_so_is_what_is_wrong_with_options_and_environment(tmp_path: Path) -> None:
    assert refused(serve(tmp_path)).startswith("Missing option '--origin'")
    options = ("--origin", "ftp://a", "--log-format", "json")
    assert "'ftp://a' is not an address" in refused(serve(tmp_path, *options, environment={}))
    options = ("--no-such-option", *ORIGIN, "--log-format=json")
    assert refused(serve(tmp_path, *options, environment={})) == "No such option '--no-such-option'."
    misspelt = serve(tmp_path, *ORIGIN, environment={**AS_JSON, "CONSENT_GATEWAY_DATABSE": "x"})
    assert "perhaps CONSENT_GATEWAY_DATABASE" in refused(misspelt)


def test_text_stays_as_it_was_also_where_the_environment_says_json(tmp_path: Path) -> None:
    options = ("--log-format", "text", *ORIGIN)
    done = serve(tmp_path, *options, "--site", "gone.toml")
    assert done.stderr == "consent-gateway: does not start: gone.toml: No such file or directory\n"
    done = serve(tmp_path, "--log-format", "text")
    assert done.stderr.startswith("Usage: ") and "\nError: Missing option '--origin'" in done.stderr
    done = serve(tmp_path, *options, environment={"CONSENT_GATEWAY_DATABSE": "x"})
    assert done.stderr.startswith("Usage: ") and "\nError: CONSENT_GATEWAY_DATABSE in the" in done.stderr


def test_a_site_file_that_is_refused_while_it_runs_is_told_in_lines_of_the_log(tmp_path: Path) -> None:
    site, log = tmp_path / "site.toml", tmp_path / "log"
    site.write_text('[site]\nlanguages = ["en"]\n')
    command = [*started.command(), "serve", *ORIGIN, "--state", str(tmp_path / "state"), "--workers", "1",
               "--listen", "127.0.0.1:0", "--site", str(site), "--log-format", "json"]  # fmt: skip
    with open(log, "w") as file:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=file, text=True)
    try:
        assert process.stdout and process.stdout.readline().startswith("listening on")
        site.write_text('[site]\nlanguages = ["xx"]\n')
        process.send_signal(signal.SIGHUP)
        eventually(lambda: "not renewed" in log.read_text())
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
        process.communicate()
    lines = [json.loads(one) for one in log.read_text().splitlines()]
    assert all(line.keys() >= FIELDS for line in lines)
    reason, consequence = [line["message"] for line in lines if line["level"] == "error"]
    assert reason.startswith(f"does not start:\n{site}:2: site.languages")
    assert consequence.startswith("not renewed")


def test_so_is_an_error_that_nobody_thought_of_without_its_words() -> None:
    program = """if True:
        import threading
        from consent_gateway.commands.logged import log
        log("json")
        def fail(): raise ValueError("markierung")
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
        fail()
    """
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    lines = [json.loads(one) for one in done.stderr.splitlines()]
    assert done.returncode == 1 and [line["error"] for line in lines] == ["ValueError", "ValueError"]
    assert "fail" in lines[1]["raised_at"][-1] and "markierung" not in done.stderr
