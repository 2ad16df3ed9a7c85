"""The proof of one consent or event: records, texts, and the links from there to the end of the chain."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from consent_gateway.expiry import Expiring, ends
from consent_gateway.ledger.entries import Entry
from consent_gateway.ledger.view import View
from consent_gateway.record import Record
from consent_gateway.verify_receipt import EVENT_FORMAT, EVENTS, FORMAT, GENESIS, event_receipt, receipt

HOW = (
    "python verify_receipt.py BUNDLE --head CHAIN checks this file offline; `consent-gateway ledger prove "
    "--verifier verify_receipt.py` writes that script. CHAIN is a chain value that was noted after the "
    "records were written; without one nothing shows that they are from the ledger."
)


@dataclass(slots=True)
class Chosen:
    """The records that are to be proved, and what is needed of the others: their digests."""

    entries: list[Entry] = field(default_factory=list)
    before: tuple[int, str] = (0, GENESIS)
    digests: list[str] = field(default_factory=list)
    head: tuple[int, str] = (0, GENESIS)

    @property
    def records(self) -> list[tuple[int, Record]]:
        return [(entry.number, entry.record) for entry in self.entries if entry.record]


def choose(entries: Iterable[Entry], *, receipt: str = "", number: int = 0) -> Chosen:
    """The records of a receipt, or the record or event of a number, among all entries in order. What happened
    to the ledger itself is no event that is proved."""
    chosen = Chosen()
    for entry in entries:
        record = entry.record
        is_wanted = entry.number == number and (record or (entry.event or {}).get("event") in EVENTS)
        if is_wanted or (record and receipt and record.receipt == receipt):
            chosen.before = chosen.before if chosen.entries else chosen.head
            chosen.entries.append(entry)
        if chosen.entries:
            chosen.digests.append(entry.digest)
        chosen.head = (entry.number, entry.chain)
    return chosen


def in_force(records: list[tuple[int, Record]], at: datetime) -> Expiring | None:
    """The record, among all of one receipt, that says what was granted at a moment; None if nothing was.
    A withdrawal may leave something granted: what a record grants counts, not its kind."""
    running = [kept for kept in ends(records) if kept.record.decided <= at < kept.end]
    granting = [kept for kept in running if kept.record.kind != "restriction" and kept.record.grants_anything]
    return granting[-1] if granting else None


def bundle(view: View, chosen: Chosen, now: datetime) -> dict[str, Any]:
    """The proof as verify_receipt.py checks it, in the shape of an ISO/IEC TS 27560 receipt."""
    names = [name for _, record in chosen.records for name in (record.shown, record.policy) if name]
    texts = {name: view.text(name) or "" for name in dict.fromkeys(names)}
    records = [(entry.number, json.loads(entry.payload)) for entry in chosen.entries]
    created = now.isoformat(timespec="seconds")
    proof = {"format": FORMAT, "verify": HOW, "records": _records(chosen), "texts": texts, **_links(chosen)}
    return {**receipt(records, texts, created), "proof": proof}


def event_bundle(chosen: Chosen, opening: tuple[str, str] | None, now: datetime) -> dict[str, Any]:
    """The proof of one event. `opening` is the salt and what was said, in the words that the digest in the
    event is of; None where these are gone, or the event has none."""
    (entry,) = chosen.entries
    said = json.loads(opening[1]) if opening else None
    opened = {"salt": opening[0], "said": opening[1]} if opening else None
    records = _records(chosen)
    proof = {"format": EVENT_FORMAT, "verify": HOW, "records": records, "opening": opened, **_links(chosen)}
    created = now.isoformat(timespec="seconds")
    return {**event_receipt(entry.number, json.loads(entry.payload), said, created), "proof": proof}


def _records(chosen: Chosen) -> list[dict[str, Any]]:
    return [
        {"number": e.number, "salt": e.salt.hex(), "sealed": e.sealed, "payload": e.payload}
        for e in chosen.entries
    ]


def _links(chosen: Chosen) -> dict[str, Any]:
    return {
        "before": {"number": chosen.before[0], "chain": chosen.before[1]},
        "digests": chosen.digests,
        "head": {"number": chosen.head[0], "chain": chosen.head[1]},
    }
