"""The ledger: every choice is there, in order, encrypted, and nobody can change one unnoticed."""

from __future__ import annotations

import base64
import re
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from consent_gateway.database import DatabaseUnavailable, in_folder
from consent_gateway.holding import Erased
from consent_gateway.keys import Key, KeyRing
from consent_gateway.ledger import GivenUp, Ledger, LedgerBroken
from consent_gateway.ledger.erasing import ranges
from consent_gateway.record import NEVER, Record, Submission, hash_of
from tests.recorded import TERMS, TEXT, change, checked, opened, record, write


@pytest.fixture
def ledger(database_url: str, ring: KeyRing) -> Iterator[Ledger]:
    with opened(database_url, ring) as ledger:
        yield ledger


def test_records_are_numbered_and_read_as_they_were_written(ledger: Ledger) -> None:
    assert write(ledger, record("grant"), record("refusal")) == [1, 2]
    assert list(ledger.records()) == [(1, record("grant")), (2, record("refusal"))]


def test_a_record_names_the_one_before_it_with_the_same_receipt(ledger: Ledger) -> None:
    """CON-02"""
    one, other = record(receipt="one"), record(receipt="other")
    write(ledger, one, other, record("refusal"), replace(one, kind="change"), replace(one, kind="withdrawal"))
    submissions = [Submission(replace(other, kind=kind), TEXT, TERMS) for kind in ("change", "withdrawal")]
    ledger.append_all(submissions)
    assert [one.previous for _, one in ledger.records()] == [0, 0, 0, 1, 4, 2, 6]


def test_the_texts_of_a_choice_are_kept_once_byte_for_byte(ledger: Ledger) -> None:
    """CON-03"""
    write(ledger, record(), record(), record())
    assert (ledger.text(hash_of(TEXT)), ledger.text(hash_of(TERMS))) == (TEXT, TERMS)
    assert ledger.text("unknown") is None


def test_what_is_submitted_twice_is_written_once(ledger: Ledger) -> None:
    one, other = (Submission(record(kind), TEXT, TERMS) for kind in ("grant", "refusal"))
    assert ledger.append_all([one]) == [1]
    assert ledger.append_all([other, one]) == [2, 1]
    assert len(list(ledger.records())) == 2


def test_what_nobody_wants_any_more_right_before_the_commit_is_not_written(
    ledger: Ledger, database_url: str, ring: KeyRing
) -> None:
    """CON-07"""
    write(ledger, record())
    given_up = Submission(record("withdrawal"), TEXT, TERMS)
    with pytest.raises(GivenUp):
        ledger.append_all([given_up], lambda: False)
    assert ledger.ended(since=0, today="") == []
    assert checked(database_url, ring).records == 1
    assert ledger.append_all([given_up], lambda: True) == [2]


def rows(url: str) -> str:
    """All there is in a database, as one text, with what stands in it in base64."""
    address = sa.make_url(url)
    if address.get_backend_name() == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    engine = sa.create_engine(address)
    with engine.connect() as connection:
        names = sa.inspect(connection).get_table_names()
        found = [
            connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in names if name != "texts"
        ]
    engine.dispose()
    text = repr(found)
    coded = [one[: len(one) // 4 * 4] for one in re.findall(r"[A-Za-z0-9_-]{24,}", text)]
    return text + "".join(base64.urlsafe_b64decode(one).decode(errors="ignore") for one in coded)


def test_a_copy_of_the_database_says_nothing_without_the_keys(ledger: Ledger, database_url: str) -> None:
    """CON-06"""
    write(ledger, record(receipt="the-receipt"), record("refusal"))
    for word in ("the-receipt", "grant", "refusal", "www.example.com", "2026-11-24", "marketing"):
        assert word not in rows(database_url)


def test_two_refusals_have_nothing_in_common(ledger: Ledger, database_url: str) -> None:
    write(ledger, record("refusal"), record("refusal"))
    with ledger._database.reading() as connection:
        first, second = connection.execute(sa.text("SELECT * FROM ledger_entries ORDER BY number")).all()
    assert set(first) & set(second) == set()


def test_a_record_has_no_room_for_address_browser_or_page() -> None:
    """CON-06"""
    assert {field.name for field in fields(Record)} == {
        "time", "kind", "host", "layer", "language", "shown", "policy", "granted", "refused", "services", "signal",
        "receipt", "previous", "turn",
    }  # fmt: skip


def test_writers_at_once_keep_one_chain(ledger: Ledger, database_url: str, ring: KeyRing) -> None:
    """CON-07"""

    def write_some(number: int) -> None:
        one = Ledger(database_url, ring)
        write(one, *(record(receipt=f"{number}-{n % 2}") for n in range(4)))
        one.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write_some, range(12)))
    assert checked(database_url, ring).records == 48
    receipts = [one.receipt for _, one in ledger.records()]
    assert {receipts.count(f"{number}-0") for number in range(12)} == {2}


def test_several_may_begin_a_ledger_at_once(database_url: str, ring: KeyRing) -> None:
    def begin(number: int) -> None:
        with opened(database_url, ring) as ledger:
            write(ledger, record(receipt=str(number)))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(begin, range(6)))
    assert checked(database_url, ring).records == 6


def test_what_is_erased_cannot_be_read_and_the_chain_stays_valid(
    ledger: Ledger, database_url: str, ring: KeyRing
) -> None:
    """CON-07"""
    write(ledger, record(receipt="a"), record("refusal"), record(receipt="a"), record(receipt="b"))
    ledger.erase([1, 2], {"event": "purge"})
    assert [number for number, _ in ledger.records()] == [3, 4]
    assert checked(database_url, ring).erased == {1, 2}
    ledger.erase([3], {"event": "purge"})
    with ledger._database.reading() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM ledger_keys")) == 1
    assert write(ledger, record(receipt="a")) == [7]
    assert checked(database_url, ring).erased == {1, 2, 3}


def test_what_was_erased_is_in_no_file_any_more(state: Path, ring: KeyRing) -> None:
    with opened(in_folder(state), ring) as ledger:
        write(ledger, record("refusal"))
        with ledger._database.reading() as connection:
            content = connection.scalar(sa.text("SELECT content FROM ledger_entries"))
        assert content.encode() in b"".join(path.read_bytes() for path in state.iterdir())
        ledger.erase([1], {"event": "purge"})
        assert ledger.forget("2026-11-24")
        assert content.encode() not in b"".join(path.read_bytes() for path in state.iterdir())


def test_what_was_taken_back_is_forgotten_when_no_cookie_from_before_is_valid(
    ledger: Ledger, database_url: str, ring: KeyRing
) -> None:
    """CON-13"""
    write(ledger, record("withdrawal", receipt="a", time="2026-01-15T10:00:00+00:00"))
    assert ledger.forget("2026-07-15") and len(ledger.ended(since=0, today="")) == 1
    assert ledger.forget("2026-07-16") and ledger.ended(since=0, today="") == []
    write(ledger, record("withdrawal", receipt="b", time="2026-07-20T10:00:00+00:00"))
    write(ledger, record("withdrawal", receipt="c", time="2027-02-20T10:00:00+00:00"))
    assert [number for number, *_ in ledger.ended(since=0, today="")] == [3], "nor is it when more is written"
    assert checked(database_url, ring, today="2027-02-20").records == 3


def test_numbers_are_told_as_ranges() -> None:
    assert ranges([5, 1, 2, 3, 9]) == [[1, 3], [5, 5], [9, 9]]
    assert ranges([]) == []


def test_other_keys_do_not_open_it(ledger: Ledger, database_url: str) -> None:
    write(ledger, record())
    for key, reason in ((Key("other", b"o" * 32), "sealed with the key root-[0-9a-f]+ or test, which"), (Key("test", b"o" * 32), "another key of the name test")):  # fmt: skip
        stranger = Ledger(database_url, KeyRing((key,)))
        with pytest.raises(DatabaseUnavailable, match=reason):
            stranger.append(record(), TEXT)
        with pytest.raises(DatabaseUnavailable, match=reason):
            stranger.prepare()


def test_a_database_that_cannot_be_written_says_so(tmp_path: Path, ring: KeyRing) -> None:
    missing = Ledger(f"sqlite:///{tmp_path / 'nowhere' / 'ledger.sqlite3'}", ring)
    with pytest.raises(DatabaseUnavailable):
        missing.prepare()
    with pytest.raises(DatabaseUnavailable):
        missing.append(record(), TEXT)
    with pytest.raises(DatabaseUnavailable):
        list(missing.records())
    missing.close()


@pytest.mark.parametrize("replaced", [False, True])
def test_a_file_that_was_taken_away_is_not_written_in_vain(
    state: Path, ring: KeyRing, replaced: bool
) -> None:
    with opened(in_folder(state), ring) as ledger:
        write(ledger, record())
        for path in state.glob("ledger.sqlite3*"):
            path.unlink()
        if replaced:
            sqlite3.connect(state / "ledger.sqlite3").close()
        with pytest.raises(DatabaseUnavailable, match="no longer where it was"):
            write(ledger, record())


def test_whoever_reads_keeps_nobody_from_writing(ledger: Ledger, database_url: str, ring: KeyRing) -> None:
    write(ledger, record(), record(), record())
    with ledger.view() as view:
        reading = view.records()
        next(reading)
        other = Ledger(database_url, ring)
        assert write(other, record()) == [4]
        other.close()
        assert len(list(reading)) == 2
        assert (view.end() or (0,))[0] == 3


@pytest.mark.parametrize("url", ["oracle", "nosuch://x/y", "mysql://x/y", "sqlite:////nonexistent/folder/l"])
def test_a_database_that_cannot_be_used_is_named_as_such(url: str, ring: KeyRing) -> None:
    with pytest.raises(DatabaseUnavailable):
        Ledger(url, ring).prepare()


def contents(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.iterdir()}


def test_whoever_looks_needs_read_access_only_and_changes_nothing(state: Path, ring: KeyRing) -> None:
    with opened(in_folder(state), ring) as book:
        write(book, record())
    (state / "ledger.sqlite3").chmod(0o400)
    state.chmod(0o500)
    before = contents(state)
    assert checked(in_folder(state), ring).records == 1
    assert contents(state) == before
    state.chmod(0o700)


def test_whoever_looks_while_the_gateway_writes_sees_the_newest_record(state: Path, ring: KeyRing) -> None:
    with opened(in_folder(state), ring) as book:
        for number in (1, 2):
            write(book, record())
            assert checked(in_folder(state), ring).records == number


def test_whoever_looks_cannot_write(state: Path, ring: KeyRing) -> None:
    with opened(in_folder(state), ring) as book:
        write(book, record())
    looked_at = Ledger.to_read(in_folder(state), ring)
    with pytest.raises(DatabaseUnavailable, match="readonly"):
        write(looked_at, record())
    looked_at.close()


def test_a_database_that_is_none_is_named(state: Path, ring: KeyRing) -> None:
    (state / "ledger.sqlite3").write_text("something else " * 100)
    book = Ledger.in_folder(state, ring)
    with pytest.raises(DatabaseUnavailable) as raised:
        book.prepare()
    assert str(raised.value) == f"{state / 'ledger.sqlite3'}: file is not a database"
    book.close()


@pytest.mark.parametrize("url", ["postgresql://u:geheim@h:port/x", "nosuch://u:geheim@h/x", "geheim"])
def test_a_password_in_the_address_of_a_database_is_never_shown(url: str, ring: KeyRing) -> None:
    with pytest.raises(DatabaseUnavailable) as raised:
        Ledger(url, ring).prepare()
    assert "geheim" not in str(raised.value)


def test_a_folder_may_have_any_name(tmp_path: Path, ring: KeyRing) -> None:
    folder = tmp_path / "50% of what? #1"
    folder.mkdir()
    with opened(in_folder(folder), ring) as book:
        write(book, record())
    assert checked(in_folder(folder), ring).records == 1


def test_what_is_under_a_receipt_is_found_by_its_name_and_opened_with_its_terms(ledger: Ledger) -> None:
    """PRC-02"""
    write(ledger, record("refusal"), record(receipt="mine"), record(receipt="other"))
    write(ledger, record("change", receipt="mine"))
    found = ledger.records_of("mine")
    assert [(one.number, one.record.kind, one.record.previous) for one in found] == [
        (2, "grant", 0),
        (4, "change", 2),
    ]
    assert {one.terms for one in found} == {TERMS} and not any(one.restricted for one in found)
    assert ledger.records_of("nobody's") == [] == ledger.records_of("")


def test_a_record_that_somebody_changed_is_shown_to_nobody(ledger: Ledger, database_url: str) -> None:
    write(ledger, record(receipt="other"), record(receipt="mine"))
    for statement in ("SET chain = 'x' WHERE number = 1", "SET digest = 'x' WHERE number = 2"):
        change(database_url, f"UPDATE ledger_entries {statement}")
        with pytest.raises(LedgerBroken):
            ledger.records_of("mine")


def test_an_erasure_by_receipt_destroys_all_of_it_and_nothing_else(
    ledger: Ledger, database_url: str, ring: KeyRing, now: datetime
) -> None:
    """PRC-06"""
    write(ledger, record(receipt="mine"), record(receipt="other"), record("change", receipt="mine"))
    erased = Erased(name=ledger.key_id("mine"), time=now)
    assert ledger.undone([erased], "2026-11-24") == [erased]
    ledger.erase_under(erased)
    ledger.forget("2026-11-24")
    assert ledger.records_of("mine") == []
    assert [one.receipt for _, one in ledger.records()] == ["other"]
    assert (checked(database_url, ring).erased, checked(database_url, ring).records) == ({1, 3}, 1)
    assert (4, erased.name, NEVER, "2027-05-24") in ledger.ended(since=0, today="2026-11-24")
    assert ledger.undone([erased], "2026-11-24") == []
    with ledger.view() as view:
        event = [entry.event for entry in view.entries()][-1]
    assert event and (event["event"], event["numbers"]) == ("erasure", [[1, 1], [3, 3]])
    assert "Art. 17(1)" in event["ground"] and "mine" not in repr(event)


def test_what_the_law_demands_to_keep_is_marked_instead_and_goes_with_its_records(
    ledger: Ledger, database_url: str, ring: KeyRing, now: datetime
) -> None:
    """PRC-06"""
    write(ledger, record(receipt="mine"), record(receipt="other"))
    erased = Erased(name=ledger.key_id("mine"), time=now, retained=True)
    ledger.erase_under(erased, "HGB § 257")
    assert [one.restricted for one in ledger.records_of("mine")] == [True]
    assert [one.restricted for one in ledger.records_of("other")] == [False]
    assert ledger.undone([erased], "2026-11-24") == [] and checked(database_url, ring).records == 2
    with ledger.view() as view:
        assert view.restricted() == {erased.name}
    ledger.erase([1], {"event": "purge"})
    with ledger.view() as view:
        assert view.restricted() == frozenset()


def entries_of(ledger: Ledger) -> list[tuple[str, ...]]:
    with ledger._database.reading() as connection:
        found = connection.execute(sa.text("SELECT * FROM ledger_entries ORDER BY number")).all()
    return [tuple(map(str, row)) for row in found]


def test_what_a_visitor_blocks_is_marked_and_otherwise_unchanged_until_he_lifts_it(ledger: Ledger) -> None:
    """PRC-05"""
    write(ledger, record(receipt="mine"), record(receipt="other"))
    before = entries_of(ledger)
    write(ledger, record("restriction", receipt="mine"))
    assert [one.restricted for one in ledger.records_of("mine")] == [True, True]
    assert not ledger.records_of("other")[0].restricted
    assert entries_of(ledger)[:2] == before
    write(ledger, record("lifting", receipt="mine"))
    assert [one.restricted for one in ledger.records_of("mine")] == [False] * 3
    write(ledger, record("restriction", receipt=""))
    with ledger.view() as view:
        assert view.restricted() == frozenset()
