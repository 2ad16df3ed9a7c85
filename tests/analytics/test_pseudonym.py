"""Pseudonyms: the same within a period, different across periods, sites and properties, shared by some."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from consent_gateway.analytics.pseudonym import (
    Pseudonyms,
    Salt,
    bits_for,
    period_start,
    pseudonyms,
    visitors_in,
)
from consent_gateway.periods import Period

DAY = Period(1, "day")


def of(handle: str = "handle", *, site: str = "a.example", property: str = "G-A1234", at: int = 24, salt: bytes = b"s" * 32,
       pepper: bytes = b"p" * 32, visitors: int = 10_000) -> Pseudonyms:  # fmt: skip
    start = datetime(2026, 11, at, tzinfo=UTC)
    return pseudonyms(
        handle=handle, site=site, property=property, salt=Salt(start, salt), pepper=pepper, visitors=visitors
    )


def test_a_client_id_looks_like_one_and_its_second_part_is_the_period() -> None:
    assert re.fullmatch(r"1\d{9}\.1795478400", of().client)


def test_the_same_browser_keeps_its_pseudonym_within_a_period() -> None:
    assert of().client == of().client


@pytest.mark.parametrize(
    "other",
    [
        {"handle": "x"},
        {"site": "b.example"},
        {"property": "G-B1234"},
        {"at": 25},
        {"salt": b"t" * 32},
        {"pepper": b"q" * 32},
    ],
)
def test_anything_else_gives_another_pseudonym(other: dict[str, object]) -> None:
    assert of(**other).client != of().client  # type: ignore[arg-type]


def test_parts_cannot_be_shifted_between_site_and_property() -> None:
    assert of(site="a", property="bc").key != of(site="ab", property="c").key


def test_the_handle_does_not_appear_in_what_is_derived_from_it() -> None:
    derived = of("secrethandle")
    now = datetime(2026, 11, 24, 10, 59, 59, tzinfo=UTC)
    for text in (derived.client, derived.session(now), derived.page("1795354196057"), repr(derived)):
        assert "secrethandle" not in text


def test_a_session_id_says_the_hour_and_hides_the_second() -> None:
    start = datetime(2026, 11, 24, 10, 0, 1, tzinfo=UTC)
    together = {of().session(start + timedelta(seconds=seconds)) for seconds in (0, 1, 5)}
    assert len(together) == 1
    assert int(together.pop()) // 3600 == int(start.timestamp()) // 3600
    assert of().session(start + timedelta(minutes=30)) != of().session(start)
    assert of("other").session(start) != of().session(start)


def test_an_order_has_one_pseudonym_in_a_period_and_another_in_the_next() -> None:
    assert of().order("T-1") == of().order("T-1") != of(at=25).order("T-1")
    assert re.fullmatch(r"[a-z2-7]{16}", of().order("T-1"))


@pytest.mark.parametrize("visitors", [1_000, 10_000, 100_000])
def test_about_one_in_twenty_shares_his_pseudonym(visitors: int) -> None:
    one = of(visitors=visitors)
    shared = Counter(replace(one, handle=f"handle {n}").client for n in range(visitors))
    share = sum(count for count in shared.values() if count > 1) / visitors
    assert 0.02 < share < 0.09


def test_the_number_of_bits_has_bounds() -> None:
    assert bits_for(1) == 10 and bits_for(10**8) == 26
    assert bits_for(10_000) == 18


def test_a_period_begins_at_a_fixed_moment_and_has_its_share_of_visitors() -> None:
    now = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
    assert period_start(DAY, now) == datetime(2026, 11, 24, tzinfo=UTC)
    assert period_start(Period(6, "hour"), now) == datetime(2026, 11, 24, 6, tzinfo=UTC)
    assert visitors_in(Period(6, "hour"), 10_000) == 2_500


def test_a_salt_never_shows_its_value() -> None:
    assert "s" * 32 not in repr(Salt(datetime(2026, 1, 1, tzinfo=UTC), b"s" * 32))
