"""The entries of the ledger as they are read: in order, each against the chain and against its key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from consent_gateway.ledger.secret import Secret
from consent_gateway.ledger.tables import ENTRIES, KEYS
from consent_gateway.record import Record
from consent_gateway.verify_receipt import GENESIS, commitment, digest, link

SALT_BYTES = 32
AT_A_TIME = 1000

# What is no decision but happened to the ledger itself.
PURGE, ERASURE, RESTRICTION, TAKEOVER, GAP = "purge", "erasure", "restriction", "takeover", "gap"
# What was done with requests of data subjects, and notices before a transfer: without what is in them.
REQUEST, RECIPIENT_NOTICE, ADVANCE_NOTICE = "request", "recipient_notice", "advance_notice"


class LedgerBroken(Exception):
    """An entry is not what was written; `number` says which is the first, 0 where none is left."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"record {number}: {reason}" if number else reason)
        self.number = number
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry: a record, an event of the ledger itself, or, where both are None, what was erased or
    cannot be opened without keys. `payload`, `salt` and `sealed` are what a proof needs of it."""

    number: int
    digest: str
    chain: str
    erased: bool = False
    key: str = ""
    record: Record | None = None
    event: dict[str, Any] | None = None
    payload: str = ""
    salt: bytes = b""
    sealed: str = ""


def place_of(number: int, previous: str, id: str, key: str | None) -> str:
    """Where a content belongs: it opens nowhere else in the chain."""
    return f"{number}\n{previous}\n{id}\n{key or ''}"


def hash_of_sealed(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def entries(connection: sa.Connection, secret: Secret | None) -> Iterator[Entry]:
    """Every entry in order; without the secret only as far as the chain shows. Raises LedgerBroken."""
    query = sa.select(ENTRIES, KEYS.c.sealed).join(KEYS, ENTRIES.c.key == KEYS.c.id, isouter=True)
    query = query.order_by(ENTRIES.c.number)
    previous = GENESIS
    with connection.execute(query, execution_options={"yield_per": AT_A_TIME}) as rows:
        for expected, row in enumerate(rows, start=1):
            if row.number != expected:
                raise LedgerBroken(expected, "is missing")
            if row.chain != link(previous, row.number, row.digest):
                raise LedgerBroken(row.number, "was changed, or the one before it")
            yield _entry(row, previous, secret)
            previous = row.chain


def entries_under(connection: sa.Connection, secret: Secret, name: str) -> Iterator[Entry]:
    """The entries under the name of a receipt, in order, without a look at the others. Raises LedgerBroken."""
    before = ENTRIES.alias("before")
    query = sa.select(ENTRIES, KEYS.c.sealed, before.c.chain.label("previous"))
    query = query.join(KEYS, ENTRIES.c.key == KEYS.c.id, isouter=True)
    query = query.join(before, before.c.number == ENTRIES.c.number - 1, isouter=True)
    for row in connection.execute(query.where(ENTRIES.c.key == name).order_by(ENTRIES.c.number)):
        previous = row.previous or GENESIS
        if row.chain != link(previous, row.number, row.digest):
            raise LedgerBroken(row.number, "was changed, or the one before it")
        yield _entry(row, previous, secret)


def _entry(row: Any, previous: str, secret: Secret | None) -> Entry:
    if row.content is None:
        return Entry(number=row.number, digest=row.digest, chain=row.chain, erased=True)
    sealed = hash_of_sealed(row.content)
    if digest(row.commitment or "", sealed) != row.digest:
        raise LedgerBroken(row.number, "was changed")
    if secret is None:
        return Entry(number=row.number, digest=row.digest, chain=row.chain)
    salt, payload = _opened(row, previous, secret)
    if commitment(salt, payload) != row.commitment:
        raise LedgerBroken(row.number, "was changed")
    record, event = _read(row.number, payload, is_event=row.key is None)
    return Entry(
        number=row.number,
        digest=row.digest,
        chain=row.chain,
        key=row.key or "",
        record=record,
        event=event,
        payload=payload,
        salt=salt,
        sealed=sealed,
    )


def _opened(row: Any, previous: str, secret: Secret) -> tuple[bytes, str]:
    if row.key is not None and row.sealed is None:
        raise LedgerBroken(row.number, "its key is gone")
    try:
        box = secret.events if row.key is None else secret.opened(row.sealed, row.key)
        plain = box.unseal(row.content, place_of(row.number, previous, row.id, row.key))
        return plain[:SALT_BYTES], plain[SALT_BYTES:].decode()
    except ValueError as error:
        raise LedgerBroken(row.number, f"does not open: {error}") from error


def _read(number: int, payload: str, *, is_event: bool) -> tuple[Record | None, dict[str, Any] | None]:
    try:
        values = json.loads(payload)
        return (None, values) if is_event else (Record.of(values), None)
    except ValueError as error:
        raise LedgerBroken(number, f"cannot be read: {error}") from error
