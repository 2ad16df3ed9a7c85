"""What is done again and again goes on whatever happens, and ends when it is told to."""

from __future__ import annotations

import asyncio
import logging

import pytest

from consent_gateway import repeating
from consent_gateway.repeating import Repeating


async def test_what_fails_is_logged_and_tried_again(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repeating, "RETRY_SECONDS", 0)
    times: list[int] = []
    done = asyncio.Event()

    async def act() -> float:
        times.append(len(times))
        if len(times) < 4:
            raise RuntimeError("nobody thought of it")
        done.set()
        return 60

    going = Repeating(act, 0)
    with caplog.at_level(logging.ERROR):
        going.begin()
        await asyncio.wait_for(done.wait(), 5)
        await going.close()
    assert times == [0, 1, 2, 3] and caplog.text.count("RuntimeError: nobody thought of it") == 1


async def test_what_never_began_is_closed_as_well() -> None:
    async def act() -> float:
        raise AssertionError

    await Repeating(act, 0).close()
