"""How often one address may do something."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from consent_gateway import pace
from consent_gateway.pace import Pace


def test_so_many_an_hour_are_taken_and_then_it_is_said_when_again(now: datetime) -> None:
    steps = Pace(2)
    assert [steps.wait("192.0.2.1", now + timedelta(minutes=minute)) for minute in (0, 10, 20)] == [
        0,
        0,
        2400,
    ]
    assert steps.wait("192.0.2.2", now + timedelta(minutes=20)) == 0
    assert steps.wait("192.0.2.1", now + timedelta(minutes=60)) == 0
    assert steps.wait("192.0.2.1", now + timedelta(minutes=61)) == 540


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [("2001:db8::1", "2001:db8::2", True), ("2001:db8::1", "2001:db8:0:1::1", False),
     ("192.0.2.1", "::ffff:192.0.2.1", True), ("fe80::1%eth0", "fe80::2", True), ("nonsense", "", False)],
)  # fmt: skip
def test_addresses_of_one_subscriber_count_together(one: str, other: str, alike: bool, now: datetime) -> None:
    steps = Pace(1)
    assert steps.wait(one, now) == 0
    assert (steps.wait(other, now) > 0) is alike


def test_what_is_remembered_is_bounded_and_is_no_address(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "MOST_ADDRESSES", 3)
    steps = Pace(1)
    for last in range(10):
        steps.wait(f"192.0.2.{last}", now)
    assert len(steps._times) == 3
    assert not any(b"192.0.2" in name for name in steps._times)
    assert steps.wait("192.0.2.9", now + timedelta(hours=1)) == 0 and len(steps._times) == 1
