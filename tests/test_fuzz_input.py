"""What parses input ends with a value or an error of its own, whatever comes; `make fuzz-input` looks longer."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from tests.fuzz_input import TARGETS, led, mutated


@pytest.mark.parametrize("target", TARGETS)
def test_hundreds_of_mutated_inputs_are_read(target: str) -> None:
    for data in mutated(target, 300):
        TARGETS[target](data)


@pytest.mark.skipif(not importlib.util.find_spec("atheris"), reason="atheris has no wheel for this machine")
@pytest.mark.parametrize("target", TARGETS)
def test_a_guided_run_says_how_many_inputs_ran(target: str, tmp_path: Path) -> None:
    assert led(target, 500, 10, tmp_path) >= 500
