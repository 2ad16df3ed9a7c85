"""Many decide at once and the process is killed: none that was answered is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crowd import Answered, assert_all_recorded, crowd, records, served
from tests.loopback import Server, showing

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def origin() -> Iterator[Server]:
    with showing("<!doctype html><head></head><body><p>A page.</p></body>") as server:
        yield server


async def test_a_kill_during_a_thousand_decisions_loses_none_that_was_answered(
    origin: Server, state: Path, database_url: str
) -> None:
    """CON-07"""
    answered = Answered()
    with served(origin, state, database_url) as (process, address):

        def kill() -> bool:
            if answered.number < 100 or not (answered.receipts and answered.refusals):
                return False
            process.kill()
            return True

        await crowd([address], 1000, answered, kill)
    assert 100 <= answered.number < 1000 and set(answered.statuses) <= {303, 503}
    assert_all_recorded(database_url, answered)
    with served(origin, state, database_url) as (_, again):
        await crowd([again], 20, answered)
    assert_all_recorded(database_url, answered)


async def test_two_processes_that_write_at_once_keep_one_valid_chain(
    origin: Server, state: Path, database_url: str
) -> None:
    """CON-07"""
    answered = Answered()
    with served(origin, state, database_url) as (_, one), served(origin, state, database_url) as (_, other):
        await crowd([one, other], 300, answered)
    assert set(answered.statuses) <= {303, 503} and answered.number == 300 and answered.statuses[303] > 250
    assert_all_recorded(database_url, answered)
    assert len(records(database_url)) == answered.statuses[303]
