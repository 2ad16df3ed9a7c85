"""The notices in the database: to recipients (GDPR Art. 19), and in advance to data subjects."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from consent_gateway.database import DatabaseUnavailable
from consent_gateway.ledger.entries import ADVANCE_NOTICE, RECIPIENT_NOTICE
from consent_gateway.sealing import Box
from consent_gateway.subject_requests.asking import Recipients
from consent_gateway.subject_requests.notices import (
    RIGHTS,
    AdvanceNotice,
    NewAdvanceNotice,
    RecipientNotice,
)
from consent_gateway.subject_requests.request import LONGEST_STEP, NotPossible, Unacceptable, check_text
from consent_gateway.subject_requests.store import Store, Transaction
from consent_gateway.subject_requests.tables import ADVANCE_NOTICES, RECIPIENT_NOTICES

LARGEST = 2**31 - 1


class NoSuchNotice(Exception):
    """There is no notice of this number."""


class Notices:
    """Notices beside the requests. Its methods raise DatabaseUnavailable, and block."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # ---- to recipients -------------------------------------------------------------------------------

    def notices_for(
        self, right: str, recipients: Recipients, time: datetime, request: int | None = None
    ) -> list[RecipientNotice]:
        """One for each recipient, who is to be told of it. Raises Unacceptable for another right."""
        with self._store.writing() as transaction:
            return self.add(transaction, right, recipients, time, request)

    def add(
        self,
        transaction: Transaction,
        right: str,
        recipients: Recipients,
        time: datetime,
        request: int | None,
    ) -> list[RecipientNotice]:
        """The same within a transaction."""
        if right not in RIGHTS:
            raise Unacceptable("right", f"recipients are told of {', '.join(RIGHTS)} only, GDPR Art. 19")
        notices = []
        for id, name in recipients:
            number = transaction.number("recipient notice")
            notice = RecipientNotice(
                number=number, time=time, right=right, recipient=id, name=name, request=request
            )
            values = {"time": _text(time), "right": right, "recipient": id, "name": name, "request": request}
            transaction.connection.execute(
                sa.insert(RECIPIENT_NOTICES).values(number=number, **values, told=None, impossible="")
            )
            notices.append(notice)
        return notices

    def open(self) -> list[RecipientNotice]:
        """Those that nobody was told yet, in order."""
        return self._read(RECIPIENT_NOTICES.c.told.is_(None))

    def of(self, request: int) -> list[RecipientNotice]:
        """Those that followed from a request."""
        return self._read(RECIPIENT_NOTICES.c.request == request)

    def all(self) -> list[RecipientNotice]:
        return self._read(sa.true())

    def told(self, number: int, now: datetime, *, impossible: str = "") -> RecipientNotice:
        """Notes that the recipient was told, or why that is not possible. Raises NoSuchNotice, NotPossible,
        Unacceptable."""
        check_text("impossible", impossible, most=LONGEST_STEP, lines=True)
        mine = RECIPIENT_NOTICES.c.number == number
        with self._store.writing() as transaction:
            connection = transaction.connection
            query = sa.select(RECIPIENT_NOTICES).where(mine)
            row = connection.execute(query).first() if 0 < number <= LARGEST else None
            if row is None:
                raise NoSuchNotice(f"there is no notice {number}")
            notice = _recipient_notice(row)
            if not notice.is_open:
                raise NotPossible(f"notice {number} is done since {row.told}")
            done = replace(notice, told=now, impossible=impossible)
            values = {"told": _text(now), "impossible": impossible}
            connection.execute(sa.update(RECIPIENT_NOTICES).where(mine).values(values))
            transaction.event(
                {
                    "event": RECIPIENT_NOTICE,
                    "step": "not possible" if impossible else "told",
                    "notice": number,
                    "request": notice.request,
                    "right": notice.right,
                    "recipient": notice.recipient,
                    "time": now.astimezone(UTC).isoformat(timespec="seconds"),
                }
            )
        return done

    # ---- in advance ----------------------------------------------------------------------------------

    def record_advance(self, new: NewAdvanceNotice) -> AdvanceNotice:
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
                "time": new.now.astimezone(UTC).isoformat(timespec="seconds"),
                "digest": notice.digest,
            }
            kept = replace(notice, record=transaction.event(event))
            clear = {"number": kept.number, "time": _text(kept.time), "planned": kept.planned.isoformat()}
            sealed = transaction.box.seal(_sealed_part(kept).encode(), _place(clear))
            transaction.connection.execute(sa.insert(ADVANCE_NOTICES).values(**clear, sealed=sealed))
        return kept

    def advance(self) -> list[AdvanceNotice]:
        """Every notice in advance that is kept, in order."""
        query = sa.select(ADVANCE_NOTICES).order_by(ADVANCE_NOTICES.c.number)
        with self._store.reading() as opened:
            if opened is None:
                return []
            connection, box = opened
            return [_advance_notice(row, box) for row in connection.execute(query)]

    # ---- their time is over --------------------------------------------------------------------------

    def due(self, connection: sa.Connection, before: str) -> tuple[int, int]:
        """How many of each a purge would remove."""
        notices, advance = (
            connection.scalar(sa.select(sa.func.count()).select_from(table).where(over)) or 0
            for table, over in _over(before)
        )
        return notices, advance

    def purge(self, transaction: Transaction, before: str) -> tuple[int, int]:
        """Removes those that were told, and those whose transfer was planned, before a moment; their numbers."""
        notices, advance = (
            transaction.connection.execute(sa.delete(table).where(over)).rowcount
            for table, over in _over(before)
        )
        return notices, advance

    def _read(self, which: sa.ColumnElement[bool]) -> list[RecipientNotice]:
        query = sa.select(RECIPIENT_NOTICES).where(which).order_by(RECIPIENT_NOTICES.c.number)
        with self._store.reading() as opened:
            return [_recipient_notice(row) for row in opened[0].execute(query)] if opened else []


def _over(before: str) -> tuple[tuple[sa.Table, sa.ColumnElement[bool]], ...]:
    """The tables, with what of each has served its time at a moment."""
    return (
        (RECIPIENT_NOTICES, RECIPIENT_NOTICES.c.told < before),
        (ADVANCE_NOTICES, ADVANCE_NOTICES.c.planned < before[:10]),
    )


def _recipient_notice(row: Any) -> RecipientNotice:
    return RecipientNotice(
        number=row.number,
        time=datetime.fromisoformat(row.time),
        right=row.right,
        recipient=row.recipient,
        name=row.name,
        request=row.request,
        told=datetime.fromisoformat(row.told) if row.told else None,
        impossible=row.impossible,
    )


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


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
