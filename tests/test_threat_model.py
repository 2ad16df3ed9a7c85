"""docs/threat-model.md: every threat has a defence that is there and a test that is there."""

from __future__ import annotations

import ast
import re

from tests.conftest import ROOT

DOCUMENT = ROOT / "docs" / "threat-model.md"
ROWS = [
    line.strip("|").split("|")
    for line in DOCUMENT.read_text("utf-8").splitlines()
    if line.startswith("|") and "::" in line
]
NAMED = [(file, test) for row in ROWS for file, test in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row[-1])]
# What the work on it was asked to cover; the words are those of the table.
THREATS = (
    "another website posts a consent", "open redirect", "forged", "replayed", "become a template", "site file",
    "SSRF", "smuggling", "makes a header", "cache poisoning", "clickjacking", "bomb", "regular expression",
    "a log says", "report", "list of processes", "too often", "0600", "a byte at a time", "a visitor reads the operator's figures",
)  # fmt: skip


def functions_of(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_test_that_is_named_exists() -> None:
    assert len(NAMED) > 80
    assert [f"{file}::{test}" for file, test in NAMED if test not in functions_of(file)] == []


def test_every_threat_has_a_defence_and_a_test() -> None:
    for row in ROWS:
        assert len(row) == 3 and all(cell.strip() for cell in row), row
    lines = DOCUMENT.read_text("utf-8").splitlines()
    begun = [n for n, line in enumerate(lines) if line.startswith("| threat ")]
    for start in begun:
        for line in lines[start + 2 :]:
            if not line.startswith("|"):
                break
            assert "::test_" in line, line


def test_no_threat_is_forgotten() -> None:
    said = "\n".join("|".join(row) for row in ROWS)
    assert [threat for threat in THREATS if threat not in said] == []
