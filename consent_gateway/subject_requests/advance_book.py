"""The notices that data subjects had in advance of a transfer, in the database: encrypted, and in the ledger."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from consent_gateway.database import DatabaseUnavailable
from consent_gateway.ledger.entries import ADVANCE_NOTICE
from consent_gateway.record import moment
from consent_gateway.sealing import Box
from consent_gateway.subject_requests.notices import AdvanceNotice, NewAdvanceNotice
from consent_gateway.subject_requests.store import Store, Transaction
from consent_gateway.subject_requests.tables import ADVANCE_NOTICES, text_of


class AdvanceNotices:
    """Notices in advance beside the requests. Its methods raise DatabaseUnavailable, and block."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def record(self, new: NewAdvanceNotice) -> AdvanceNotice:
        """Keeps a notice as it was sent, dated and in the ledger."""
        with self._store.writing() as transaction:
            notice = AdvanceNotice(
                number=transaction.number("advance notice"),
                who=new.who,
                recipient=new.recipient,
                planned=new.planned,
                text=new.text,
                time=new.now,
            )
            event = {
                "event": ADVANCE_NOTICE,
                "notice": notice.number,
                "planned": notice.planned.isoformat(),
                "time": moment(new.now, exact=True),
                "digest": notice.digest,
            }
            kept = replace(notice, record=transaction.event(event))
            clear = {"number": kept.number, "time": text_of(kept.time), "planned": kept.planned.isoformat()}
            sealed = transaction.box.seal(_sealed_part(kept).encode(), _place(clear))
            transaction.connection.execute(sa.insert(ADVANCE_NOTICES).values(**clear, sealed=sealed))
        return kept

    def all(self) -> list[AdvanceNotice]:
        """Every one that is kept, in order."""
        query = sa.select(ADVANCE_NOTICES).order_by(ADVANCE_NOTICES.c.number)
        with self._store.reading() as opened:
            if opened is None:
                return []
            connection, box = opened
            return [_advance_notice(row, box) for row in connection.execute(query)]

    def due(self, connection: sa.Connection, before: str) -> int:
        """How many a purge would remove."""
        count = sa.select(sa.func.count()).select_from(ADVANCE_NOTICES)
        return connection.scalar(count.where(ADVANCE_NOTICES.c.planned < before[:10])) or 0

    def purge(self, transaction: Transaction, before: str) -> int:
        """Removes those whose transfer was planned before a moment; how many."""
        over = sa.delete(ADVANCE_NOTICES).where(ADVANCE_NOTICES.c.planned < before[:10])
        return transaction.connection.execute(over).rowcount


def _sealed_part(notice: AdvanceNotice) -> str:
    names = ("who", "recipient", "text", "salt", "record")
    return json.dumps({name: getattr(notice, name) for name in names}, ensure_ascii=False)


def _advance_notice(row: Any, box: Box) -> AdvanceNotice:
    clear = {"number": row.number, "time": row.time, "planned": row.planned}
    try:
        sealed = json.loads(box.unseal(row.sealed, _place(clear)))
    except ValueError as error:
        raise DatabaseUnavailable(
            f"advance notice {row.number} does not open: somebody without the keys has changed it"
        ) from error
    return AdvanceNotice(
        number=row.number,
        time=datetime.fromisoformat(row.time),
        planned=date.fromisoformat(row.planned),
        **sealed,
    )


def _place(clear: dict[str, Any]) -> str:
    return "\n".join(["advance notice", str(clear["number"]), clear["time"], clear["planned"]])
