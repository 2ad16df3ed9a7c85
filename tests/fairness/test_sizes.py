"""Letters too small to be read are known by their size in any unit."""

from __future__ import annotations

import pytest

from consent_gateway.fairness.sizes import is_tiny, is_tiny_in_short


@pytest.mark.parametrize(
    "size",
    ["0", "9px", "9.9px", "7pt", ".5em", "0.6rem", "60%", "1mm", "1px", "xx-small", "x-small", "2vw", "calc(1em - 9px)",
     "var(--size)", "min(2em, 1px)", "max(1px, 2px)", "clamp(1px, 2vw, 20px)", "-1px", "1e0px"],
)  # fmt: skip
def test_a_size_that_is_too_small_or_cannot_be_known_is_refused(size: str) -> None:
    """BAN-01"""
    assert is_tiny(size)


@pytest.mark.parametrize(
    "size",
    ["10px", "8pt", "1em", "0.9em", "90%", "max(1rem, 16px)", "max(2vw, 12px)", "clamp(12px, 2vw, 20px)", "inherit", "larger"],
)  # fmt: skip
def test_a_size_that_can_be_read_is_the_operators_affair(size: str) -> None:
    assert not is_tiny(size)


@pytest.mark.parametrize(
    ("font", "tiny"),
    [
        ("700 3px serif", True), ("italic 700 4pt/1.5 serif", True), ("var(--font)", True), ("0/1 serif", True),
        ("400 max(1px, 2px)/1.5 a, b", True), ("bold xx-small serif", True), ("1px medium", True),
        ("400 max(1rem, 16px)/1.5 var(--f, serif)", False), ("inherit", False), ("bold larger/1 serif", False),
        ("700 12pt serif", False), ("1rem/1.5 serif", False),
    ],
)  # fmt: skip
def test_the_size_is_found_in_a_font(font: str, tiny: bool) -> None:
    assert is_tiny_in_short(font) is tiny
