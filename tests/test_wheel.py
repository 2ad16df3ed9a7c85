"""The wheel holds all that is needed: it is installed into an empty environment and run from there."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel and nothing else of the project. The libraries are lent by the
    one the tests run in, because tests do not go to the network; `.ci/run` installs them, too."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, timeout=120)
    (wheel,) = folder.glob("*.whl")
    empty = folder / "empty"
    venv.create(empty, with_pip=True)
    python = empty / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "--no-deps", "--no-index", "--quiet", str(wheel)]
    subprocess.run(install, check=True, timeout=120)
    libraries = Path(next(empty.glob("lib/python*/site-packages")))
    (libraries / "lent.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return empty


def run(environment: Path, *command: str, cwd: Path) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    result = subprocess.run(
        [str(environment / "bin" / command[0]), *command[1:]],
        capture_output=True, text=True, cwd=cwd, env=clean, timeout=120, check=True,
    )  # fmt: skip
    return result.stdout


def test_it_is_the_installed_one_that_runs(environment: Path, tmp_path: Path) -> None:
    code = "import consent_gateway; print(consent_gateway.__file__)"
    path = run(environment, "python", "-c", code, cwd=tmp_path).strip()
    assert path.startswith(str(environment))


def test_the_catalogue_is_in_it(environment: Path, tmp_path: Path) -> None:
    installed = run(environment, "consent-gateway", "services", cwd=tmp_path)
    here = subprocess.run([sys.executable, "-m", "consent_gateway", "services"], capture_output=True, text=True, check=True)  # fmt: skip
    assert installed == here.stdout
    assert "linkedin" in installed


def test_pytest_finds_its_fixture_in_a_project_that_has_installed_it(
    environment: Path, tmp_path: Path
) -> None:
    (tmp_path / "test_project.py").write_text("""
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/html")])
    return [b'<!doctype html><iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>']

def test_the_page_sends_nothing(consent_gateway):
    consent_gateway(wsgi=app).assert_sends_nothing()
""")
    assert "1 passed" in run(environment, "python", "-m", "pytest", "-q", cwd=tmp_path)


def test_the_demo_runs_from_it_with_its_templates_and_files(environment: Path, tmp_path: Path) -> None:
    command = [str(environment / "bin" / "consent-gateway"), "demo", "--listen", "127.0.0.1:0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path)
    try:
        assert process.stdout
        line = process.stdout.readline()
        port = re.fullmatch(r"listening on http://127\.0\.0\.1:(\d+)\n", line)
        assert port, line
        pages = {path: _get(int(port[1]), path) for path in ("/", "/.privacy/policy", "/demo/panel.js")}
        styles = re.findall(r'"(/\.privacy/static/[^"]+)"', pages["/"])
        assert b"data-privacy" in pages["/"].encode() and len(styles) >= 3
        assert all(_get(int(port[1]), path) for path in styles)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
    assert process.returncode == 0


def test_the_example_is_in_it_and_makes_a_whole_policy(environment: Path, tmp_path: Path) -> None:
    (example,) = environment.glob("lib/python*/site-packages/consent_gateway/example.toml")
    assert "no faults; 5 services" in run(environment, "consent-gateway", "check", str(example), cwd=tmp_path)
    page = run(environment, "consent-gateway", "policy", "--site", str(example), cwd=tmp_path)
    assert "Morgenrot Solar GmbH is responsible" in page and '<p data-part="missing">' not in page


def test_the_addon_script_is_in_it(environment: Path) -> None:
    assert list(environment.glob("lib/python*/site-packages/consent_gateway/addons/gateway.py"))


def _get(port: int, path: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    assert response.status == 200, path
    return body
