"""The ledger's secret outlives every key of the ring, and no copy of the database has it."""

from __future__ import annotations

import pytest

from consent_gateway.database import Database, DatabaseUnavailable
from consent_gateway.keys import Key, KeyRing
from consent_gateway.ledger import Ledger
from consent_gateway.ledger import secret as module
from consent_gateway.ledger.secret import Secret
from consent_gateway.ledger.tables import METADATA
from tests.recorded import checked, opened, record, write

FIRST, SECOND, THIRD = (Key(name, name[0].encode() * 32) for name in ("first", "second", "third"))


def keys_in(url: str) -> list[str]:
    ledger = Ledger.to_read(url, None)
    found = ledger.sealed_under()
    ledger.close()
    return [key for key in found if not key.startswith("root-")]


def test_a_ledger_stays_readable_through_every_rotation(database_url: str) -> None:
    for ring in (KeyRing((FIRST,)), KeyRing((FIRST, SECOND)), KeyRing((SECOND, THIRD)), KeyRing((THIRD,))):
        with opened(database_url, ring) as ledger:
            write(ledger, record())
    assert checked(database_url, KeyRing((THIRD,))).records == 4
    assert keys_in(database_url) == ["third"]


def test_a_key_that_was_dropped_opens_it_no_more(database_url: str) -> None:
    for ring in (KeyRing((FIRST, SECOND)), KeyRing((SECOND,))):
        with opened(database_url, ring) as ledger:
            write(ledger, record())
    with pytest.raises(
        DatabaseUnavailable,
        match=r"is sealed with the key root-[0-9a-f]+ or second, which is not among the keys given .first",
    ):
        checked(database_url, KeyRing((FIRST,)))


def test_a_machine_with_an_older_ring_takes_nothing_from_those_with_a_newer(database_url: str) -> None:
    for ring in (KeyRing((FIRST,)), KeyRing((FIRST, SECOND)), KeyRing((FIRST,))):
        with opened(database_url, ring) as ledger:
            write(ledger, record())
    assert keys_in(database_url) == ["first", "second"]
    assert checked(database_url, KeyRing((SECOND,))).records == 3


def test_the_name_of_a_receipts_key_is_the_same_each_time_and_says_nothing() -> None:
    one, other = Secret(b"1" * 32), Secret(b"2" * 32)
    assert one.key_id("receipt") == one.key_id("receipt") != other.key_id("receipt")
    assert one.key_id("") != one.key_id("") and len(one.key_id("")) == len(one.key_id("receipt"))


def test_the_end_is_signed_with_number_and_chain() -> None:
    secret = Secret(b"1" * 32)
    signed = secret.seal_of(1, "chain")
    assert signed not in (
        secret.seal_of(2, "chain"),
        secret.seal_of(1, "other"),
        Secret(b"2" * 32).seal_of(1, "chain"),
    )


def test_a_key_opens_under_its_own_name_only() -> None:
    secret = Secret(b"1" * 32)
    sealed = secret.sealed(b"k" * 32, "a")
    assert secret.opened(sealed, "a").unseal(secret.opened(sealed, "a").seal(b"x", "p"), "p") == b"x"
    with pytest.raises(ValueError, match="not sealed"):
        secret.opened(sealed, "b")


def test_where_nothing_was_made_yet_nothing_is_found(database_url: str) -> None:
    database = Database(database_url, METADATA)
    database.prepare()
    with database.reading() as connection:
        assert module.keys(connection) == []
        with pytest.raises(DatabaseUnavailable, match="has no secret"):
            module.find(connection, KeyRing((FIRST,)))
    database.close()
