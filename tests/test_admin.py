"""`serve --admin`: what the operator sees, and only where he looks."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from consent_gateway.commands.options import Loopback
from consent_gateway.database import in_folder
from consent_gateway.standing import look
from consent_gateway.starting import Settings, start
from tests import started
from tests.loopback import Server, showing
from tests.waiting import eventually

PAGE = "<!doctype html><head></head><body><iframe src=https://www.youtube.com/embed/abcdefghijk></iframe>"


@pytest.fixture(scope="module")
def origin() -> Iterator[Server]:
    with showing(PAGE) as server:
        yield server


def free() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


def ask(host: str, path: str, method: str = "GET", body: str = "") -> tuple[int, str]:
    connection = http.client.HTTPConnection(host, timeout=20)
    headers = (
        {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{host}"} if body else {}
    )
    connection.request(method, path, body or None, headers)
    response = connection.getresponse()
    answer = response.status, response.read().decode()
    connection.close()
    return answer


@pytest.mark.parametrize("workers", [(), ("--workers", "2")], ids=["one process", "workers"])
def test_figures_and_faults_are_told_on_an_address_of_their_own(
    origin: Server, tmp_path: Path, workers: tuple[str, ...]
) -> None:
    admin = free()
    command = [*started.command(), "serve", "--origin", origin.address, "--listen", "127.0.0.1:0",
               "--state", str(tmp_path / "state"), "--admin", admin, *workers]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        host = process.stdout.readline().strip().removeprefix("listening on http://")
        for _ in range(4):
            assert ask(host, "/")[0] == 200
        ask(host, "/.privacy/choice", "POST", "decision=reject_all")
        wanted = (
            'requests_total{kind="document"} 4',
            'requests_total{kind="own"} 1',
            'held_total{service="youtube"} 4',
            "pages_edited_total 4",
            'decisions_total{kind="refusal"} 1',
            "request_duration_seconds_count 5",
            f"workers_up {2 if workers else 1}",
        )
        eventually(lambda: all(f"consent_gateway_{one}\n" in ask(admin, "/metrics")[1] for one in wanted))
        status, text = ask(admin, "/status")
        (fault,) = json.loads(text)["faults"]
        assert status == 503 and fault.startswith("policy incomplete: ")
        for path in ("/metrics", "/status"):
            assert ask(host, path)[1].startswith("<!doctype html>")  # the site's own
            status, text = ask(host, f"/.privacy{path}")
            assert status == 404 and "consent_gateway_" not in text and "faults" not in text
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
        process.communicate()


def test_nothing_of_a_visitor_is_among_the_figures(origin: Server, tmp_path: Path) -> None:
    admin = free()
    command = [*started.command(), "serve", "--origin", origin.address, "--listen", "127.0.0.1:0",
               "--state", str(tmp_path / "state"), "--admin", admin]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        host = process.stdout.readline().strip().removeprefix("listening on http://")
        ask(host, "/marked?q=marked")
        ask(host, "/.privacy/choice", "POST", "decision=accept_all&purpose=marked&return=/marked")
        ask(host, "/.privacy/ga/g/collect?v=2&tid=G-MARKED&en=marked", "POST", "marked")
        eventually(lambda: 'requests_total{kind="hit"} 1' in ask(admin, "/metrics")[1])
        told = "".join(ask(admin, path)[1] for path in ("/metrics", "/status"))
        process.send_signal(signal.SIGTERM)
    assert "marked" not in told.lower() and "127.0.0.1" not in told
    assert {*re.findall(r'(\w+)="', told)} == {"kind", "service", "outcome", "le"}


async def test_what_is_wrong_is_named(state: Path) -> None:
    running = start(Settings(origin="http://127.0.0.1:9", origin_hosts=(), state=state, environment={}))
    await running.close()
    database = in_folder(state)
    assert look(state, database, {}).faults == ()
    (state / "unwritten").write_bytes(b"\none\n\ntwo\n\n")
    standing = look(state, database, {})
    assert (standing.waiting, standing.faults) == (2, ("journal growing: 2 records wait for the ledger",))
    (state / "unwritten").unlink()
    (state / "keys").write_text("damaged")
    (state / "ledger.sqlite3").unlink()
    faults = look(state, database, {}).faults
    assert [fault.partition(":")[0] for fault in faults] == ["database unreachable", "keys unreadable"]


def served(origin: Server, folder: Path, *options: str) -> tuple[int, str]:
    """What `serve` says until it has ended, or is ended once it answers."""
    command = [*started.command(), "serve", "--origin", origin.address, "--state", str(folder)]
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:  # fmt: skip
        assert process.stdout
        process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=30)
        return process.returncode, said


def test_an_address_that_other_computers_reach_is_warned_of(origin: Server, tmp_path: Path) -> None:
    code, said = served(origin, tmp_path, "--listen", "127.0.0.1:0", "--admin", "0.0.0.0:0")
    assert code == 0 and "warning: --admin 0.0.0.0:0 can be reached from other computers" in said
    code, said = served(origin, tmp_path, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0")
    assert code == 0 and "--admin" not in said


def test_the_operators_address_is_not_that_of_visitors(origin: Server, tmp_path: Path) -> None:
    shared = free()
    code, said = served(origin, tmp_path, "--listen", shared, "--admin", shared)
    assert code == 2 and f"--admin {shared} is where visitors come in" in said
    taken = origin.address.removeprefix("http://")
    code, said = served(origin, tmp_path, "--listen", shared, "--admin", taken)
    assert code == 2 and f"--admin: cannot listen on {taken}: Address already in use" in said


def test_the_operators_address_is_on_this_computer_unless_he_says_more() -> None:
    assert Loopback().convert(":9100", None, None) == ("127.0.0.1", 9100)
    assert Loopback().convert("10.0.0.1:9100", None, None) == ("10.0.0.1", 9100)
