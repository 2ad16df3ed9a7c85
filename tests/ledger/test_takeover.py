"""A ledger of an earlier version is read as it is, and taken over without losing a record."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from consent_gateway.database import Database, in_folder
from consent_gateway.keys import KeyRing
from consent_gateway.ledger import Ledger, LedgerBroken
from consent_gateway.ledger.tables import BEFORE, TEXTS
from consent_gateway.record import Record
from tests.ledger_before import as_before
from tests.recorded import change, checked, opened, record, write

KINDS = ("grant", "refusal", "change", "withdrawal")


def read(url: str, ring: KeyRing | None) -> list[Record]:
    ledger = Ledger.to_read(url, ring)
    found = [one for _, one in ledger.records()]
    ledger.close()
    return found


def test_it_is_read_and_checked_as_it_is(database_url: str, ring: KeyRing) -> None:
    written = as_before(database_url, *KINDS)
    assert read(database_url, ring) == read(database_url, None) == written
    assert checked(database_url, ring).records == 4
    change(database_url, "UPDATE records SET content = replace(content, 'change', 'chance') WHERE number = 3")
    with pytest.raises(LedgerBroken, match="record 3: was changed"):
        checked(database_url, ring)


def test_every_record_is_there_after_it_was_taken_over_and_none_in_clear(
    database_url: str, ring: KeyRing
) -> None:
    written = as_before(database_url, *KINDS)
    with opened(database_url, ring) as ledger:
        write(ledger, record("change"))
        records = list(ledger.records())
    assert [one for _, one in records[:4]] == written
    assert [number for number, _ in records] == [1, 2, 3, 4, 6]
    assert records[-1][1].previous == 4
    found = checked(database_url, ring)
    assert (found.records, found.events) == (5, 1)
    engine = Database(database_url, BEFORE)
    with engine.reading() as connection:
        assert not sa.inspect(connection).has_table("records")
        assert connection.scalar(sa.select(sa.func.count()).select_from(TEXTS)) == 2
    engine.close()


def test_that_somebody_had_changed_it_stays_known(database_url: str, ring: KeyRing) -> None:
    as_before(database_url, *KINDS)
    change(database_url, "UPDATE records SET content = replace(content, 'change', 'chance') WHERE number = 3")
    with opened(database_url, ring) as ledger:
        assert len(list(ledger.records())) == 4
    with pytest.raises(LedgerBroken, match="record 3: was changed before this version took the ledger over"):
        checked(database_url, ring)


def test_a_withdrawal_that_was_taken_over_goes_on_counting(database_url: str, ring: KeyRing) -> None:
    """CON-08"""
    as_before(database_url, *KINDS)
    with opened(database_url, ring) as ledger:
        assert [number for number, *_ in ledger.ended(since=0, today="2026-11-24")] == [3, 4]


def test_many_records_are_taken_over(state: Path, ring: KeyRing) -> None:
    as_before(in_folder(state), *("grant",) * 1203)
    with opened(in_folder(state), ring):
        pass
    assert checked(in_folder(state), ring).records == 1203
