"""Colours are read as CSS has them; contrast is that of WCAG."""

from __future__ import annotations

import pytest

from consent_gateway.colours import Colour, contrast


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000", "white", 21.0), ("#777777", "#fff", 4.48), ("#1b4fae", "#1b4fae", 1.0), ("#949494", "#fff", 3.03)],
)  # fmt: skip
def test_contrast_is_that_of_wcag_whichever_is_the_ground(one: str, other: str, ratio: float) -> None:
    found = contrast(Colour.parse(one), Colour.parse(other))
    assert round(found, 2) == ratio
    assert found == contrast(Colour.parse(other), Colour.parse(one))


@pytest.mark.parametrize("value", ["#1b4fae", "rgb(27 79 174)", "rgb(27, 79, 174)", "#1B4FAEFF"])
def test_a_colour_has_one_value_however_it_is_written(value: str) -> None:
    assert str(Colour.parse(value)) == "#1b4fae"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("blue;}", "not a colour"), ("var(--brand)", "not a colour"), ("currentcolor", "not a colour"), ("", "not a colour"),
        ("rgb(0 0 0 / 0.5)", "transparent"), ("transparent", "transparent"), ("oklch(0.5 0.1 200)", "must be #hex"),
    ],
)  # fmt: skip
def test_what_cannot_be_judged_is_no_colour(value: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Colour.parse(value)
