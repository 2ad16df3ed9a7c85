"""What is dropped is counted, whatever it is called."""

from __future__ import annotations

from consent_gateway.analytics.tallies import MOST, OTHERS, Tally


def test_names_are_counted_and_new_ones_told_once() -> None:
    tally = Tally()
    assert tally.add({"brand_new": 2}) == ["brand_new"]
    assert tally.add({"brand_new": 1, "other.one": 1}) == ["other.one"]
    assert tally.counts == {"brand_new": 3, "other.one": 1}


def test_what_is_no_name_is_counted_without_it() -> None:
    tally = Tally()
    assert tally.add({"anna@example.org": 1, "a b": 2}) == []
    assert tally.counts == {OTHERS: 3}


def test_a_visitor_cannot_fill_the_memory_with_names() -> None:
    tally = Tally()
    tally.add({f"n{number}": 1 for number in range(MOST + 100)})
    assert len(tally.counts) == MOST + 1
    assert tally.counts[OTHERS] == 100
