"""`consent-gateway serve`, as it is called."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import ssl
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import pytest
import trustme
from click.testing import CliRunner, Result

from consent_gateway.commands import main
from consent_gateway.commands.serve import shortcoming
from consent_gateway.proxy.master import OLDEST_FOR_PRODUCTION
from tests import started
from tests.conftest import ROOT
from tests.loopback import Server, showing

PAGE = "<!doctype html><head></head><body><iframe src=https://www.youtube.com/embed/abcdefghijk></iframe>"


@pytest.fixture(scope="module")
def origin() -> Iterator[Server]:
    with showing(PAGE) as server:
        yield server


@contextmanager
def served(
    origin: Server, folder: Path, *options: str, program: Sequence[str] = ()
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process, and the address that its one line names."""
    command = [*(program or started.command()), "serve", "--origin", origin.address,
               "--listen", "127.0.0.1:0", "--state", str(folder / "state"), *options]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder)
    try:
        assert process.stdout
        line = process.stdout.readline()
        assert line.startswith("listening on "), process.stderr and process.stderr.read()
        yield process, line.removeprefix("listening on ").strip()
    finally:
        process.kill()
        process.communicate()


def get(address: str, path: str = "/", context: ssl.SSLContext | None = None) -> tuple[int, bytes]:
    scheme, _, host = address.partition("://")
    connection = (
        http.client.HTTPSConnection(host, timeout=10, context=context)
        if scheme == "https"
        else http.client.HTTPConnection(host, timeout=10)
    )
    connection.request("GET", path)
    response = connection.getresponse()
    answer = response.status, response.read()
    connection.close()
    return answer


def run(*arguments: str) -> Result:
    """On a free port, unless one is named: on the usual one a demo may be running."""
    listen = () if "--listen" in arguments else ("--listen", "127.0.0.1:0")
    return CliRunner().invoke(main, ["serve", *arguments, *listen])


def test_without_a_site_file_it_warns_that_unknown_third_parties_load(origin: Server, tmp_path: Path) -> None:
    for options in ([], ["--workers", "2"]):
        with served(origin, tmp_path, *options) as (process, _):
            process.terminate()
            said = process.communicate(timeout=30)[1]
        assert said.count("warning: there is no site file") == 1 and "LOAD" in said
    (tmp_path / "site.toml").write_text("")
    with served(origin, tmp_path, "--site", "site.toml") as (process, _):
        process.terminate()
        assert "there is no site file" not in process.communicate(timeout=30)[1]


def test_it_answers_when_it_says_so_and_ends_cleanly(origin: Server, tmp_path: Path) -> None:
    with served(origin, tmp_path, program=started.PLAIN) as (process, address):
        assert address.startswith("http://127.0.0.1:")
        status, page = get(address)
        assert status == 200 and b'data-privacy="placeholder"' in page and b"youtube.com/embed" not in page
        assert get(address, "/.privacy/healthz") == (200, b"ok\n")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
        assert "Traceback" not in (process.stderr.read() if process.stderr else "")
    assert {"keys", "ledger.sqlite3"} <= {path.name for path in (tmp_path / "state").iterdir()}


def test_the_state_is_nobody_elses_to_read(origin: Server, tmp_path: Path) -> None:
    with served(origin, tmp_path):
        assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700
        assert (tmp_path / "state" / "keys").stat().st_mode & 0o777 == 0o600


def test_a_choice_outlives_a_restart(origin: Server, tmp_path: Path) -> None:
    with served(origin, tmp_path) as (_, address):
        host = address.removeprefix("http://")
        connection = http.client.HTTPConnection(host, timeout=10)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": address}
        connection.request("POST", "/.privacy/choice", "decision=accept_all", headers)
        cookie = connection.getresponse().getheader("Set-Cookie", "").partition(";")[0]
        connection.close()
    with served(origin, tmp_path, "--listen", host) as (_, again):
        connection = http.client.HTTPConnection(again.removeprefix("http://"), timeout=10)
        connection.request("GET", "/", headers={"Cookie": cookie})
        assert b"youtube.com/embed" in connection.getresponse().read()
        connection.close()


def test_with_a_certificate_it_speaks_tls_and_http_1_alone(origin: Server, tmp_path: Path) -> None:
    """H07, H32: mitmproxy would write a body of HTTP/2 without its length, and keep what nobody takes."""
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1")
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    issued.cert_chain_pems[0].write_to_path(cert)
    issued.private_key_pem.write_to_path(key)
    context = ssl.create_default_context()
    authority.configure_trust(context)
    context.set_alpn_protocols(["h2", "http/1.1"])
    with served(origin, tmp_path, "--cert", str(cert), "--key", str(key)) as (_, address):
        host, _, port = address.removeprefix("https://").partition(":")
        with (
            socket.create_connection((host, int(port)), 10) as plain,
            context.wrap_socket(plain, server_hostname=host) as secure,
        ):
            assert secure.selected_alpn_protocol() != "h2"
        assert address.startswith("https://")
        status, page = get(address, context=context)
        assert status == 200 and b"data-privacy" in page


def test_an_address_in_use_is_named(origin: Server, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        result = run("--origin", origin.address, "--listen", address, "--state", str(tmp_path))
    assert result.exit_code == 2
    assert result.stderr == f"consent-gateway: cannot listen on {address}: Address already in use\n"
    assert "listening on" not in result.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("site", "reason"),
    [
        ("[site]\nhost = ['a']\n", "site.toml:2: site.host: unknown key"),
        ("[analytics]\nvisitors_per_day = 'many'\n", "analytics.visitors_per_day"),
        ("[services.linkedn]\n", "services.linkedn"),
        ("oops", "not TOML"),
    ],
)
def test_a_bad_site_file_is_an_error_before_anything_is_served(
    origin: Server, tmp_path: Path, site: str, reason: str
) -> None:
    file = tmp_path / "site.toml"
    file.write_text(site)
    result = run("--origin", origin.address, "--site", str(file), "--state", str(tmp_path / "state"))
    assert result.exit_code == 2
    assert reason in result.stderr
    assert "listening on" not in result.stdout
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "Missing option '--origin'"),
        (["--origin", "example.com"], "is not an address such as"),
        (["--origin", "ftp://example.com"], "is not an address such as"),
        (["--origin", "http://127.0.0.1:99999"], "has no valid host or port"),
        (["--origin", "http://[::1"], "has no valid host or port"),
        (["--origin", "http://127.0.0.1:0"], "has no valid host or port"),
        (["--origin", "http://two words"], "has no valid host or port"),
        (["--origin", "http://127.0.0.1/?a=b"], "queries are taken as visitors ask"),
        (["--origin", "http://127.0.0.1/#top"], "what follows '#' never reaches a server"),
        (
            ["--origin", "http://localhost:8080", "--listen", "127.0.0.1:8080"],
            "--origin http://localhost:8080 is where the gateway itself",
        ),
        (
            ["--origin", "http://127.0.0.1", "--listen", "nosuch.invalid:80"],
            "cannot listen on nosuch.invalid:80: ",
        ),
        (["--origin", "http://127.0.0.1/app"], "scheme, host and port only: paths are"),
        (["--origin", "http://127.0.0.1", "--listen", "8080"], "is not HOST:PORT"),
        (["--origin", "http://127.0.0.1", "--site", "none.toml"], "none.toml"),
        (["--origin", "http://127.0.0.1", "--database", "oracle"], "database"),
    ],
)
def test_what_cannot_be_served_is_said_in_one_line(
    tmp_path: Path, arguments: list[str], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert result.exit_code == 2
    assert reason in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "origin",
    ["http://user:geheim@127.0.0.1", "http://user:ge/heim@h", "user:geheim@h", "http://u:geheim@h:99999"],
)
def test_a_password_in_the_address_of_the_origin_is_refused_and_not_repeated(origin: str) -> None:
    result = run("--origin", origin)
    assert result.exit_code == 2
    assert "heim" not in result.output
    assert "user name or password" in result.stderr or "geheim@127" not in origin


def test_a_password_on_the_command_line_is_warned_of_and_not_repeated(tmp_path: Path) -> None:
    """Everybody on the machine reads it there."""
    address = "postgresql://gateway:a-password@127.0.0.1:1/gateway"
    command = [*started.command(), "serve", "--origin", "http://127.0.0.1:9", "--listen", "127.0.0.1:0"]  # fmt: skip

    def said(*options: str, **environment: str) -> tuple[int, str]:
        done = subprocess.run([*command, *options], capture_output=True, text=True, timeout=60, cwd=tmp_path, env=os.environ | environment)  # fmt: skip
        return done.returncode, done.stderr

    shown, hidden = said("--database", address), said(CONSENT_GATEWAY_DATABASE=address)
    assert "the password in --database stands in the list of processes" in shown[1]
    assert "list of processes" not in hidden[1]
    assert (shown[0], hidden[0]) == (2, 2) and "a-password" not in shown[1] + hidden[1]


def test_certificate_and_key_go_together(tmp_path: Path) -> None:
    file = tmp_path / "cert.pem"
    file.write_text("x")
    for option in ("--cert", "--key"):
        result = run("--origin", "http://127.0.0.1", option, str(file))
        assert result.exit_code == 2 and "go together" in result.stderr


def test_what_is_no_certificate_is_an_error_before_anything_is_served(tmp_path: Path) -> None:
    file = tmp_path / "hostname"
    file.write_text("example\n")
    result = run("--origin", "http://127.0.0.1", "--cert", str(file), "--key", str(file),
                 "--state", str(tmp_path / "state"))  # fmt: skip
    assert result.exit_code == 2
    assert result.stderr == f"consent-gateway: {file}: there is no certificate in it (PEM)\n"
    assert not (tmp_path / "state").exists()


def test_an_old_mitmproxy_is_named_with_the_remedy() -> None:
    assert shortcoming().startswith(
        f"mitmproxy {version('mitmproxy')} has known security holes; in production"
    )
    assert "Python 3.12 or newer" in shortcoming() or "pip install 'mitmproxy>=" in shortcoming()


def test_the_readme_says_which_python_is_for_production_and_why() -> None:
    text = " ".join((ROOT / "README.md").read_text("utf-8").split())
    oldest = ".".join(map(str, OLDEST_FOR_PRODUCTION))
    assert f"In production use Python 3.12 or newer: there pip installs mitmproxy {oldest} or newer." in text
    assert "GHSA-847f-9342-265h" in text and "CVE-2025-43859" in text


def test_a_state_folder_that_cannot_be_written_is_an_error(origin: Server, tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.write_text("a file where a folder should be")
    result = run("--origin", origin.address, "--state", str(state))
    assert result.exit_code == 2 and str(state) in result.stderr


@pytest.mark.parametrize("name", ["ledger.sqlite3", "keys", "seen.json"])
def test_a_damaged_file_of_the_state_folder_is_named(origin: Server, state: Path, name: str) -> None:
    (state / name).write_text("something else " * 100)
    (state / name).chmod(0o600)
    result = run("--origin", origin.address, "--listen", "127.0.0.1:0", "--state", str(state))
    assert result.exit_code == 2
    assert result.stderr.startswith(f"consent-gateway: does not start: {state / name}: ")
    assert result.stderr.count("\n") == 1


def test_a_log_that_cannot_be_written_is_named(origin: Server, tmp_path: Path) -> None:
    log = tmp_path / "nowhere" / "log"
    result = run("--origin", origin.address, "--listen", "127.0.0.1:0", "--state", str(tmp_path / "state"),
                 "--outbound-log", str(log))  # fmt: skip
    assert result.exit_code == 2
    assert result.stderr == f"consent-gateway: does not start: {log}: No such file or directory\n"


def test_the_help_teaches() -> None:
    text = run("--help").stdout
    for word in ("--origin", "--listen", "127.0.0.1:8080", "--state", "--outbound-log", "listening on"):
        assert word in text


def test_a_list_that_is_missing_keeps_it_from_starting(origin: Server, tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text('[third_parties]\nlists = ["own.txt"]\n')
    result = run("--origin", origin.address, "--listen", "127.0.0.1:0", "--state", str(tmp_path / "state"),
                 "--site", str(file))  # fmt: skip
    assert result.exit_code == 2
    assert f"{file}:2: third_parties.lists: own.txt: No such file or directory" in result.stderr
    assert not (tmp_path / "state").exists()


def test_templates_that_hide_the_refusal_are_not_served(tmp_path: Path) -> None:
    """BAN-01, BAN-02"""
    own = tmp_path / "templates" / "static"
    own.mkdir(parents=True)
    (own / "notice.css").write_text('[value="reject_all"] { display: none }')
    (tmp_path / "site.toml").write_text('[site]\nlanguages = ["en"]\n')
    result = CliRunner().invoke(
        main,
        ["serve", "--site", str(tmp_path / "site.toml"), "--origin", "http://127.0.0.1:9", "--listen", "127.0.0.1:0",
         "--state", str(tmp_path / "state"), "--templates", str(own.parent)],
    )  # fmt: skip
    assert result.exit_code == 2
    assert "display: none hides the answers" in result.stderr
    assert "listening" not in result.stdout
