"""Colours are read as CSS has them; contrast is that of WCAG."""

from __future__ import annotations

import pytest

from consent_gateway.colours import Colour, contrast, figure


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
        ("blue;}", "must be a colour as #hex"), ("var(--brand)", "must be a colour as #hex"), ("currentcolor", "must be a colour as #hex"), ("", "must be a colour as #hex"),
        ("rgb(0 0 0 / 0.5)", "transparent"), ("transparent", "transparent"), ("oklch(0.5 0.1 200)", "must be a colour as #hex"),
    ],
)  # fmt: skip
def test_what_cannot_be_judged_is_no_colour(value: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Colour.parse(value)


def test_a_figure_is_never_rounded_up() -> None:
    assert (figure(4.499), figure(21.0)) == ("4.49:1", "21.00:1")
