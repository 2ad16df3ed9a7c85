"""What a name with * in it stands for."""

from __future__ import annotations

import pytest

from consent_gateway.cookie_names import expression, is_name, overlap


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ("_ga", "_ga", True),
        ("_ga", "_gat", False),
        ("_ga_*", "_ga_X", True),
        ("_ga_*", "_ga", False),
        ("_g*", "_ga_*", True),
        ("*", "_fbp", True),
        ("wp_*", "mp_*", False),
        ("*_id", "_pk_*", True),
        ("*_id", "_pk", False),
        ("a*b*c", "ax*yc", True),
        ("a*b", "b*a", False),
        ("sid.*", "sidx", False),
    ],
)
def test_two_names_meet_where_one_cookie_can_have_both(one: str, other: str, meet: bool) -> None:
    assert overlap(one, other) is overlap(other, one) is meet


def test_only_a_star_stands_for_something_else() -> None:
    assert expression("a.b*").fullmatch("a.bc") and not expression("a.b*").fullmatch("axb")


@pytest.mark.parametrize(("text", "is_one"), [("sid", True), ("wp_*", True), ("__Host-x.y", True), ("a b", False), ("a;b", False), ("", False), ("ü", False), ("a" * 101, False)])  # fmt: skip
def test_a_name_is_what_browsers_take_for_one(text: str, is_one: bool) -> None:
    assert is_name(text) is is_one
