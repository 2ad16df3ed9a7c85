"""docs/http.md names for each hazard and promise a test that there is, and that goes by its id."""

from __future__ import annotations

import ast
import re

import pytest

from tests.conftest import ROOT
from tests.requirements.test_named import HAZARDS, LAST

ROW = re.compile(r"^\| (H\d\d|HTTP-\d\d) \|.*\| `([\w/]+\.py)(?:::(\w+))?` \|$", re.M)
ROWS = ROW.findall((ROOT / "docs" / "http.md").read_text("utf-8"))


def test_none_is_left_out() -> None:
    promises = [f"HTTP-{number:02}" for number in range(1, LAST["HTTP"] + 1)]
    assert [id for id, _, _ in ROWS] == [*HAZARDS, *promises]


@pytest.mark.parametrize(("id", "file", "name"), ROWS, ids=[row[0] for row in ROWS])
def test_its_test_is_there_and_says_so(id: str, file: str, name: str) -> None:
    tree = ast.parse((ROOT / "tests" / file).read_text("utf-8"))
    if name:
        functions = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
        [test] = [one for one in functions if one.name == name]
        assert id in (ast.get_docstring(test) or "")
    else:
        assert id in (ast.get_docstring(tree) or "")
