"""A running gateway takes over what becomes of its keys."""

from __future__ import annotations

import asyncio
import json
import logging
from pathlib import Path

import pytest

from consent_gateway import key_watch
from consent_gateway.key_file import KEYS_VARIABLE, KeyFile, for_environment
from consent_gateway.key_watch import KeyWatch


def without_dates(state: Path) -> None:
    content = json.loads((state / "keys").read_text())
    for entry in content["keys"]:
        del entry["created"]
    (state / "keys").write_text(json.dumps(content))


async def test_a_rotation_needs_no_restart(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CON-11"""
    monkeypatch.setattr(key_watch, "LOOK_SECONDS", 0.01)
    ring = KeyFile(state).ring({})
    watch = KeyWatch(KeyFile(state), ring, {})
    added = KeyFile(state).rotate().added
    without_dates(state)
    watch.begin()
    for _ in range(500):
        if ring.signing.id == added:
            break
        await asyncio.sleep(0.01)
    await watch.close()
    assert ring.signing.id == added and len(ring.keys) == 2


def test_keys_that_cannot_be_read_stay_as_they_were_and_are_told_of_once(
    state: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ring = KeyFile(state).ring({})
    before = ring.keys
    (state / "keys").write_text("garbled")
    watch = KeyWatch(KeyFile(state), ring, {})
    with caplog.at_level(logging.ERROR):
        watch.look()
        watch.look()
    assert ring.keys == before and len(caplog.records) == 1 and "garbled" not in caplog.text


async def test_keys_of_the_environment_are_not_looked_for(state: Path) -> None:
    environment = {KEYS_VARIABLE: for_environment(first=True)}
    watch = KeyWatch(KeyFile(state), KeyFile(state).ring(environment), environment)
    watch.begin()
    await watch.close()
    assert watch._looking._task is None
