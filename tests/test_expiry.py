"""Records are kept for the period of the site file, counted from the end of the consent they prove."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from consent_gateway.expiry import due, ends
from consent_gateway.periods import Period
from tests.recorded import record


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "end"),
    [("grant", "2020-07-15"), ("refusal", "2020-07-15"), ("withdrawal", "2020-07-15"), ("activation", "2020-01-15")],
)  # fmt: skip
def test_a_decision_is_remembered_for_six_months_and_an_activation_for_no_time(kind: str, end: str) -> None:
    """CON-13"""
    assert [kept.end for kept in ends([(1, record(kind, time="2020-01-15"))])] == [day(end)]


def test_the_next_decision_under_the_same_receipt_ends_the_one_before() -> None:
    """CON-13"""
    records = [
        (1, record("grant", receipt="a", time="2020-01-15")),
        (2, record("grant", receipt="b", time="2020-01-16")),
        (3, record("activation", receipt="a", time="2020-02-01")),
        (4, record("change", receipt="a", time="2020-03-01")),
        (5, record("withdrawal", receipt="a", time="2020-03-02")),
    ]
    assert [kept.end for kept in ends(records)] == [day("2020-03-01"), day("2020-07-16"), day("2020-02-01"), day("2020-03-02"), day("2020-09-02")]  # fmt: skip


def test_a_record_is_due_when_the_period_after_that_is_over() -> None:
    """CON-13"""
    records = [(1, record(time="2020-01-15")), (2, record("refusal", time="2020-02-20"))]
    three_years = Period(3, "year")
    assert due(records, three_years, day("2023-07-14")) == []
    assert [kept.number for kept in due(records, three_years, day("2023-07-15"))] == [1]
    assert [kept.number for kept in due(records, three_years, day("2023-08-20"))] == [1, 2]
