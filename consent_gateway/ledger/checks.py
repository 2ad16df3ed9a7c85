"""Whether a ledger is whole: its chain, its contents, its texts, its end, what was taken back and erased."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from consent_gateway.holding import ended_until
from consent_gateway.ledger.entries import (
    ERASURE,
    GAP,
    PURGE,
    RESTRICTION,
    TAKEOVER,
    Entry,
    LedgerBroken,
)
from consent_gateway.ledger.view import View
from consent_gateway.record import NEVER, hash_of


@dataclass(slots=True)
class Found:
    """What a whole ledger holds. `number` and `chain` are its end: noted elsewhere, they show later that
    nothing was cut off."""

    number: int = 0
    chain: str = ""
    records: int = 0
    events: int = 0
    erased: set[int] = field(default_factory=set)


def check(
    view: View,
    *,
    today: str,
    opened: bool = True,
    noted: str = "",
    entries: Iterable[Entry] | None = None,
) -> Found:
    """What is in the ledger. Not `opened`, without keys, only what everybody can check is; `noted` is a
    chain value that has to be there; `entries` are those of the view, if somebody counts them. Raises
    LedgerBroken with the first fault, DatabaseUnavailable."""
    found = Found()
    passed = not noted
    explained: set[int] = set()
    ended = view.ended() if opened and view.is_begun else {}
    texts = {hash: hash_of(text) == hash for hash, text in view.texts()}
    for entry in view.entries() if entries is None else entries:
        _count(entry, found, opened=opened)
        if entry.event is not None:
            explained |= _explained(entry)
            _check_erased(entry, ended.pop(entry.number, None), today)
        if entry.record is not None and view.is_begun:
            _check_ended(entry.number, _taken_back(entry), ended.pop(entry.number, None), today)
        for name in _named(entry):
            if not texts.get(name):
                raise LedgerBroken(entry.number, f"the text {name} is missing or was changed")
        passed = passed or entry.chain == noted
    if opened and (unexplained := sorted(found.erased - explained)):
        raise LedgerBroken(unexplained[0], "was erased, and no purge or erasure says so")
    if changed := [hash for hash, genuine in texts.items() if not genuine]:
        raise LedgerBroken(0, f"the text {changed[0]}, which no record names any more, was changed")
    _check_end(view, found)
    if added := sorted(ended.keys() - found.erased):
        raise LedgerBroken(added[0], "is said to take something back, and does not: a row was added")
    if not passed:
        reason = f"the chain does not have {noted}: an older copy was put back, or it was begun anew"
        raise LedgerBroken(found.number, reason)
    return found


def _count(entry: Entry, found: Found, *, opened: bool) -> None:
    found.number, found.chain = entry.number, entry.chain
    if entry.erased:
        found.erased.add(entry.number)
    elif entry.event is not None:
        found.events += 1
    elif entry.record is not None or not opened:
        found.records += 1


def _explained(entry: Entry) -> set[int]:
    """The numbers that an event says were erased. Raises LedgerBroken for one that is itself a finding."""
    event = entry.event or {}
    if event["event"] == GAP:
        raise LedgerBroken(
            entry.number,
            f"before it was written the ledger ended with record {event['found']}, and should have with "
            f"{event['expected'] or 'another'}: records were cut off, added without the keys, or an old copy put back",
        )
    if event["event"] == TAKEOVER and event["broken"]:
        raise LedgerBroken(event["broken"], "was changed before this version took the ledger over")
    if event["event"] not in (PURGE, ERASURE):
        return set()
    return {number for first, last in event["numbers"] for number in range(first, last + 1)}


def _taken_back(entry: Entry) -> tuple[str, int, str] | None:
    """What every gateway has to be told of a record."""
    record = entry.record
    return (entry.key, record.least_turn, record.until) if record and record.ends else None


def _check_ended(
    number: int, wanted: tuple[str, int, str] | None, row: tuple[str, int, str] | None, today: str
) -> None:
    """Rows may go once no cookie from before can be valid any more."""
    if row is None and wanted and wanted[-1] >= today:
        raise LedgerBroken(number, "takes something back, and the row that tells gateways so was removed")
    if row is not None and row != wanted:
        raise LedgerBroken(number, "the row that tells gateways what it takes back was added or changed")


def _check_erased(entry: Entry, row: tuple[str, int, str] | None, today: str) -> None:
    """After an erasure no cookie from before counts. Whose it was is not kept for ever, so that only the
    rest of the row can be compared."""
    event = entry.event or {}
    if event["event"] not in (ERASURE, RESTRICTION):
        if row is not None:
            raise LedgerBroken(entry.number, "is said to take something back, and does not: a row was added")
        return
    until = ended_until(datetime.fromisoformat(event["time"]))
    if row is None and until >= today:
        raise LedgerBroken(entry.number, "erased something, and the row that tells gateways so was removed")
    if row is not None and row[1:] != (NEVER, until):
        raise LedgerBroken(entry.number, "the row that tells gateways what it erased was changed")


def _named(entry: Entry) -> list[str]:
    return [hash for hash in (entry.record.shown, entry.record.policy) if hash] if entry.record else []


def _check_end(view: View, found: Found) -> None:
    if not view.is_begun:
        return
    end = view.end()
    if end is None:
        raise LedgerBroken(found.number, "where the ledger ends was removed")
    number, chain, genuine = end
    if not genuine:
        raise LedgerBroken(found.number, "the seal of the end of the ledger was changed")
    if found.number < number:
        raise LedgerBroken(found.number + 1, f"is missing, as are all up to {number}")
    if found.number and (found.number, found.chain) != (number, chain):
        raise LedgerBroken(number + 1, "was added by somebody without the keys")
