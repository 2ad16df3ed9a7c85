"""The ledger as it is at one moment, for who only looks."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from consent_gateway.holding import Holding
from consent_gateway.ledger.entries import Entry, LedgerBroken, entries, entries_under
from consent_gateway.ledger.secret import REMOVED, Secret, keys, needed
from consent_gateway.ledger.tables import ENDED, ENTRIES, HEAD, RECORDS, RESTRICTED, TEXTS
from consent_gateway.ledger.takeover import earlier
from consent_gateway.record import Record


class View:
    """What was written until now, whatever is written while one looks. Without the secret contents stay
    closed. Its methods raise DatabaseUnavailable."""

    def __init__(self, connection: sa.Connection, secret: Secret | None) -> None:
        self._connection = connection
        self._secret = secret
        inspector = sa.inspect(connection)
        self._has_secret = bool(keys(connection))
        self.is_begun = inspector.has_table(ENTRIES.name) and (self._has_secret or needed(connection))
        # Not one of an earlier version that is still to be taken over.
        self.is_current = self.is_begun or not inspector.has_table(RECORDS.name)
        self._has_texts = inspector.has_table(TEXTS.name)
        self._has_ended = inspector.has_table(ENDED.name)
        self._has_marks = inspector.has_table(RESTRICTED.name)

    def entries(self) -> Iterator[Entry]:
        """Every entry in order. Raises LedgerBroken."""
        if self.is_begun and not self._has_secret:
            raise LedgerBroken(0, REMOVED)
        return entries(self._connection, self._secret) if self.is_current else earlier(self._connection)

    def records(self) -> Iterator[tuple[int, Record]]:
        """Every record that can be read, with its number, in order. Raises LedgerBroken."""
        return ((entry.number, entry.record) for entry in self.entries() if entry.record)

    def records_of(self, receipt: str) -> list[Holding]:
        """What is held under a receipt, in order, found by its name alone. Raises LedgerBroken."""
        if self._secret is None:
            return []
        name = self._secret.key_id(receipt)
        marked = sa.select(RESTRICTED.c.key).where(RESTRICTED.c.key == name)
        restricted = self._has_marks and self._connection.scalar(marked) is not None
        return [
            Holding(
                number=entry.number,
                record=entry.record,
                terms=self.text(entry.record.policy) or "",
                restricted=restricted,
            )
            for entry in entries_under(self._connection, self._secret, name)
            if entry.record
        ]

    def restricted(self) -> frozenset[str]:
        """The names of receipts whose records are only kept, as Entry.key has them."""
        if not self._has_marks:
            return frozenset()
        return frozenset(self._connection.scalars(sa.select(RESTRICTED.c.key)))

    def text(self, hash: str) -> str | None:
        """A text that a record names, byte for byte; None if it is not there."""
        if not self._has_texts:
            return None
        return self._connection.scalar(sa.select(TEXTS.c.text).where(TEXTS.c.hash == hash))

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text with the hash it goes by."""
        rows = self._connection.execute(sa.select(TEXTS)) if self._has_texts else ()
        return ((row.hash, row.text) for row in rows)

    def ended(self) -> dict[int, tuple[str, int, str]]:
        """What gateways are told was taken back, by the number of the record: the name of the receipt, the
        first turn that counts, and until when."""
        rows = self._connection.execute(sa.select(ENDED)) if self._has_ended else ()
        return {row.number: (row.key, row.turn, row.until) for row in rows}

    def end(self) -> tuple[int, str, bool] | None:
        """Number and chain value where the ledger was left, and whether their seal holds; None where
        that is not noted."""
        head = self._connection.execute(sa.select(HEAD)).first()
        if head is None:
            return None
        seal = self._secret.seal_of(head.number, head.chain) if self._secret else head.seal
        return head.number, head.chain, seal == head.seal

    def count(self) -> int:
        """The number of entries, for who wants to know how long it takes."""
        table = ENTRIES if self.is_current else RECORDS
        return self._connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
