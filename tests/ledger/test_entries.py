"""An entry opens in its own place only."""

from __future__ import annotations

import pytest

from consent_gateway.keys import KeyRing
from consent_gateway.ledger import Ledger, LedgerBroken
from consent_gateway.ledger.entries import place_of
from tests.recorded import change, checked, opened, record, write


def test_a_place_is_number_predecessor_id_and_key() -> None:
    places = {place_of(1, "p", "i", "k"), place_of(2, "p", "i", "k"), place_of(1, "q", "i", "k"),
              place_of(1, "p", "j", "k"), place_of(1, "p", "i", None)}  # fmt: skip
    assert len(places) == 5


def test_a_content_that_is_moved_with_all_that_belongs_to_it_does_not_open(
    database_url: str, ring: KeyRing
) -> None:
    with opened(database_url, ring) as ledger:
        write(ledger, record(receipt="a"), record(receipt="a"))
    moved = "content = (SELECT content FROM ledger_entries WHERE number = 1), commitment = (SELECT commitment FROM ledger_entries WHERE number = 1)"
    change(database_url, f"UPDATE ledger_entries SET {moved} WHERE number = 2")
    with pytest.raises(LedgerBroken) as raised:
        checked(database_url, ring)
    assert (raised.value.number, raised.value.reason) == (2, "was changed")


def test_without_keys_one_sees_that_there_are_entries_and_nothing_else(
    database_url: str, ring: KeyRing
) -> None:
    with opened(database_url, ring) as ledger:
        write(ledger, record(), record())
    looked_at = Ledger.to_read(database_url, None)
    with looked_at.view() as view:
        entries = list(view.entries())
    assert [(entry.number, entry.record, entry.payload) for entry in entries] == [
        (1, None, ""),
        (2, None, ""),
    ]
    looked_at.close()
