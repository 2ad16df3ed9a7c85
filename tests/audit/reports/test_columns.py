"""Text in columns of a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent_gateway.audit.reports.columns import shortened, table, width, wrapped


@pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("太陽", 4), ("e\u0301", 1), ("", 0)])
def test_a_character_takes_none_one_or_two_columns(text: str, columns: int) -> None:
    assert width(text) == columns


def test_the_middle_goes_first() -> None:
    assert shortened("a-long-name.of-a-host.example", 15) == "a-long-…example"
    assert shortened("short.example", 15) == "short.example"
    assert width(shortened("太陽光" * 20, 15)) <= 15


@given(st.text(st.characters(exclude_categories=["C", "Z"]), max_size=200), st.integers(12, 80))
def test_no_line_is_wider_than_asked_for(text: str, columns: int) -> None:
    assert all(width(line) <= columns for line in wrapped(f"a {text} b", columns, "  "))
    assert width(shortened(text, columns)) <= columns
    assert "".join("".join(wrapped(text, columns)).split()) == "".join(text.split())


def test_numbers_stand_to_the_right() -> None:
    assert table([("STATE", "N"), ("fresh", "10"), ("太", "1")], 1) == ["STATE   N", "fresh  10", "太      1"]
