"""How long cookies live."""

from __future__ import annotations

import pytest

from consent_gateway.messages import Headers, Response
from consent_gateway.periods import Period
from consent_gateway.survey.lives import LONGEST, duration, set_by
from tests.shop import TIME


def life(attributes: str, date: str = "") -> list[tuple[str, int | None]]:
    fields = [("Set-Cookie", f"a=secret{attributes}")] + ([("Date", date)] if date else [])
    return list(set_by(Response(status=200, headers=Headers(tuple(fields))), TIME))


@pytest.mark.parametrize(
    ("attributes", "seconds"),
    [
        ("", 0),
        ("; Path=/; HttpOnly", 0),
        ("; Max-Age=60; Expires=Wed, 24 Nov 2027 10:30:00 GMT", 60),
        ("; max-age = 60", 60),
        ("; Expires=Tue, 24 Nov 2026 11:30:00 GMT", 3601),
        ("; Expires=Tue, 24-Nov-2026 11:30:00 GMT", 3601),
        ("; Expires=never", 0),
        ("; Max-Age=99999999999999", LONGEST),
        ("; Max-Age=" + "9" * 5000, 0),
        ("; Expires=Fri, 31 Dec 9999 23:59:59 GMT", LONGEST),
    ],
)
def test_max_age_counts_before_expires_and_neither_is_the_session(attributes: str, seconds: int) -> None:
    assert life(attributes) == [("a", seconds)]


@pytest.mark.parametrize(
    "attributes", ["; Max-Age=0", "; Max-Age=-1", "; Expires=Thu, 01 Jan 1970 00:00:00 GMT"]
)
def test_what_deletes_a_cookie_sets_none(attributes: str) -> None:
    assert life(attributes) == []


def test_a_date_is_judged_by_the_clock_of_the_server() -> None:
    expires = "; Expires=Sun, 24 Nov 2024 11:30:00 GMT"
    assert life(expires, "Sun, 24 Nov 2024 10:30:00 GMT") == [("a", 3601)]


def test_without_a_clock_a_date_tells_no_life() -> None:
    fields = Headers(
        (("Set-Cookie", "a=1; Expires=Tue, 24 Nov 2026 11:30:00 GMT"), ("Set-Cookie", "b=1; Max-Age=5"))
    )
    assert list(set_by(Response(status=200, headers=fields), None)) == [("a", None), ("b", 5)]


@pytest.mark.parametrize("name", ["*", "a*b", "", "a b", 'a"b', "x" * 101])
def test_what_is_no_name_of_a_cookie_is_none(name: str) -> None:
    fields = Headers((("Set-Cookie", f"{name}=1"),))
    assert list(set_by(Response(status=200, headers=fields), TIME)) == []


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "session"),
        (1, "1 second"),
        (1800, "30 minutes"),
        (5400, "90 minutes"),
        (86400, "1 day"),
        (2592000, "30 days"),
        (31535999, "1 year"),
        (31536000, "1 year"),
        (34560000, "400 days"),
        (63072000, "2 years"),
    ],
)
def test_a_life_is_said_in_the_largest_unit_that_is_right(seconds: int, said: str) -> None:
    assert duration(seconds) == said


@pytest.mark.parametrize("seconds", [1, 59, 61, 3599, 3661, 86399, 90061, 10**7 + 1, LONGEST])
def test_none_is_said_to_be_shorter_than_it_is(seconds: int) -> None:
    period = Period.parse(duration(seconds))
    assert seconds <= period.seconds_from(TIME) <= seconds * 1.02
