"""Writing behind the last entry."""

from __future__ import annotations

from consent_gateway.keys import KeyRing
from consent_gateway.record import Submission
from tests.recorded import TERMS, TEXT, change, checked, opened, record, write


def test_records_of_one_receipt_in_one_transaction_share_its_key(database_url: str, ring: KeyRing) -> None:
    with opened(database_url, ring) as ledger:
        submissions = [Submission(record(kind), TEXT, TERMS) for kind in ("grant", "change", "withdrawal")]
        assert ledger.append_all(submissions) == [1, 2, 3]
        with ledger.view() as view:
            assert len({entry.key for entry in view.entries()}) == 1


def test_a_receipt_whose_key_was_spoilt_can_still_decide(database_url: str, ring: KeyRing) -> None:
    with opened(database_url, ring) as ledger:
        write(ledger, record())
        change(database_url, "UPDATE ledger_keys SET sealed = 'x'")
        assert write(ledger, record("withdrawal")) == [2]


def test_a_ledger_that_was_emptied_is_gone_on_with_and_says_so(database_url: str, ring: KeyRing) -> None:
    with opened(database_url, ring) as ledger:
        write(ledger, record(), record())
        change(database_url, "DELETE FROM ledger_entries")
        assert write(ledger, record()) == [2]
        with ledger.view() as view:
            events = [entry.event for entry in view.entries() if entry.event]
    assert events == [{"event": "gap", "found": 0, "expected": 2}]


def test_withdrawals_are_taken_after_records_were_cut_off(database_url: str, ring: KeyRing) -> None:
    with opened(database_url, ring) as ledger:
        write(ledger, record(), record("withdrawal"))
        change(database_url, "DELETE FROM ledger_entries")
        assert write(ledger, record("withdrawal", receipt="other")) == [2]
        assert [row[:2] for row in ledger.ended(since=0, today="")] == [(2, ledger.key_id("other"))]


def test_many_at_once_are_written_in_order(database_url: str, ring: KeyRing) -> None:
    with opened(database_url, ring) as ledger:
        submissions = [Submission(record(receipt=str(number)), TEXT, TERMS) for number in range(200)]
        assert ledger.append_all(submissions) == list(range(1, 201))
        assert [one.receipt for _, one in ledger.records()] == [str(number) for number in range(200)]
    assert checked(database_url, ring).records == 200
