"""Salts are there before their period, the same for every worker, and gone when it is over."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from consent_gateway import salts as module
from consent_gateway.periods import Period
from consent_gateway.private_files import BadState
from consent_gateway.salts import Salts
from consent_gateway.state import StateFolder

DAY = Period(1, "day")
TODAY = datetime(2026, 11, 24, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = TODAY + timedelta(hours=10)

    def __call__(self) -> datetime:
        return self.now


class Broken:
    def keep(self, *, make: Sequence[datetime], oldest: datetime) -> Mapping[datetime, bytes]:
        raise BadState("the disk is full")


def test_a_salt_is_made_ahead_and_two_workers_have_the_same(state: Path) -> None:
    clock = Clock()
    one, other = (Salts(StateFolder(state), DAY, clock) for _ in range(2))
    one.look()
    assert one(TODAY + timedelta(days=1)) is None
    clock.now = TODAY + timedelta(hours=23, minutes=55)
    one.look()
    other.look()
    following = one(TODAY + timedelta(days=1))
    assert following is not None and following == other(TODAY + timedelta(days=1))


def test_the_last_period_is_kept_for_sessions_and_the_one_before_is_destroyed(state: Path) -> None:
    clock = Clock()
    salts = Salts(StateFolder(state), DAY, clock)
    salts.look()
    first = salts(TODAY)
    clock.now += timedelta(days=1)
    salts.look()
    assert salts(TODAY) == first
    clock.now += timedelta(days=1)
    salts.look()
    assert salts(TODAY) is None
    assert first is not None and first.value not in (state / "salts").read_bytes()


async def test_it_looks_by_itself_and_goes_on_after_a_failure(
    state: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.01)
    clock = Clock()
    salts = Salts(StateFolder(state), DAY, clock)
    salts.look()
    clock.now += timedelta(days=1)
    working, salts._store = salts._store, Broken()
    salts.begin()
    await asyncio.sleep(0.1)
    assert "the disk is full" in caplog.text
    assert salts(TODAY + timedelta(days=1)) is None
    salts._store = working
    for _ in range(200):
        if salts(TODAY + timedelta(days=1)):
            break
        await asyncio.sleep(0.01)
    await salts.close()
    assert salts(TODAY + timedelta(days=1)) is not None
