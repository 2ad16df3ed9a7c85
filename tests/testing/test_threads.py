"""Servers beside the tests come up, or say why not, and end."""

from __future__ import annotations

import asyncio
import threading

import pytest

from consent_gateway.testing import threads
from consent_gateway.testing.threads import NotStarted, in_thread


def names() -> set[str]:
    return {thread.name for thread in threading.enumerate()}


def test_it_runs_between_and_is_gone_afterwards() -> None:
    ended = []

    async def run(ready: threading.Event, stop: asyncio.Event) -> None:
        ready.set()
        await stop.wait()
        ended.append(True)

    with in_thread(run, "a server of tests"):
        assert "a server of tests" in names() and ended == []
    assert "a server of tests" not in names() and ended == [True]


@pytest.mark.parametrize("is_ready", [False, True])
def test_what_it_raises_is_raised_before_or_after(is_ready: bool) -> None:
    async def run(ready: threading.Event, stop: asyncio.Event) -> None:
        if is_ready:
            ready.set()
            await stop.wait()
        raise OSError("taken")

    with pytest.raises(OSError, match="taken"), in_thread(run, "failing"):
        assert is_ready
    assert "failing" not in names()


def test_one_that_does_not_come_up_is_an_error_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run(ready: threading.Event, stop: asyncio.Event) -> None:
        await stop.wait()

    monkeypatch.setattr(threads, "LONGEST", 0.1)
    with pytest.raises(NotStarted, match="slow did not start"), in_thread(run, "slow"):
        pass
    assert "slow" not in names()
