"""How often one address may do something."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from consent_gateway import pace
from consent_gateway.pace import Pace


def used(steps: Pace, address: str, now: datetime) -> int:
    """One more, taken if there is a place."""
    seconds = steps.wait(address, now)
    if not seconds:
        steps.keep(address, now)
    return seconds


def test_so_many_an_hour_are_taken_and_then_it_is_said_when_again(now: datetime) -> None:
    steps = Pace(2)
    assert [used(steps, "192.0.2.1", now + timedelta(minutes=minute)) for minute in (0, 10, 20)] == [
        0,
        0,
        2400,
    ]
    assert used(steps, "192.0.2.2", now + timedelta(minutes=20)) == 0
    assert used(steps, "192.0.2.1", now + timedelta(minutes=60)) == 0
    assert used(steps, "192.0.2.1", now + timedelta(minutes=61)) == 540


def test_what_is_under_way_counts_so_that_nobody_sends_all_at_once(now: datetime) -> None:
    steps = Pace(2)
    assert [steps.wait("192.0.2.1", now) for _ in range(3)] == [0, 0, 60]


def test_a_place_that_was_not_used_is_given_back_or_comes_back_by_itself(now: datetime) -> None:
    steps = Pace(1)
    assert steps.wait("192.0.2.1", now) == 0
    steps.give_back("192.0.2.1", now)
    assert steps.wait("192.0.2.1", now) == 0
    assert steps.wait("192.0.2.1", now + timedelta(seconds=59)) == 1
    assert used(steps, "192.0.2.1", now + timedelta(seconds=60)) == 0
    assert steps.wait("192.0.2.1", now + timedelta(seconds=120)) == 3540


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [("2001:db8::1", "2001:db8::2", True), ("2001:db8::1", "2001:db8:0:ffff::1", True),
     ("2001:db8::1", "2001:db8:1::1", False),
     ("192.0.2.1", "::ffff:192.0.2.1", True), ("fe80::1%eth0", "fe80::2", True), ("nonsense", "", False)],
)  # fmt: skip
def test_addresses_of_one_end_site_count_together(one: str, other: str, alike: bool, now: datetime) -> None:
    steps = Pace(1)
    assert steps.wait(one, now) == 0
    assert (steps.wait(other, now) > 0) is alike


def test_what_is_remembered_is_bounded_and_is_no_address(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "MOST_ADDRESSES", 3)
    steps = Pace(1)
    for last in range(10):
        used(steps, f"192.0.2.{last}", now)
    assert len(steps._ends) == 3
    assert not any(b"192.0.2" in name for name in steps._ends)
    assert steps.wait("192.0.2.9", now + timedelta(hours=1)) == 0 and len(steps._ends) == 1
