"""Decisions on their way into the ledger: none that was answered is lost, and nobody waits for long."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import pytest

from consent_gateway import recording as module
from consent_gateway.database import DatabaseUnavailable, in_folder
from consent_gateway.journal import Journal
from consent_gateway.keys import KeyRing
from consent_gateway.ledger import Ledger
from consent_gateway.ledger.appending import Appending
from consent_gateway.record import Submission
from consent_gateway.recording import Recording
from tests.recorded import TERMS, TEXT, checked, record
from tests.waiting import until

Wanted = Callable[[], bool]
Append = Callable[[Sequence[Submission], Wanted], list[int]]


def submission(kind: str = "grant") -> Submission:
    return Submission(record(kind), TEXT, TERMS)


def recording_in(state: Path, ring: KeyRing) -> Recording:
    ledger = Ledger.in_folder(state, ring)
    ledger.prepare()
    return Recording(ledger, Journal(state, ring))


@pytest.fixture
async def recording(state: Path, ring: KeyRing, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Recording]:
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.02)
    made = recording_in(state, ring)
    yield made
    await made.close()


def records(state: Path, ring: KeyRing) -> list[str]:
    ledger = Ledger.to_read(in_folder(state), ring)
    found = [one.kind for _, one in ledger.records()]
    ledger.close()
    return found


def gone(*_: object) -> list[int]:
    raise DatabaseUnavailable("gone")


def slow(append: Append, seconds: float) -> Append:
    def slowly(submissions: Sequence[Submission], is_wanted: Wanted) -> list[int]:
        time.sleep(seconds)
        return append(submissions, is_wanted)

    return slowly


async def test_a_grant_is_on_disk_when_it_counts(recording: Recording, state: Path, ring: KeyRing) -> None:
    assert await recording.grant(submission())
    assert records(state, ring) == ["grant"]


async def test_what_comes_at_once_is_written_together(
    recording: Recording, state: Path, ring: KeyRing
) -> None:
    sizes = []
    append = recording._ledger.append_all

    def noted(submissions: Sequence[Submission], is_wanted: Wanted) -> list[int]:
        sizes.append(len(submissions))
        return append(submissions, is_wanted)

    recording._ledger.append_all = noted  # type: ignore[method-assign, assignment]
    assert all(await asyncio.gather(*(recording.grant(submission()) for _ in range(500))))
    assert checked(in_folder(state), ring).records == 500
    assert len(sizes) < 20 and max(sizes) == module.MOST


async def test_a_grant_that_cannot_be_recorded_does_not_count(
    recording: Recording, state: Path, ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(recording._ledger, "append_all", gone)
        assert not await recording.grant(submission())
    await asyncio.sleep(0.1)
    assert records(state, ring) == []


async def test_a_refusal_counts_at_once_and_is_recorded_as_soon_as_that_is_possible(
    recording: Recording, state: Path, ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(recording._ledger, "append_all", gone)
        await recording.refusal(submission("refusal"))
        assert (records(state, ring), len(Journal(state, ring).read())) == ([], 1)
    await until(lambda: records(state, ring) == ["refusal"])
    await until(lambda: Journal(state, ring).read() == [])


async def test_what_is_put_aside_while_what_was_before_it_is_written_is_written_as_well(
    recording: Recording, state: Path, ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CON-07"""
    append = recording._ledger.append_all
    begun, goes_on = threading.Event(), threading.Event()

    def held(submissions: Sequence[Submission], is_wanted: Wanted) -> list[int]:
        begun.set()
        goes_on.wait(10)
        return append(submissions, is_wanted)

    monkeypatch.setattr(recording._ledger, "append_all", gone)
    await recording.refusal(submission("refusal"))
    monkeypatch.setattr(recording._ledger, "append_all", held)
    await asyncio.to_thread(begun.wait, 10)
    monkeypatch.setattr(recording._ledger, "append_all", gone)
    await recording.refusal(submission("refusal"))
    monkeypatch.setattr(recording._ledger, "append_all", append)
    goes_on.set()
    await until(lambda: records(state, ring) == ["refusal", "refusal"])
    await until(lambda: Journal(state, ring).read() == [])


async def test_a_refusal_outlives_a_restart_with_the_ledger_still_gone(
    state: Path, ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        broken = recording_in(state, ring)
        monkeypatch.setattr(broken._ledger, "append_all", gone)
        broken.begin()
        await broken.refusal(submission("refusal"))
        await broken.close()
    assert records(state, ring) == []
    mended = recording_in(state, ring)
    mended.begin()
    await until(lambda: records(state, ring) == ["refusal", "refusal"])
    await mended.close()
    assert Journal(state, ring).read() == []


async def test_a_refusal_that_neither_ledger_nor_journal_take_is_kept_in_memory(
    recording: Recording, state: Path, ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: object) -> None:
        raise OSError("full")

    with monkeypatch.context() as broken:
        broken.setattr(recording._ledger, "append_all", gone)
        broken.setattr(recording._journal, "add", full)
        await recording.refusal(submission("refusal"))
    await until(lambda: records(state, ring) == ["refusal"])


async def test_what_is_put_aside_is_recorded_when_the_gateway_stops(
    state: Path, ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopping = recording_in(state, ring)
    with monkeypatch.context() as broken:
        broken.setattr(stopping._ledger, "append_all", gone)
        await stopping.refusal(submission("refusal"))
    await stopping.close()
    assert records(state, ring) == ["refusal"]


async def test_a_slow_database_keeps_a_grant_waiting_for_so_long_only(
    recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "GRANT_SECONDS", 0.2)
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.1)
    monkeypatch.setattr(module, "COMMIT_SECONDS", 0.05)
    monkeypatch.setattr(recording._ledger, "append_all", slow(recording._ledger.append_all, 0.6))
    began = time.monotonic()
    first, second = await asyncio.gather(recording.grant(submission()), recording.grant(submission()))
    assert (first, second) == (False, False) and time.monotonic() - began < 0.5


async def test_a_grant_that_was_given_up_is_not_written_later(
    recording: Recording, state: Path, ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "GRANT_SECONDS", 0.8)
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.5)
    monkeypatch.setattr(module, "COMMIT_SECONDS", 0.1)
    writing = threading.Event()
    append = recording._ledger.append_all

    def stuck(submissions: Sequence[Submission], is_wanted: Wanted) -> list[int]:
        writing.set()
        time.sleep(0.4)
        return append(submissions, is_wanted)

    monkeypatch.setattr(recording._ledger, "append_all", stuck)
    under_way = asyncio.create_task(recording.refusal(submission("refusal")))
    await asyncio.to_thread(writing.wait, 5)
    assert not await recording.grant(submission())
    await under_way
    await asyncio.sleep(0.3)
    assert records(state, ring) == ["refusal"]


async def test_a_grant_that_is_given_up_while_it_is_written_is_rolled_back_and_the_others_are_written(
    recording: Recording, state: Path, ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CON-07"""
    monkeypatch.setattr(module, "GRANT_SECONDS", 0.5)
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.1)
    monkeypatch.setattr(module, "COMMIT_SECONDS", 0.1)
    busy, queued = threading.Event(), threading.Event()
    finish, finished = Appending.finish, []

    def slowly(appending: Appending) -> None:
        finish(appending)
        finished.append(appending.number)
        busy.set()
        queued.wait(10)
        if len(finished) == 2:
            time.sleep(0.8)

    monkeypatch.setattr(Appending, "finish", slowly)
    first = asyncio.create_task(recording.refusal(submission("refusal")))
    await until(busy.is_set)
    both = asyncio.gather(recording.grant(submission()), recording.refusal(submission("refusal")))
    await until(lambda: recording._queue.qsize() == 2)
    queued.set()
    assert (await both)[0] is False
    await first
    assert finished == [1, 3, 2]
    assert records(state, ring) == ["refusal", "refusal"]
    assert checked(in_folder(state), ring).events == 0
    assert await recording.grant(submission())


async def test_a_refusal_that_is_slow_to_be_written_is_put_aside_and_written_once(
    recording: Recording, state: Path, ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "REFUSAL_SECONDS", 0.1)
    monkeypatch.setattr(recording._ledger, "append_all", slow(recording._ledger.append_all, 0.3))
    await recording.refusal(submission("refusal"))
    assert len(Journal(state, ring).read()) == 1
    await until(lambda: Journal(state, ring).read() == [])
    assert records(state, ring) == ["refusal"]


async def test_nobody_else_waits_for_a_slow_database(
    recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording._ledger, "append_all", slow(recording._ledger.append_all, 0.5))
    waiting = [asyncio.create_task(recording.grant(submission())) for _ in range(50)]
    await asyncio.sleep(0.05)
    began = time.monotonic()
    await asyncio.gather(*(asyncio.to_thread(time.sleep, 0) for _ in range(50)))
    assert time.monotonic() - began < 0.5, "less than the database takes"
    assert all(await asyncio.gather(*waiting))


async def test_an_error_that_nobody_has_thought_of_fails_closed_and_does_not_last(
    recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(*_: object) -> list[int]:
        raise AttributeError("a mistake of ours")

    with monkeypatch.context() as broken:
        broken.setattr(recording._ledger, "append_all", wrong)
        assert not await recording.grant(submission())
    assert await recording.grant(submission())


async def test_two_recordings_share_one_journal_and_write_each_refusal_once(
    state: Path, ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.02)
    journal = Journal(state, ring)
    journal.prepare()
    for _ in range(30):
        journal.add(submission("refusal"))
    both = [recording_in(state, ring) for _ in range(2)]
    for one in both:
        one.begin()
    await until(lambda: journal.read() == [])
    for one in both:
        await one.close()
    assert checked(in_folder(state), ring).records == 30


async def test_prc_06_what_is_erased_is_not_written_afterwards(
    recording: Recording, state: Path, ring: KeyRing
) -> None:
    append, add = recording._ledger.append_all, recording._journal.add
    recording._ledger.append_all = gone  # type: ignore[method-assign, assignment]

    def full(_: Submission) -> None:
        raise OSError("full")

    recording._journal.add = full  # type: ignore[method-assign, assignment]
    for receipt in ("mine", "theirs"):
        await recording.refusal(Submission(record("withdrawal", receipt=receipt), TEXT, TERMS))
    async with recording.paused():
        recording._ledger.append_all, recording._journal.add = append, add  # type: ignore[method-assign]
        await asyncio.sleep(0.2)
        assert records(state, ring) == [], "nothing is written meanwhile"
        recording.drop("mine")
    await until(lambda: records(state, ring) == ["withdrawal"])
    assert [one.record.receipt for one in recording._ledger.records_of("theirs")] == ["theirs"]
