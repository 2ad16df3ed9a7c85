"""What only few visitors have does not pass."""

from __future__ import annotations

from consent_gateway.analytics import common
from consent_gateway.analytics.common import Common


def test_a_value_is_common_once_enough_visitors_had_it() -> None:
    seen = Common(3)
    assert [seen.has("title", "Prices", visitor, 1) for visitor in "abc"] == [False, False, True]
    assert seen.has("title", "Prices", "a", 1)
    assert not seen.has("other", "Prices", "a", 1)


def test_one_visitor_makes_nothing_common_however_often_he_comes() -> None:
    seen = Common(2)
    assert not any(seen.has("title", "Account of Max Muster", "a", 1) for _ in range(10))


def test_with_the_period_all_is_forgotten() -> None:
    seen = Common(2)
    assert [seen.has("title", "Prices", visitor, 1) for visitor in "ab"][-1]
    assert not seen.has("title", "Prices", "c", 2)


def test_a_rare_number_becomes_the_nearest_common_one() -> None:
    seen = Common(2)
    assert seen.nearest("Chrome", 158, "a", 1) is None
    for visitor in "ab":
        seen.nearest("Chrome", 156, visitor, 1)
        seen.nearest("Chrome", 150, visitor, 1)
    assert seen.nearest("Chrome", 157, "c", 1) == 156
    assert seen.nearest("Chrome", 156, "c", 1) == 156


def test_hostile_values_cannot_fill_the_memory() -> None:
    seen = Common(2)
    for number in range(common.MOST_VALUES + 50):
        seen.has("title", str(number), "a", 1)
    assert not seen.has("title", "new", "b", 1) and not seen.has("title", "new", "c", 1)
    assert len(seen._visitors["title"]) == common.MOST_VALUES
