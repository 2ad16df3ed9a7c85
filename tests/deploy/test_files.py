"""What is in deploy/ is taken by the programs it is for, and names only what there is."""

from __future__ import annotations

import ast
import base64
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import trustme

from consent_gateway.forwarding import TOLD_BY_PROXIES
from consent_gateway.key_file import KEYS_VARIABLE, KeyFile
from consent_gateway.private_files import BadState
from consent_gateway.proxy.deadlines import GRACE, INACTIVE_SECONDS
from consent_gateway.proxy.draining import DRAIN_SECONDS
from consent_gateway.recording import STOP_SECONDS
from consent_gateway.reference.commands import commands
from tests import postgresql
from tests.crowd import SECRET
from tests.fronts import DEPLOY, HAPROXY, HOST, NGINX, configured, program
from tests.loopback import Server, showing
from tests.waiting import eventually

UNITS = sorted((DEPLOY / "systemd").iterdir())
UNIT = DEPLOY / "systemd" / "consent-gateway.service"
PROGRAM = "/opt/consent-gateway/bin/consent-gateway"


def settings() -> dict[str, str]:
    """gateway.env, as systemd and container engines read it."""
    lines = (DEPLOY / "gateway.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def variables() -> dict[str, set[str]]:
    """What commands take from the environment, by command."""
    return {
        name: {str(one.envvar) for one in context.command.params if isinstance(one, click.Option) and one.envvar}
        for name, context in commands()
    }  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With a certificate for the proxies."""
    issued = trustme.CA().issue_cert(HOST)
    issued.cert_chain_pems[0].write_to_path(tmp_path / "chain.pem")
    issued.private_key_pem.write_to_path(tmp_path / "key.pem")
    issued.private_key_and_cert_chain_pem.write_to_path(tmp_path / "both.pem")
    return tmp_path


def taken(kind: str, file: Path) -> tuple[bool, str]:
    """Whether a configuration is one, and what the program says of it."""
    command = [program(kind), "-t", "-c", str(file)] if kind == NGINX else [program(kind), "-c", "-f", str(file)]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    return done.returncode == 0, done.stdout + done.stderr


def with_http3(kind: str, folder: Path, name: str, below: str) -> tuple[Path, list[str]]:
    """The configuration with the lines for HTTP/3 in it, and those that only a build with it understands."""
    file = configured(kind, folder, ("127.0.0.1:1", "127.0.0.1:2"), "127.0.0.1:3")
    text, lines = file.read_text(), (DEPLOY / kind / name).read_text().splitlines()
    added = [line.replace("/etc/haproxy/tls/www.example.com.pem", str(folder / "both.pem")) for line in lines]
    [own] = [line for line in text.splitlines() if re.fullmatch(below, line)]
    file.write_text(text.replace(f"{own}\n", "\n".join([own, *added, ""])))
    return file, [line for line in added if "quic" in line.partition("#")[0] or line.startswith("http3")]


@pytest.mark.parametrize(
    ("kind", "name", "below", "asked", "able"),
    [
        (NGINX, "http3.conf", r"    ssl_certificate .*", "-V", "http_v3_module"),
        (HAPROXY, "http3.cfg", r"    bind \S+ ssl .*", "-vv", "+QUIC"),
    ],
)  # fmt: skip
def test_http_3_is_configured(kind: str, name: str, below: str, asked: str, able: str, folder: Path) -> None:
    """Where the package lacks it, all but the lines that are of HTTP/3 alone; it is run nowhere."""
    file, of_http3 = with_http3(kind, folder, name, below)
    assert of_http3
    done = subprocess.run([program(kind), asked], capture_output=True, text=True, timeout=30)
    whole, said = taken(kind, file)
    if able in done.stdout + done.stderr:
        assert whole, said
        return
    assert not whole and "quic" in said, said
    text = file.read_text()
    for line in of_http3:
        text = text.replace(f"{line}\n", "")
    file.write_text(text)
    assert taken(kind, file)[0], taken(kind, file)[1]
    pytest.skip(f"{kind} is here without HTTP/3: only the rest of {name} could be checked")


def test_both_proxies_say_all_that_a_trusted_proxy_is_believed_or_drop_it() -> None:
    """The gateway and the site take their word; in nginx a location with one such line has none of those above."""
    nginx = (DEPLOY / "nginx" / "consent-gateway.conf").read_text()
    haproxy = (DEPLOY / "haproxy" / "haproxy.cfg").read_text()
    server, _, files = nginx.partition("    location ~* ")
    files = files.partition("\n    }")[0]
    for name in TOLD_BY_PROXIES:
        said = re.compile(rf"proxy_set_header {name} ")
        assert said.search(server) and said.search(files), name
        assert re.search(rf"http-request (?:set|del)-header {name}\b", haproxy), name


@pytest.mark.parametrize("file", ["haproxy/haproxy.cfg", "nginx/consent-gateway.conf"])
def test_a_proxy_waits_longer_than_the_gateway_for_an_origin_that_says_nothing(file: str) -> None:
    """Else a slow page counts as a machine that is away, and the visitor does not get the gateway's own page."""
    [seconds] = re.findall(
        r"^ *(?:timeout server|proxy_read_timeout) +(\d+)s;?$", (DEPLOY / file).read_text(), re.M
    )
    assert INACTIVE_SECONDS + GRACE < int(seconds) < INACTIVE_SECONDS + 10


def test_nginx_takes_its_file_inside_http_alone(folder: Path) -> None:
    text = configured(NGINX, folder, ("127.0.0.1:1", "127.0.0.1:2"), "127.0.0.1:3").read_text()
    whole, said = taken(NGINX, folder / "nginx.conf")
    assert whole, said
    (folder / "nginx.conf").write_text(text.replace("http {", "", 1).rstrip().removesuffix("}"))
    assert not taken(NGINX, folder / "nginx.conf")[0]
    assert "inside `http { }`" in (DEPLOY / "nginx" / "consent-gateway.conf").read_text()


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("there is no systemd-analyze on this machine")
    for unit in UNITS:
        (tmp_path / unit.name).write_text(unit.read_text().replace(PROGRAM, sys.executable))
    files = [str(tmp_path / unit.name) for unit in UNITS]
    done = subprocess.run([analyze, "verify", *files], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    "unit", [unit for unit in UNITS if unit.suffix == ".service"], ids=lambda unit: unit.name
)
def test_units_call_commands_that_there_are_and_hold_no_secret(unit: Path) -> None:
    text = unit.read_text()
    [line] = re.findall(r"^ExecStart=(.*)$", text, re.M)
    path, *words = shlex.split(line)
    assert path == PROGRAM and " ".join(words) in dict(commands())
    assert "EnvironmentFile=/etc/consent-gateway/gateway.env" in text and "secret" not in text.lower()


@pytest.mark.parametrize("file", ["haproxy/haproxy.cfg", "nginx/consent-gateway.conf", "Containerfile"])
def test_whether_a_machine_gets_requests_does_not_depend_on_the_one_database(file: str) -> None:
    """Else all of them are out of turn when it is away, and pages need none."""
    asked = re.findall(r"/\.privacy/healthz([^\s':]*)", (DEPLOY / file).read_text())
    assert asked and {*asked} == {"?for=pages"}


def reload_of(unit: Path) -> str:
    [line] = re.findall(r"^ExecReload=(.*)$", unit.read_text(), re.M)
    return str(line)


def test_the_first_process_alone_is_told_to_end_and_has_the_time_it_takes() -> None:
    text = UNIT.read_text()
    assert "KillMode=mixed" in text and int(settings()["CONSENT_GATEWAY_WORKERS"]) > 0
    [seconds] = re.findall(r"^TimeoutStopSec=(\d+)$", text, re.M)
    assert int(seconds) > DRAIN_SECONDS + STOP_SECONDS


def test_the_environment_says_all_that_serve_needs_and_nothing_unknown() -> None:
    assert {*settings()} <= variables()["serve"] | {KEYS_VARIABLE}
    assert {"CONSENT_GATEWAY_ORIGIN", "CONSENT_GATEWAY_DATABASE", KEYS_VARIABLE} <= {*settings()}
    assert {"CONSENT_GATEWAY_STATE", "CONSENT_GATEWAY_DATABASE"} <= variables()["ledger verify"]


def test_an_environment_that_nobody_has_changed_starts_nothing(tmp_path: Path) -> None:
    with pytest.raises(
        BadState, match=f"^{KEYS_VARIABLE}: still CHANGE-ME; .* consent-gateway keys new --print"
    ):
        KeyFile(tmp_path).ring(settings())


def test_the_document_names_every_variable_with_its_option() -> None:
    text = (DEPLOY.parent / "docs" / "production.md").read_text()
    rows = dict(re.findall(r"^\| `(CONSENT_GATEWAY_\w+)` \| `(--[a-z-]+)` \|$", text, re.M))
    [serve] = [context.command for name, context in commands() if name == "serve"]
    assert rows == {str(one.envvar): one.opts[0] for one in serve.params if isinstance(one, click.Option) and one.envvar}  # fmt: skip


def family(first: int) -> list[Path]:
    """A process and its children in /proc; nothing where the machine has none."""
    children = Path(f"/proc/{first}/task/{first}/children")
    return (
        [Path(f"/proc/{one}") for one in (first, *children.read_text().split())] if children.exists() else []
    )


@pytest.fixture(scope="module")
def origin() -> Iterator[Server]:
    with showing("<!doctype html><head></head><body><p>A page.</p></body>") as server:
        yield server


@pytest.mark.slow
def test_a_gateway_that_is_told_everything_by_its_environment_serves(origin: Server, tmp_path: Path) -> None:
    """What stands on a command line everybody on the machine can read; the password is not there."""
    (tmp_path / "site.toml").write_text('[services.youtube]\n[site]\nscheme = "https"\n')
    with postgresql.server() as database:
        here = {
            "CONSENT_GATEWAY_ORIGIN": origin.address,
            "CONSENT_GATEWAY_LISTEN": "127.0.0.1:0",
            "CONSENT_GATEWAY_SITE": str(tmp_path / "site.toml"),
            "CONSENT_GATEWAY_STATE": str(tmp_path / "state"),
            "CONSENT_GATEWAY_DATABASE": database.url.replace("tests@", "tests:a-password@"),
            "CONSENT_GATEWAY_WORKERS": "1",
            "CONSENT_GATEWAY_ADMIN": "127.0.0.1:0",
            "CONSENT_GATEWAY_LOG_FORMAT": "json",
            KEYS_VARIABLE: f"test:{base64.b64encode(SECRET).decode()}",
        }
        assert here.keys() == settings().keys()
        environment, start = os.environ | here, [sys.executable, "-m", "consent_gateway"]
        log = tmp_path / "log"
        with log.open("w") as told:
            process = subprocess.Popen([*start, "serve"], stdout=subprocess.PIPE, stderr=told, text=True, env=environment, cwd=tmp_path)  # fmt: skip
        try:
            assert process.stdout
            address = process.stdout.readline().removeprefix("listening on ").strip()
            with urllib.request.urlopen(address, timeout=20) as answer:
                assert b"A page." in answer.read()
            for one in family(process.pid):
                assert b"a-password" not in (one / "cmdline").read_bytes()
                assert (one / "environ").stat().st_mode & 0o077 == 0  # its own account and root read it
            subprocess.run(["sh", "-c", f"MAINPID={process.pid}; {reload_of(UNIT)}"], check=True, timeout=20)
            eventually(lambda: "renewed: 1 new workers answer" in log.read_text(), 120)
            assert "a-password" not in log.read_text()
            assert all(json.loads(line)["level"] for line in log.read_text().splitlines())
            found = subprocess.run(
                [*start, "ledger", "verify"], capture_output=True, text=True, env=environment, timeout=60
            )
            assert found.returncode == 0 and "0 records, unbroken" in found.stdout, found.stderr
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=30) == 0
        finally:
            process.kill()
            process.communicate()
    assert not (tmp_path / "state" / "ledger.sqlite3").exists()


def instructions() -> list[tuple[str, str]]:
    """The Containerfile, one instruction each."""
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Containerfile").read_text(), flags=re.M).replace("\\\n", " ")
    return [
        (name, rest.strip()) for name, _, rest in (line.partition(" ") for line in text.splitlines() if line)
    ]


def test_the_containerfile_names_only_what_there_is() -> None:
    """Read, not built: the tests have no engine."""
    known = {"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT", "CMD"}  # fmt: skip
    found = instructions()
    assert {name for name, _ in found} <= known
    copied = [
        word for name, rest in found if name == "COPY" and "--from" not in rest for word in rest.split()[:-1]
    ]
    assert copied and [name for name in copied if not (DEPLOY.parent / name).exists()] == []
    project = tomllib.loads((DEPLOY.parent / "pyproject.toml").read_text())
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert {*wheel["packages"], *wheel["force-include"], project["project"]["readme"]} <= {*copied}
    [ran] = [rest for name, rest in found if name == "RUN" and "pip" in rest]
    assert {*re.findall(r"\.\[([\w,]+)\]", ran)} <= project["project"]["optional-dependencies"].keys()
    [environment] = [rest for name, rest in found if name == "ENV"]
    assert {*re.findall(r"CONSENT_GATEWAY_\w+", environment)} <= variables()["serve"]
    assert (dict(found)["USER"], dict(found)["STOPSIGNAL"]) == ("10001", "SIGTERM")
    assert " ".join(json.loads(dict(found)["CMD"])) in dict(commands())
    ast.parse(json.loads(dict(found)["HEALTHCHECK"].partition("CMD ")[2])[2])
