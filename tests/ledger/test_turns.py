"""Two decide on the same turn: what takes something back is not lost, whichever is written first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest

from consent_gateway.consent import LAST_TURN
from consent_gateway.holding import Erased
from consent_gateway.keys import KeyRing
from consent_gateway.ledger import Ledger
from consent_gateway.record import NEVER, Record, Submission
from tests.recorded import TERMS, TEXT, change, checked, opened, record

MEDIA = {"media": "r1"}
BOTH = MEDIA | {"webinars": "r3"}


@pytest.fixture
def ledger(database_url: str, ring: KeyRing) -> Iterator[Ledger]:
    with opened(database_url, ring) as made:
        yield made


def at(turn: int, kind: str = "grant", granted: dict[str, str] = BOTH, receipt: str = "mine") -> Record:
    return replace(record(kind, receipt=receipt), granted=granted, turn=turn)


def written(ledger: Ledger, *records: Record, grants: bool = False) -> list[int]:
    return ledger.append_all([Submission(one, TEXT, TERMS, grants=grants) for one in records])


def least(ledger: Ledger) -> int:
    """The first turn of the receipt that counts."""
    return max(turn for _, _, turn, _ in ledger.ended(since=0, today=""))


@pytest.mark.parametrize("kind", ["grant", "change", "activation", "lifting"])
@pytest.mark.parametrize("ending", ["objection", "restriction", "change"])
def test_con_08_a_grant_on_what_was_ended_meanwhile_is_not_written(
    ledger: Ledger, database_url: str, ring: KeyRing, kind: str, ending: str
) -> None:
    assert written(ledger, at(1)) == [1]
    assert written(ledger, at(1000, ending, MEDIA)) == [2]
    assert written(ledger, at(1000 if kind == "change" else 2, kind), grants=True) == [0]
    assert written(ledger, at(2000 if kind == "change" else 1001, kind), grants=True) == [3]
    assert checked(database_url, ring).records == 3


def test_con_08_nor_in_one_transaction_with_what_ends_it(ledger: Ledger) -> None:
    both = [Submission(at(1000, "objection", MEDIA), TEXT), Submission(at(2), TEXT, grants=True)]
    assert ledger.append_all(both) == [1, 0]
    assert ledger.append_all(both) == [1, 0]


def test_con_08_nor_after_everything_was_withdrawn(ledger: Ledger) -> None:
    assert written(ledger, at(1)) == [1]
    assert written(ledger, at(0, "withdrawal", {})) == [2] and least(ledger) == NEVER
    assert written(ledger, at(2), grants=True) == [0]
    assert written(ledger, at(2, receipt="another"), grants=True) == [3]


def test_two_grants_of_two_tabs_are_both_written(ledger: Ledger) -> None:
    assert written(ledger, at(1)) == [1]
    assert written(ledger, at(2), at(2), grants=True) == [2, 3]


def test_con_08_an_ending_is_above_what_was_granted_before_it(ledger: Ledger) -> None:
    assert written(ledger, at(1), at(2), at(3), grants=True) == [1, 2, 3]
    assert written(ledger, at(1000, "restriction")) == [4] and least(ledger) == 1000


@pytest.mark.parametrize("others", [(2500,), (999, 1000)])
def test_con_08_an_ending_on_whose_turns_others_came_ends_those_as_well(
    ledger: Ledger, database_url: str, ring: KeyRing, others: tuple[int, ...]
) -> None:
    assert all(written(ledger, *(at(turn) for turn in others), grants=True))
    assert all(written(ledger, at(1000, "objection", MEDIA)))
    assert least(ledger) == (others[-1] // 1000 + 1) * 1000
    assert checked(database_url, ring).records == len(others) + 1, "the record says so itself"


def test_con_08_of_two_that_take_something_else_back_neither_cookie_counts(ledger: Ledger) -> None:
    assert written(ledger, at(1000, "objection", MEDIA), at(1000, "change", {"webinars": "r3"})) == [1, 2]
    assert least(ledger) == 2000


def test_a_double_click_ends_what_one_click_does(ledger: Ledger) -> None:
    assert written(ledger, at(1000, "objection", MEDIA)) == [1]
    assert written(ledger, at(1000, "objection", MEDIA)) == [2] and least(ledger) == 1000


def test_a_receipt_of_which_a_record_cannot_be_read_can_still_withdraw(
    ledger: Ledger, database_url: str
) -> None:
    written(ledger, at(1))
    change(database_url, "UPDATE ledger_entries SET content = 'x'")
    assert written(ledger, at(1000, "objection", MEDIA)) == [2] and least(ledger) == 1000


def test_whoever_has_clicked_for_ever_can_still_withdraw(ledger: Ledger) -> None:
    assert written(ledger, at(LAST_TURN, "change"), grants=True) == [1]
    assert written(ledger, at(LAST_TURN, "objection", MEDIA)) == [2] and least(ledger) == NEVER


@pytest.mark.parametrize("kind", ["restriction", "withdrawal", "change", "grant"])
def test_prc_06_under_what_was_erased_nothing_is_written_any_more(
    ledger: Ledger, database_url: str, ring: KeyRing, now: datetime, kind: str
) -> None:
    written(ledger, at(1), at(1, receipt="another"))
    ledger.erase_under(Erased(name=ledger.key_id("mine"), time=now))
    assert written(ledger, at(1000, kind), at(1000, kind, receipt="another")) == [0, 4]
    assert ledger.records_of("mine") == []
    assert checked(database_url, ring).records == 2


def test_after_a_withdrawal_or_where_the_law_demands_to_keep_it_what_waited_is_written(
    ledger: Ledger, now: datetime
) -> None:
    """PRC-06"""
    written(ledger, at(1), at(0, "withdrawal", {}))
    assert written(ledger, at(1000, "objection", MEDIA)) == [3]
    ledger.erase([2], {"event": "purge"})
    assert written(ledger, at(1000, "restriction", MEDIA)) == [5]
    for receipt in ("another", "unknown so far"):
        ledger.erase_under(Erased(name=ledger.key_id(receipt), time=now, retained=True), "HGB § 257")
        assert all(written(ledger, at(1000, "restriction", receipt=receipt)))
        assert all(written(ledger, at(1001, "lifting", receipt=receipt)))
        assert all(one.restricted for one in ledger.records_of(receipt)), "the duty outlasts a block"
