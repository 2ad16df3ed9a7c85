"""The command line as a whole."""

from __future__ import annotations

import subprocess
import sys

from click.testing import CliRunner

from consent_gateway import __version__
from consent_gateway.commands import COMMANDS, main


def test_the_help_names_every_command_and_where_to_begin() -> None:
    text = CliRunner().invoke(main, ["--help"]).stdout
    for name in COMMANDS:
        assert f"\n  {name} " in text
    assert "consent-gateway demo" in text and "consent-gateway serve --origin" in text


def test_a_command_that_does_not_exist_is_an_error() -> None:
    result = CliRunner().invoke(main, ["sreve"])
    assert result.exit_code == 2 and "No such command 'sreve'" in result.stderr


def test_it_runs_as_a_module() -> None:
    command = [sys.executable, "-m", "consent_gateway", "--version"]
    result = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert __version__ in result.stdout
