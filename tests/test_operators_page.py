"""What docs/operators.md tells people to run, run in its order on a site of the tests' own."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import trustme

from consent_gateway.commands import COMMANDS, main
from tests.conftest import ROOT
from tests.loopback import Server, showing
from tests.shop import START

PAGE = (ROOT / "docs" / "operators.md").read_text("utf-8")
STEPS = [line.strip() for line in re.findall(r"^    ((?:consent-gateway|sed) .*)$", PAGE, re.M)]
NOT_HERE = {"audit"}  # needs a browser and minutes; its own tests run it


@pytest.fixture(scope="module", name="site")
def _site() -> Iterator[Server]:
    with showing(START) as server:
        yield server


@pytest.fixture(scope="module", name="folder")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where somebody goes through the page, with a certificate and the program on the path."""
    folder = tmp_path_factory.mktemp("operator")
    own = trustme.CA().issue_cert("127.0.0.1")
    own.cert_chain_pems[0].write_to_path(folder / "chain.pem")
    own.private_key_pem.write_to_path(folder / "key.pem")
    program = folder / "bin" / "consent-gateway"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m consent_gateway "$@"\n')
    program.chmod(0o755)
    return folder


def here(step: str, site: Server) -> str:
    """A command of the page, for this site and on a free port."""
    step = step.replace("https://www.example.com", site.address).replace(
        "http://127.0.0.1:9000", site.address
    )
    step = step.replace("--listen :443", "").replace("/var/lib/consent-gateway", "state")
    if " init " in f" {step}":
        step = step.replace("init ", "init --plain ", 1)
    return f"{step} --listen 127.0.0.1:0" if " serve " in step else step


def run(step: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        ["sh", "-c", step], cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )


def served(step: str, folder: Path) -> tuple[str, str]:
    """The address a server names, and the page it gives there."""
    environment = {**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        shlex.split(step),
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout and process.stderr
        line = process.stdout.readline()
        assert line.startswith("listening on "), process.stderr.read()
        address = line.removeprefix("listening on ").strip()
        if address.startswith("https"):
            return address, ""
        with urllib.request.urlopen(f"{address}/", timeout=10) as answer:
            return address, answer.read().decode()
    finally:
        process.terminate()
        process.communicate(timeout=20)


def test_the_page_has_every_step_and_every_command_is_one() -> None:
    words = [step.split()[1] for step in STEPS if step.startswith("consent-gateway")]
    assert list(dict.fromkeys(words)) == ["init", "check", "serve", "reports", "services", "audit"]
    assert {word for word in words if word not in COMMANDS} <= NOT_HERE


def test_whoever_goes_through_it_gets_a_gateway_that_holds_what_is_unknown(
    site: Server, folder: Path
) -> None:
    steps = [here(step, site) for step in STEPS if step.split()[1] not in NOT_HERE]
    init, check, trial, serve, reports, begin, strict, production, again = steps
    looked = run(init, folder)
    assert looked.returncode == 0, looked.stderr
    assert run(check, folder).returncode == 0
    assert run(trial, folder).returncode == 0
    address, page = served(serve, folder)
    assert address.startswith("http://127.0.0.1:")
    assert "cdn.shopfiles.net/cart.js" not in page and 'data-privacy="notice"' in page
    assert run(reports, folder).returncode == 0
    assert run(begin, folder).returncode == 0 and "[controller]" in (folder / "acme.toml").read_text()
    refused = run(strict, folder)
    assert refused.returncode == 1 and "left to the site's own page" in refused.stdout
    assert served(production, folder)[0].startswith("https://127.0.0.1:")
    assert run(again, folder).stdout == ""  # nothing new


def test_a_capture_can_be_looked_at_as_it_says(folder: Path) -> None:
    from tests.shop import har, shop

    (command,) = re.findall(r"`(consent-gateway init shop\.har [^`]*)`", PAGE)
    har(shop(), folder / "shop.har")
    done = run(command.replace("site.toml", "other.toml"), folder)
    assert done.returncode == 0, done.stderr
    assert run("consent-gateway check other.toml", folder).returncode == 0


def test_every_option_that_it_names_exists() -> None:
    options = {
        option
        for name in COMMANDS
        if (command := main.get_command(click.Context(main), name))
        for param in command.params
        for option in param.opts
    }
    named = set(re.findall(r"(?<![\w-])(--[a-z][a-z-]+)", PAGE))
    assert named - options <= {"--through"}
