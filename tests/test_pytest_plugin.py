"""The fixture in a project's own suite, as pytest runs it there, and what it costs where nobody asks for it."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.conftest import ROOT

SUITE = """
import pytest
from tests.testing.applications import wsgi

@pytest.fixture(scope="module")
def site(consent_gateway):
    return consent_gateway(wsgi=wsgi)

def test_the_page_sends_nothing(site):
    site.assert_sends_nothing("/", "/plain")

def test_the_frame_does(site):
    site.assert_sends_nothing("/framed")
"""


def run(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(
        [sys.executable, *command], cwd=cwd, env=environment, capture_output=True, text=True, timeout=120
    )


def test_a_project_tests_its_pages_with_warnings_as_errors(tmp_path: Path) -> None:
    (tmp_path / "test_privacy.py").write_text(SUITE)
    told = run("-m", "pytest", "-q", "-W", "error", "-p", "consent_gateway.pytest_plugin", cwd=tmp_path)
    assert "1 failed, 1 passed" in told.stdout, told.stdout + told.stderr
    assert "cdn.example.net/inner.js" in told.stdout and "do this:" in told.stdout


def test_it_is_known_to_pytest_by_its_entry_point() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"consent_gateway": "consent_gateway.pytest_plugin"}


def test_it_imports_nothing_of_the_gateway_before_it_is_asked_for(tmp_path: Path) -> None:
    code = (
        "import sys, pytest; before = set(sys.modules); import consent_gateway.pytest_plugin; "
        "print(sorted(set(sys.modules) - before))"
    )
    assert run("-c", code, cwd=tmp_path).stdout == "['consent_gateway', 'consent_gateway.pytest_plugin']\n"
