"""The reference of the commands."""

from __future__ import annotations

import re

import click
import pytest

from consent_gateway.commands import COMMANDS
from consent_gateway.reference.commands import commands, part

PART = part()
EVERY = dict(commands())


def section(name: str) -> str:
    found = re.search(rf"^#+ consent-gateway {name}\n(.*?)(?=^#|\Z)", PART, re.S | re.M)
    assert found
    return found[1]


def test_every_command_is_there_in_the_order_of_the_command_line() -> None:
    headings = re.findall(r"^#{3,4} consent-gateway (.*)$", PART, re.M)
    assert headings == list(EVERY)
    assert [name for name in headings if " " not in name] == list(COMMANDS)


@pytest.mark.parametrize("name", EVERY)
def test_every_option_says_what_it_does(name: str) -> None:
    command = EVERY[name].command
    assert [one.opts for one in command.params if isinstance(one, click.Option) and not one.help] == []
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            for written in (*parameter.opts, *parameter.secondary_opts):
                assert re.search(rf"^\| `[^`]*{written}\b", section(name), re.M), written


def test_defaults_and_bounds_stand_beside_an_option() -> None:
    assert (
        "| `--pages INTEGER RANGE` | `20` | How many pages of the site are looked at. (`1<=x<=1000`) |"
        in section("init")
    )
    origin = "(or `CONSENT_GATEWAY_ORIGIN` in the environment, required) |"
    assert f"| `--origin URL` |  | The site behind the gateway. {origin}" in section("serve")


def test_arguments_are_told_with_how_many_there_may_be() -> None:
    assert "| `URL\\|CAPTURE` |  | optional; may be several |" in section("audit")
    assert "| `CAPTURE` |  | needed |" in section("replay")


def test_usage_and_help_are_those_of_the_command_and_examples_stay_as_they_are() -> None:
    told = section("services")
    assert told.startswith(
        "\n```text\nconsent-gateway services [OPTIONS] [ID|ADDRESS|WORD...]\n```\n\nList the services"
    )
    assert "```text\n" in told.partition("WHILE HELD")[2]
    assert "\b" not in PART
