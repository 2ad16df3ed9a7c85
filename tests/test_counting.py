"""Counts on their way into the database."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from consent_gateway import counting as module
from consent_gateway.counting import Counting
from consent_gateway.database import DatabaseUnavailable, in_folder
from consent_gateway.report_counts import ReportCounts
from consent_gateway.reports import Blocked


def blocked(host: str) -> Blocked:
    return Blocked(host=host, directive="img-src", owner="unlisted", day="2026-11-24")


def prepared(state: Path) -> ReportCounts:
    counts = ReportCounts(in_folder(state))
    counts.prepare()
    return counts


def written(state: Path) -> dict[str, int]:
    counts = ReportCounts.to_read(in_folder(state))
    found = {total.host: total.number for total in counts.totals()}
    counts.close()
    return found


async def test_what_is_waiting_is_written_when_the_gateway_stops(state: Path) -> None:
    counting = Counting(prepared(state))
    counting.count([blocked("a.example"), blocked("b.example"), blocked("a.example")])
    assert written(state) == {}
    await counting.close()
    assert written(state) == {"a.example": 2, "b.example": 1}


async def test_it_is_written_every_few_seconds(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.01)
    counting = Counting(prepared(state))
    for number in (1, 2):
        counting.count([blocked("a.example")])
        for _ in range(200):
            if written(state).get("a.example") == number:
                break
            await asyncio.sleep(0.01)
        assert written(state) == {"a.example": number}
    await counting.close()


async def test_what_cannot_be_written_waits(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.01)
    counts = prepared(state)
    counting = Counting(counts)

    def fail(*_: object) -> None:
        raise DatabaseUnavailable("gone")

    with monkeypatch.context() as broken:
        broken.setattr(counts, "add", fail)
        counting.count([blocked("a.example")])
        await asyncio.sleep(0.05)
    await counting.close()
    assert written(state) == {"a.example": 1}


async def test_a_flood_takes_no_more_memory_than_rows(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_A_DAY", 2)
    counting = Counting(prepared(state))
    counting.count(blocked(f"{number}.example") for number in range(50))
    await counting.close()
    assert written(state) == {"": 48, "0.example": 1, "1.example": 1}
