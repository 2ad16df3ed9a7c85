"""Whatever is done to a ledger behind its back is found, and the first record at fault named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from consent_gateway.database import DatabaseUnavailable
from consent_gateway.keys import KeyRing
from consent_gateway.ledger import Ledger, LedgerBroken
from consent_gateway.ledger.checks import check
from consent_gateway.record import hash_of
from consent_gateway.verify_receipt import link
from tests.recorded import change, checked, opened, record, write


@pytest.fixture
def url(database_url: str, ring: KeyRing) -> str:
    """A ledger with four records, two of them under one receipt."""
    with opened(database_url, ring) as ledger:
        write(
            ledger, record(receipt="a"), record("refusal"), record("change", receipt="a"), record(receipt="b")
        )
    return database_url


def at_fault(url: str, ring: KeyRing | None) -> int:
    with pytest.raises(LedgerBroken) as raised:
        checked(url, ring)
    return raised.value.number


def test_a_whole_ledger_is_found_whole(url: str, ring: KeyRing) -> None:
    found = checked(url, ring)
    assert (found.number, found.records, found.events, found.erased) == (4, 4, 0, set())
    assert checked(url, None).chain == found.chain


FLIPPED = "substr({0}, 1, 30) || case substr({0}, 31, 1) when 'a' then 'b' else 'a' end || substr({0}, 32)"


@pytest.mark.parametrize("column", ["id", "key", "content", "commitment", "digest", "chain"])
@pytest.mark.parametrize("number", [1, 2, 4])
def test_a_byte_that_is_changed_in_a_row_is_found(url: str, ring: KeyRing, column: str, number: int) -> None:
    """CON-07"""
    change(url, f"UPDATE ledger_entries SET {column} = {FLIPPED.format(column)} WHERE number = {number}")
    assert at_fault(url, ring) == number


@pytest.mark.parametrize("column", ["content", "commitment", "digest", "chain"])
def test_without_the_keys_that_is_found_too(url: str, column: str) -> None:
    """CON-07"""
    change(url, f"UPDATE ledger_entries SET {column} = {FLIPPED.format(column)} WHERE number = 2")
    assert at_fault(url, None) == 2


@pytest.mark.parametrize(
    ("statements", "number"),
    [
        (["DELETE FROM ledger_entries WHERE number = 2"], 2),
        (["DELETE FROM ledger_entries WHERE number = 1"], 1),
        (["DELETE FROM ledger_entries WHERE number = 4"], 4),
        (["DELETE FROM ledger_entries WHERE number > 1"], 2),
        (["DELETE FROM ledger_entries"], 1),
        (["DELETE FROM ledger_entries", "DELETE FROM ledger_head"], 0),
        (["DELETE FROM ledger_entries WHERE number = 4", "DELETE FROM ledger_head"], 3),
        (["DELETE FROM ledger_entries WHERE number = 4", "UPDATE ledger_head SET number = 3",
          "UPDATE ledger_head SET chain = (SELECT chain FROM ledger_entries WHERE number = 3)"], 3),
        (["UPDATE ledger_entries SET number = 9 WHERE number = 3",
          "UPDATE ledger_entries SET number = 3 WHERE number = 4",
          "UPDATE ledger_entries SET number = 4 WHERE number = 9"], 3),
        (["INSERT INTO ledger_entries (number, id, digest, chain) VALUES (5, 'x', 'y', 'z')"], 5),
        (["UPDATE ledger_entries SET content = NULL, commitment = NULL WHERE number = 2"], 2),
        (["DELETE FROM ledger_keys WHERE id = (SELECT key FROM ledger_entries WHERE number = 2)"], 2),
        ([f"UPDATE ledger_keys SET sealed = {FLIPPED.format('sealed')}"], 1),
        (["DELETE FROM texts"], 1),
        (["UPDATE texts SET text = replace(text, 'May', 'Must')"], 1),
    ],
)  # fmt: skip
def test_what_is_deleted_inserted_moved_or_cut_off_is_found(
    url: str, ring: KeyRing, statements: list[str], number: int
) -> None:
    """CON-07"""
    change(url, *statements)
    assert at_fault(url, ring) == number


@pytest.mark.parametrize(
    ("statement", "number", "reason"),
    [
        ("DELETE FROM ledger_ended", 3, "was removed"),
        ("UPDATE ledger_ended SET turn = 0", 3, "was added or changed"),
        ("UPDATE ledger_ended SET key = 'x'", 3, "was added or changed"),
        ("UPDATE ledger_ended SET until = '2026-01-01'", 3, "was added or changed"),
        ("INSERT INTO ledger_ended VALUES (1, 'x', 1, '2030-01-01')", 1, "was added or changed"),
        ("INSERT INTO ledger_ended VALUES (9, 'x', 1, '2030-01-01')", 9, "a row was added"),
        ("DROP TABLE ledger_ended", 3, "was removed"),
    ],
)
def test_what_gateways_are_told_was_taken_back_must_follow_from_the_records(
    database_url: str, ring: KeyRing, statement: str, number: int, reason: str
) -> None:
    """CON-08"""
    with opened(database_url, ring) as ledger:
        write(ledger, record(receipt="a"), record("refusal"), replace(record("change", receipt="a"), turn=2))
    assert checked(database_url, ring).records == 3
    change(database_url, statement)
    with pytest.raises(LedgerBroken, match=reason) as raised:
        checked(database_url, ring)
    assert raised.value.number == number


def test_such_a_row_may_be_gone_once_no_cookie_from_before_is_valid(url: str, ring: KeyRing) -> None:
    change(url, "DELETE FROM ledger_ended")
    assert at_fault(url, ring) == 3
    with pytest.raises(LedgerBroken):
        checked(url, ring, today="2027-05-24")
    assert checked(url, ring, today="2027-05-25").records == 4


@pytest.mark.parametrize("kept", ["ledger_entries", "ledger_keys", "ledger_head", "ledger_ended"])
def test_a_ledger_without_its_secret_is_broken_and_gets_no_other(url: str, ring: KeyRing, kept: str) -> None:
    """CON-07"""
    others = {"ledger_entries", "ledger_keys", "ledger_head", "ledger_ended"} - {kept}
    change(url, "DELETE FROM ledger_secrets", *(f"DELETE FROM {table}" for table in others))
    for keys in (ring, None):
        with pytest.raises(LedgerBroken, match="the secret of the ledger was removed"):
            checked(url, keys)
    with pytest.raises(DatabaseUnavailable, match="the secret of the ledger was removed"):
        Ledger(url, ring).prepare()


def test_a_table_of_an_earlier_version_put_beside_a_ledger_hides_nothing(url: str, ring: KeyRing) -> None:
    change(url, "CREATE TABLE records (number integer, content text, chain text)")
    assert checked(url, ring).records == 4
    change(url, "DELETE FROM ledger_secrets")
    with pytest.raises(LedgerBroken, match="the secret of the ledger was removed"):
        checked(url, ring)


def test_a_record_that_follows_the_rules_of_the_chain_but_has_no_keys_is_found(
    url: str, ring: KeyRing
) -> None:
    end = checked(url, ring).chain
    change(
        url,
        f"INSERT INTO ledger_entries (number, id, digest, chain) VALUES (5, 'x', 'y', '{link(end, 5, 'y')}')",
    )
    assert at_fault(url, ring) == 5


def test_what_was_cut_off_stays_found_when_the_gateway_goes_on_writing(url: str, ring: KeyRing) -> None:
    """CON-07"""
    change(url, "DELETE FROM ledger_entries WHERE number = 4")
    with opened(url, ring) as ledger:
        write(ledger, record())
    with pytest.raises(
        LedgerBroken, match="ended with record 3, and should have with 4: records were cut off"
    ):
        checked(url, ring)


def test_what_was_added_without_the_keys_stays_found_too(url: str, ring: KeyRing) -> None:
    change(url, "UPDATE ledger_head SET seal = 'x'")
    with opened(url, ring) as ledger:
        write(ledger, record())
    with pytest.raises(LedgerBroken, match="should have with another"):
        checked(url, ring)


def test_an_older_copy_is_found_by_who_has_noted_where_it_ended(url: str, ring: KeyRing) -> None:
    """CON-07"""
    ledger = Ledger.to_read(url, ring)
    with ledger.view() as view:
        noted = check(view, today="2026-11-24").chain
        assert check(view, today="2026-11-24", noted=noted).number == 4
        with pytest.raises(LedgerBroken, match="an older copy was put back"):
            check(view, today="2026-11-24", noted=hash_of("of a later record"))
    ledger.close()


def test_a_text_that_was_changed_is_found_though_no_record_names_it_any_more(url: str, ring: KeyRing) -> None:
    """CON-03"""
    with opened(url, ring) as ledger:
        ledger.erase([1, 2, 3, 4], {"event": "purge"})
    assert len(checked(url, ring).erased) == 4
    change(url, "UPDATE texts SET text = text || ' '")
    with pytest.raises(LedgerBroken, match="which no record names any more, was changed"):
        checked(url, ring)


def test_an_erased_record_is_no_fault_if_an_event_says_so(url: str, ring: KeyRing) -> None:
    with opened(url, ring) as ledger:
        ledger.erase([1, 2], {"event": "purge"})
    found = checked(url, ring)
    assert (found.records, found.events, found.erased) == (2, 1, {1, 2})
