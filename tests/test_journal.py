"""What the ledger cannot take is on disk until it can."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from consent_gateway.journal import RESERVE_BYTES, Journal
from consent_gateway.keys import Key, KeyRing
from consent_gateway.record import Submission
from tests import small_disk
from tests.recorded import TERMS, TEXT, record


def refusal() -> Submission:
    return Submission(record("refusal"), TEXT, TERMS)


@pytest.fixture
def journal(state: Path, ring: KeyRing) -> Journal:
    made = Journal(state, ring)
    made.prepare()
    return made


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """One of a megabyte."""
    with small_disk.mounted(tmp_path / "small", "1m") as folder:
        yield folder


def test_what_was_put_in_is_there_after_a_restart_in_order(
    journal: Journal, state: Path, ring: KeyRing
) -> None:
    put = [refusal() for _ in range(3)]
    for one in put:
        journal.add(one)
    assert Journal(state, ring).read() == put


def test_what_was_written_is_taken_out_and_the_rest_stays(journal: Journal, state: Path) -> None:
    put = [refusal() for _ in range(3)]
    for one in put:
        journal.add(one)
    journal.remove({put[0].id, put[2].id})
    assert journal.read() == [put[1]]
    journal.remove({put[1].id})
    assert journal.read() == []
    assert (state / "unwritten").read_bytes().strip() == b""
    journal.remove({"nothing"})


def test_nobody_else_can_read_it(journal: Journal, state: Path) -> None:
    """CON-06"""
    journal.add(Submission(record("withdrawal", receipt="the-receipt"), TEXT, TERMS))
    content = (state / "unwritten").read_bytes()
    assert b"receipt" not in content and b"withdrawal" not in content
    assert (state / "unwritten").stat().st_mode & 0o777 == 0o600


def test_it_has_room_set_aside_and_more_if_the_disk_has_it(journal: Journal, state: Path) -> None:
    assert (state / "unwritten").stat().st_size == RESERVE_BYTES
    put = [Submission(record("refusal"), secrets.token_hex(40_000)) for _ in range(20)]
    for one in put:
        journal.add(one)
    assert journal.read() == put


def test_it_can_be_read_after_a_rotation_and_what_cannot_stays_and_is_told_of_once(
    state: Path, caplog: pytest.LogCaptureFixture
) -> None:
    old, new = Key("old", b"o" * 32), Key("new", b"n" * 32)
    one = refusal()
    Journal(state, KeyRing((old,))).prepare()
    Journal(state, KeyRing((old,))).add(one)
    assert Journal(state, KeyRing((old, new))).read() == [one]
    journal = Journal(state, KeyRing((new,)))
    for _ in range(3):
        assert journal.read() == []
        journal.remove({one.id})
    assert caplog.messages == [
        f"{state / 'unwritten'}: a record in it cannot be read with the keys there are"
    ]
    assert Journal(state, KeyRing((old,))).read() == [one]


def test_several_processes_may_put_in_at_once(journal: Journal, state: Path, ring: KeyRing) -> None:
    put = [refusal() for _ in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda one: Journal(state, ring).add(one), put))
    assert {one.id for one in journal.read()} == {one.id for one in put}


def test_a_full_disk_has_room_set_aside(disk: Path, ring: KeyRing) -> None:
    journal = Journal(disk, ring)
    journal.prepare()
    small_disk.fill(disk)
    put = [refusal() for _ in range(100)]
    for one in put:
        journal.add(one)
    assert journal.read() == put
    with pytest.raises(OSError, match="No space left"):
        for _ in range(RESERVE_BYTES // 100):
            journal.add(refusal())
    assert journal.read()[:100] == put  # what did not fit has not damaged what did


@pytest.mark.parametrize("number", [2, 14], ids=["within the room set aside", "beyond it"])
@pytest.mark.parametrize("cut", [1, 500])
def test_a_record_that_was_cut_off_does_not_spoil_the_next(
    journal: Journal, state: Path, number: int, cut: int
) -> None:
    """CON-07"""
    put = [Submission(record("refusal"), secrets.token_hex(40_000)) for _ in range(number)]
    for one in put:
        journal.add(one)
    path = state / "unwritten"
    content = path.read_bytes()
    written = content.rstrip(b"\n")[:-cut]
    path.write_bytes(written + b"\n" * (RESERVE_BYTES - len(written)))
    after = refusal()
    journal.add(after)
    assert journal.read() == [*put[:-1], after]


def test_a_folder_that_is_gone_is_an_error(tmp_path: Path, ring: KeyRing) -> None:
    with pytest.raises(OSError, match="No such file"):
        Journal(tmp_path / "none", ring).add(refusal())
