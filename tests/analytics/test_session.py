"""What counts as a session, and which period it belongs to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from consent_gateway.analytics.session import MOST_COUNTED, Session, follow

START = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
DAY = 86_400
PERIOD = int(START.timestamp()) // DAY * DAY


def after(known: Session | None, minutes: float, *, period: int = PERIOD) -> Session:
    return follow(known, START + timedelta(minutes=minutes), period=period, previous=period - DAY)


def test_hits_less_than_half_an_hour_apart_are_one_session() -> None:
    session = after(None, 0)
    for minutes in (10, 39, 60, 85):
        session = after(session, minutes)
    assert (session.start, session.number) == (START, 1)


def test_half_an_hour_without_a_hit_ends_it() -> None:
    again = after(after(None, 0), 30)
    assert again.start == START + timedelta(minutes=30)
    assert again.number == 2


def test_it_goes_on_over_the_change_of_a_period_under_its_own() -> None:
    night = datetime(2026, 11, 24, 23, 50, tzinfo=UTC)
    known = follow(None, night, period=PERIOD, previous=PERIOD - DAY)
    later = follow(known, night + timedelta(minutes=20), period=PERIOD + DAY, previous=PERIOD)
    assert (later.period, later.start) == (PERIOD, night)
    next_visit = follow(later, night + timedelta(hours=2), period=PERIOD + DAY, previous=PERIOD)
    assert (next_visit.period, next_visit.number) == (PERIOD + DAY, 1)


def test_it_ends_after_six_hours_whatever_happens() -> None:
    session = after(None, 0)
    for minutes in range(0, 370, 10):
        session = after(session, minutes)
    assert session.start > START


def test_a_session_of_a_period_long_over_is_not_followed() -> None:
    known = after(None, 0)
    assert after(known, 5, period=PERIOD + 2 * DAY).period == PERIOD + 2 * DAY


def test_a_hit_of_another_worker_may_seem_to_come_a_little_early() -> None:
    known = after(None, 0)
    early = after(known, -0.1)
    assert (early.start, early.last) == (START, START)


def test_frequent_visitors_are_not_told_apart() -> None:
    session = after(None, 0)
    for visit in range(1, 12):
        session = after(session, visit * 40)
    assert session.number == MOST_COUNTED


@pytest.mark.parametrize(
    ("pages", "engaged", "minutes", "expected"),
    [(1, False, 0, False), (2, False, 0, True), (1, True, 0, True), (1, False, 1, True)],
)
def test_two_pages_ten_seconds_or_what_the_tag_says_make_it_engaged(
    pages: int, engaged: bool, minutes: int, expected: bool
) -> None:
    session = after(after(None, 0), minutes).counted(pages=pages, engaged=engaged)
    assert session.engaged is expected


def test_each_property_begins_the_session_once() -> None:
    session = after(None, 0).begun_for("G-AAAA")
    assert not session.starts_for("G-AAAA")
    assert session.starts_for("G-BBBB")
