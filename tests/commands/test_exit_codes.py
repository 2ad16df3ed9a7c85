"""The table of exit codes."""

from __future__ import annotations

import ast
import inspect

import click
import pytest

from consent_gateway.commands.exit_codes import EVERYWHERE, FINDINGS, NOT_RUN_ALSO
from consent_gateway.reference.commands import commands

LEAVES = {
    name: context.command for name, context in commands() if not isinstance(context.command, click.Group)
}


def test_it_has_every_command_and_no_other() -> None:
    assert FINDINGS.keys() == LEAVES.keys()
    assert NOT_RUN_ALSO.keys() <= LEAVES.keys()
    assert list(EVERYWHERE) == [0, 1, 2]


@pytest.mark.parametrize("name", LEAVES)
def test_a_command_that_says_what_1_means_has_it_in_the_table_and_one_that_never_ends_so_does_not(
    name: str,
) -> None:
    callback = inspect.unwrap(LEAVES[name].callback)  # type: ignore[arg-type]
    if ends_with_1(callback.__name__, inspect.getsource(callback)):
        assert FINDINGS[name]


def ends_with_1(name: str, source: str) -> bool:
    """Whether the command itself ends with the exit code 1."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("sys.exit", "fail"):
            code = node.args[-1]
            if isinstance(code, ast.Constant) and code.value == 1:
                return True
    return "Exit code 1" in source
