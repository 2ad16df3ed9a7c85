"""docs/threat-model.md names for each promise tests that there are, and that go by its id."""

from __future__ import annotations

import ast
import re

import pytest

from tests.conftest import ROOT
from tests.requirements.test_named import LAST

ROWS = re.findall(
    r"^\| (SEC-\d\d) \|.*\|(.+)\|$", (ROOT / "docs" / "threat-model.md").read_text("utf-8"), re.M
)


def test_none_is_left_out() -> None:
    assert [id for id, _ in ROWS] == [f"SEC-{number:02}" for number in range(1, LAST["SEC"] + 1)]


@pytest.mark.parametrize(("id", "cell"), ROWS, ids=[id for id, _ in ROWS])
def test_its_tests_are_there_and_say_so(id: str, cell: str) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", cell)
    assert named
    for file, name in named:
        found = ast.walk(ast.parse((ROOT / file).read_text("utf-8")))
        [test] = [
            one
            for one in found
            if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and one.name == name
        ]
        assert id in (ast.get_docstring(test) or ""), f"{file}::{name}"
