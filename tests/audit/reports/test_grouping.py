"""Grouping."""

from __future__ import annotations

from consent_gateway.audit.reports.grouping import distinct, grouped


def test_groups_come_in_the_order_of_their_first() -> None:
    assert list(grouped(["pear", "apple", "plum", "avocado"], lambda word: word[0]).items()) == [
        ("p", ["pear", "plum"]),
        ("a", ["apple", "avocado"]),
    ]


def test_each_is_there_once_and_what_is_empty_is_not() -> None:
    assert distinct(["b", "", "a", "b"]) == ("b", "a")
