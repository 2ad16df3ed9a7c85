"""The ledger: every choice is there, in order, and nobody can change one unnoticed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from pathlib import Path

import pytest

from consent_gateway.database import DatabaseUnavailable, in_folder
from consent_gateway.ledger import Ledger, LedgerBroken, Record, hash_of


def record(kind: str = "grant") -> Record:
    return Record(
        time="2026-11-24T10:30:00+00:00",
        kind=kind,
        host="www.example.com",
        layer="notice",
        language="de",
        shown=hash_of("text"),
        granted={"media": "r1"},
        refused={},
        services=[],
        signal=False,
        receipt="receipt",
    )


@pytest.fixture
def ledger(state: Path) -> Iterator[Ledger]:
    opened = Ledger.in_folder(state)
    opened.prepare()
    yield opened
    opened.close()


def change(state: Path, statement: str) -> None:
    connection = sqlite3.connect(state / "ledger.sqlite3")
    with connection:
        connection.execute(statement)
    connection.close()


def test_records_are_numbered_and_read_as_they_were_written(ledger: Ledger) -> None:
    assert [ledger.append(record(kind), "text") for kind in ("grant", "change")] == [1, 2]
    assert [(number, read.kind) for number, read in ledger.records()] == [(1, "grant"), (2, "change")]
    assert next(ledger.records())[1] == record()


def test_the_text_that_was_shown_is_kept_once_byte_for_byte(ledger: Ledger) -> None:
    for _ in range(3):
        ledger.append(record(), "text")
    assert ledger.text(hash_of("text")) == "text"
    assert ledger.text("unknown") is None


@pytest.mark.parametrize(
    ("statement", "number"),
    [
        ("update records set content = replace(content, 'grant', 'refus') where number = 2", 2),
        ("delete from records where number = 2", 2),
        ("update records set number = 9 where number = 3", 3),
        ("update records set chain = 'x' where number = 1", 1),
        ("insert into records values (0, '{}', 'y')", 1),
    ],
)
def test_a_changed_missing_or_inserted_record_is_found(
    ledger: Ledger, state: Path, statement: str, number: int
) -> None:
    for _ in range(4):
        ledger.append(record(), "text")
    change(state, statement)
    with pytest.raises(LedgerBroken) as raised:
        list(ledger.records())
    assert raised.value.number == number


def test_two_writers_at_once_keep_one_chain(state: Path) -> None:
    ledgers = [Ledger.in_folder(state) for _ in range(2)]
    ledgers[0].prepare()
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda n: ledgers[n % 2].append(record(), "text"), range(60)))
    assert sorted(numbers) == list(range(1, 61))
    assert len(list(ledgers[0].records())) == 60
    for opened in ledgers:
        opened.close()


def test_a_record_has_no_room_for_address_browser_or_page() -> None:
    assert {field.name for field in fields(Record)} == {
        "time", "kind", "host", "layer", "language", "shown", "granted", "refused", "services", "signal", "receipt",
    }  # fmt: skip


def test_a_database_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    missing = Ledger(f"sqlite:///{tmp_path / 'nowhere' / 'ledger.sqlite3'}")
    with pytest.raises(DatabaseUnavailable):
        missing.prepare()
    with pytest.raises(DatabaseUnavailable):
        missing.append(record(), "text")
    with pytest.raises(DatabaseUnavailable):
        list(missing.records())
    missing.close()


def test_whoever_reads_keeps_nobody_from_writing(ledger: Ledger, state: Path) -> None:
    for _ in range(3):
        ledger.append(record(), "text")
    reading = ledger.records()
    next(reading)
    other = Ledger.in_folder(state)
    assert other.append(record(), "text") == 4
    other.close()
    assert len(list(reading)) == 2


@pytest.mark.parametrize("url", ["oracle", "nosuch://x/y", "mysql://x/y", "sqlite:////nonexistent/folder/l"])
def test_a_database_that_cannot_be_used_is_named_as_such(url: str) -> None:
    with pytest.raises(DatabaseUnavailable):
        Ledger(url).prepare()


def contents(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.iterdir()}


def test_whoever_looks_needs_read_access_only_and_changes_nothing(state: Path) -> None:
    book = Ledger.in_folder(state)
    book.prepare()
    book.append(record(), "text")
    book.close()
    (state / "ledger.sqlite3").chmod(0o400)
    state.chmod(0o500)
    before = contents(state)
    looked_at = Ledger.to_read(in_folder(state))
    assert len(list(looked_at.records())) == 1 and looked_at.text(hash_of("text")) == "text"
    looked_at.close()
    assert contents(state) == before
    state.chmod(0o700)


def test_whoever_looks_while_the_gateway_writes_sees_the_newest_record(ledger: Ledger, state: Path) -> None:
    for number in (1, 2):
        ledger.append(record(), "text")
        looked_at = Ledger.to_read(in_folder(state))
        assert len(list(looked_at.records())) == number
        looked_at.close()


def test_whoever_looks_cannot_write(ledger: Ledger, state: Path) -> None:
    ledger.append(record(), "text")
    looked_at = Ledger.to_read(in_folder(state))
    with pytest.raises(DatabaseUnavailable, match="readonly"):
        looked_at.append(record(), "text")
    looked_at.close()


def test_a_database_that_is_none_is_named(state: Path) -> None:
    (state / "ledger.sqlite3").write_text("something else " * 100)
    book = Ledger.in_folder(state)
    with pytest.raises(DatabaseUnavailable) as raised:
        book.prepare()
    assert str(raised.value) == f"{state / 'ledger.sqlite3'}: file is not a database"
    book.close()


@pytest.mark.parametrize("url", ["postgresql://u:geheim@h:port/x", "nosuch://u:geheim@h/x", "geheim"])
def test_a_password_in_the_address_of_a_database_is_never_shown(url: str) -> None:
    with pytest.raises(DatabaseUnavailable) as raised:
        Ledger(url).prepare()
    assert "geheim" not in str(raised.value)


def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "50% of what? #1"
    folder.mkdir()
    book = Ledger.in_folder(folder)
    book.prepare()
    book.append(record(), "text")
    book.close()
    looked_at = Ledger.to_read(in_folder(folder))
    assert len(list(looked_at.records())) == 1
    looked_at.close()


def test_writers_at_once_keep_one_chain_in_either_kind_of_database(database_url: str) -> None:
    def write(number: int) -> None:
        one = Ledger(database_url)
        one.append(replace(record(), time=str(number)), "text")
        one.close()

    ledger = Ledger(database_url)
    ledger.prepare()
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(24)))
    assert sorted(int(record.time) for _, record in ledger.records()) == list(range(24))
    ledger.close()
