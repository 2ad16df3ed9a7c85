"""Periods follow the calendar."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from consent_gateway.periods import Period


def test_months_are_calendar_months() -> None:
    assert Period.parse("6 months").after(datetime(2026, 8, 31, tzinfo=UTC)) == datetime(
        2027, 2, 28, tzinfo=UTC
    )
    assert Period.parse("1 year").before(datetime(2028, 2, 29, tzinfo=UTC)) == datetime(
        2027, 2, 28, tzinfo=UTC
    )


def test_a_period_is_written_as_it_is_read() -> None:
    assert str(Period.parse("1 day")) == "1 day"
    assert str(Period.parse("3 years")) == "3 years"


@pytest.mark.parametrize(
    "text", ["", "day", "0 days", "-1 day", "1.5 days", "1 fortnight", "6months", "1 day ago"]
)
def test_anything_else_is_no_period(text: str) -> None:
    with pytest.raises(ValueError, match="not a period"):
        Period.parse(text)


def test_seconds_are_counted_from_a_moment() -> None:
    assert Period(1, "hour").seconds_from(datetime(2026, 1, 1, tzinfo=UTC)) == 3600
