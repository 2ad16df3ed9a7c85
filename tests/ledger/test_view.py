"""The ledger as it is at one moment."""

from __future__ import annotations

from consent_gateway.keys import KeyRing
from consent_gateway.record import hash_of
from tests.recorded import TERMS, TEXT, opened, record, write


def test_it_does_not_change_while_one_looks(database_url: str, ring: KeyRing) -> None:
    with opened(database_url, ring) as ledger:
        write(ledger, record())
        with ledger.view() as view:
            assert view.count() == 1
            write(ledger, record())
            assert (view.count(), (view.end() or (0,))[0], len(list(view.records()))) == (1, 1, 1)
        with ledger.view() as view:
            assert (view.end() or (0,))[0] == 2


def test_texts_are_told_with_their_hashes(database_url: str, ring: KeyRing) -> None:
    with opened(database_url, ring) as ledger:
        write(ledger, record())
        with ledger.view() as view:
            assert dict(view.texts()) == {hash_of(TEXT): TEXT, hash_of(TERMS): TERMS}


def test_an_empty_ledger_ends_where_every_chain_begins(database_url: str, ring: KeyRing) -> None:
    with opened(database_url, ring) as ledger, ledger.view() as view:
        assert view.end() == (0, "0" * 64, True)
        assert list(view.entries()) == [] and view.is_current
