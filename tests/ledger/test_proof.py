"""The proof of one consent: what is in it, and what of others is not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from consent_gateway.keys import KeyRing
from consent_gateway.ledger import Ledger
from consent_gateway.ledger.proof import bundle, choose, event_bundle, in_force
from consent_gateway.record import hash_of
from consent_gateway.verify_receipt import check, written
from tests.received import NOW as WHEN
from tests.received import kept, new
from tests.recorded import TERMS, TEXT, opened, record, write

NOW = datetime(2026, 11, 30, tzinfo=UTC)


@pytest.fixture
def ledger(database_url: str, ring: KeyRing) -> Iterator[Ledger]:
    with opened(database_url, ring) as ledger:
        write(
            ledger,
            record("refusal"),
            record("grant", receipt="mine", time="2026-01-10T10:00:00+00:00"),
            record("grant", receipt="theirs"),
            record("withdrawal", receipt="mine", time="2026-02-10T10:00:00+00:00"),
            record("grant", receipt="theirs"),
        )
        yield ledger


def test_it_holds_the_records_of_the_receipt_their_texts_and_the_links_to_the_end(ledger: Ledger) -> None:
    """CON-14"""
    with ledger.view() as view:
        proof = bundle(view, choose(view.entries(), receipt="mine"), NOW)["proof"]
    assert [one["number"] for one in proof["records"]] == [2, 4]
    assert proof["texts"] == {hash_of(TEXT): TEXT, hash_of(TERMS): TERMS}
    assert (proof["before"]["number"], len(proof["digests"]), proof["head"]["number"]) == (1, 4, 5)


def test_of_others_there_are_only_hashes(ledger: Ledger) -> None:
    """CON-14"""
    with ledger.view() as view:
        data = written(bundle(view, choose(view.entries(), receipt="mine"), NOW))
    assert check(data)["dct:identifier"] == "mine"
    assert b"theirs" not in data


def test_what_happened_to_the_ledger_itself_is_not_proved_and_what_was_done_with_requests_is(
    ledger: Ledger, database_url: str, ring: KeyRing
) -> None:
    with kept(database_url, ring) as book:
        book.receive(new(), WHEN)
    ledger.erase([2], {"event": "erasure"})
    with ledger.view() as view:
        entries = list(view.entries())
        numbers = [entry.number for entry in entries if choose(entries, number=entry.number).entries]
        made = event_bundle(choose(entries, number=6), None, NOW)
    assert [entry.number for entry in entries if entry.event] == [6, 7] and numbers == [1, 3, 4, 5, 6]
    assert check(written(made))["event"]["step"] == "received"
    assert choose(entries, receipt="").entries == []


def test_one_record_can_be_proved_by_its_number(ledger: Ledger) -> None:
    """CON-14"""
    with ledger.view() as view:
        made = bundle(view, choose(view.entries(), number=1), NOW)
    assert check(written(made))["dct:identifier"] == "record 1"
    assert json.loads(made["proof"]["records"][0]["payload"])["kind"] == "refusal"


def test_what_is_not_there_is_not_chosen(ledger: Ledger) -> None:
    with ledger.view() as view:
        assert (
            choose(view.entries(), receipt="nobody").entries == choose(view.entries(), number=9).entries == []
        )
        assert choose(view.entries()).entries == []


@pytest.mark.parametrize(
    ("at", "number"),
    [("2026-01-10T09:59:59", 0), ("2026-01-10T10:00:00", 2), ("2026-02-10T09:59:59", 2), ("2026-02-10T10:00:00", 0)],
)  # fmt: skip
def test_what_was_in_force_at_a_moment_is_the_last_grant_that_nothing_had_ended(
    ledger: Ledger, at: str, number: int
) -> None:
    """CON-14"""
    with ledger.view() as view:
        kept = in_force(
            choose(view.entries(), receipt="mine").records, datetime.fromisoformat(at).replace(tzinfo=UTC)
        )
    assert (kept.number if kept else 0) == number


def test_a_withdrawal_that_leaves_something_granted_is_in_force(database_url: str, ring: KeyRing) -> None:
    """CON-14"""
    partial = record("withdrawal", time="2026-02-10T10:00:00+00:00")
    with opened(database_url, ring) as ledger:
        write(ledger, record("grant", time="2026-01-10T10:00:00+00:00"))
        write(ledger, replace(partial, granted={"analytics": "r1"}, refused={"media": "r1"}))
        kept = in_force(list(ledger.records()), datetime(2026, 3, 1, tzinfo=UTC))
    assert kept and (kept.number, list(kept.record.granted)) == (2, ["analytics"])


def test_the_receipt_has_the_fields_of_iso_27560_as_dpv_names_them(ledger: Ledger) -> None:
    """CON-14"""
    with ledger.view() as view:
        made = bundle(view, choose(view.entries(), receipt="mine"), NOW)
    assert made["@type"] == "dpv:ConsentReceipt"
    given, withdrawn = made["dpv:hasRecordOfActivity"]
    assert given["dpv:hasDataController"]["dpv:hasName"] == "Example AG"
    assert given["dpv:hasNotice"] == {
        "@type": "dpv:ConsentNotice", "dct:identifier": f"sha256:{hash_of(TEXT)}", "dct:language": "de"
    }  # fmt: skip
    assert [(one["dpv:hasPurpose"], one["dpv:hasConsentStatus"]) for one in given["dpv:hasProcess"]] == [
        ("media", "dpv:ConsentGiven"),
        ("marketing", "dpv:ConsentRefused"),
    ]
    assert withdrawn["dpv:hasConsentStatus"]["@type"] == "dpv:ConsentWithdrawn"
    assert withdrawn["dpv:hasConsentStatus"]["dpv:isIndicatedAtTime"] == "2026-02-10T10:00:00+00:00"


@pytest.mark.parametrize(
    ("kind", "left", "number"),
    [("restriction", True, 0), ("lifting", True, 3), ("objection", True, 3), ("objection", False, 0)],
)
def test_what_was_blocked_is_not_in_force_and_what_an_objection_or_a_lifted_block_leaves_is(
    kind: str, left: bool, number: int
) -> None:
    """PRC-05, PRC-07"""
    grant = record("grant", receipt="mine", time="2026-01-10T10:00:00+00:00")
    later = replace(grant, kind=kind, time="2026-02-10T10:00:00+00:00", granted=grant.granted if left else {})
    kept = in_force([(2, grant), (3, later)], datetime(2026, 2, 11, tzinfo=UTC))
    assert (kept.number if kept else 0) == number
