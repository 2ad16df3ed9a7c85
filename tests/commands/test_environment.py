"""A variable that nobody heeds is named, and not passed over."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from consent_gateway.commands import COMMANDS, main
from consent_gateway.commands.environment import BESIDE, OPTIONS, misspelt


def variables(command: click.Command) -> set[str]:
    """What the options of a command and of those below it read of the environment."""
    found = {one.envvar for one in command.params if isinstance(one.envvar, str)}
    if isinstance(command, click.Group):
        for below in command.commands.values():
            found |= variables(below)
    return found


def test_every_option_that_reads_the_environment_is_known() -> None:
    context = main.make_context("consent-gateway", ["--help"], resilient_parsing=True)
    commands = [main.get_command(context, name) for name in COMMANDS]
    assert set().union(*(variables(one) for one in commands if one)) == OPTIONS


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("CONSENT_GATEWAY_DATABSE", "perhaps CONSENT_GATEWAY_DATABASE"),
        ("CONSENT_GATEWAY_SITEFILE", "perhaps CONSENT_GATEWAY_SITE"),
        ("CONSENT_GATEWAY_LOGFORMAT", "perhaps CONSENT_GATEWAY_LOG_FORMAT"),
        ("CONSENT_GATEWAY_X", "there are CONSENT_GATEWAY_ADMIN, CONSENT_GATEWAY_DATABASE"),
    ],
)
def test_one_that_is_misspelt_ends_every_command_with_what_may_be_meant(name: str, meant: str) -> None:
    for command in (["serve", "--origin", "http://127.0.0.1:9"], ["ledger", "verify"]):
        result = CliRunner().invoke(main, command, env={name: "x"})
        assert result.exit_code == 2
        assert name in result.output and meant in result.output


def test_what_is_ours_or_a_clusters_is_no_mistake() -> None:
    cluster = (
        "SERVICE_HOST",
        "SERVICE_PORT",
        "SERVICE_PORT_HTTP",
        "PORT",
        "PORT_8080_TCP",
        "PORT_8080_TCP_ADDR",
    )
    ours = {*OPTIONS, *BESIDE, "PATH", *(f"CONSENT_GATEWAY_{name}" for name in cluster)}
    assert misspelt(ours) == []
