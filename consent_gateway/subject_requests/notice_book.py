"""The recipients who are to be told (GDPR Art. 19), in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from consent_gateway.ledger.entries import RECIPIENT_NOTICE
from consent_gateway.record import moment
from consent_gateway.subject_requests.asking import Recipients
from consent_gateway.subject_requests.notices import OUTCOMES, RIGHTS, RecipientNotice
from consent_gateway.subject_requests.request import LONGEST_STEP, NotPossible, Unacceptable, check_text
from consent_gateway.subject_requests.store import Store, Transaction
from consent_gateway.subject_requests.tables import LARGEST, RECIPIENT_NOTICES, text_of


class NoSuchNotice(Exception):
    """There is no notice of this number."""


class Notices:
    """Notices beside the requests. Its methods raise DatabaseUnavailable, and block."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def notices_for(
        self, right: str, recipients: Recipients, time: datetime, request: int | None = None
    ) -> list[RecipientNotice]:
        """One for each recipient, who is to be told of it; without a request there is one open for each
        right and recipient, which counts how often. Raises Unacceptable for another right."""
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
        return [
            (_once_more(transaction, right, id, time) if request is None else None)
            or _new(transaction, right, (id, name), time, request)
            for id, name in recipients
        ]

    def open(self) -> list[RecipientNotice]:
        """Those that are still to be told, in order."""
        return self._read(_OPEN)

    def of(self, request: int) -> list[RecipientNotice]:
        """Those that followed from a request."""
        return self._read(RECIPIENT_NOTICES.c.request == request)

    def all(self) -> list[RecipientNotice]:
        return self._read(sa.true())

    def close(
        self, numbers: Sequence[int], now: datetime, outcome: str = "told", reason: str = ""
    ) -> list[RecipientNotice]:
        """Notes that recipients were told, or which other of the OUTCOMES there is: of all numbers, or of
        none where it raises NoSuchNotice, NotPossible, Unacceptable."""
        if outcome not in OUTCOMES:
            raise Unacceptable("outcome", f"must be one of {', '.join(OUTCOMES)}")
        check_text("impossible", reason, most=LONGEST_STEP, lines=True)
        with self._store.writing() as transaction:
            return [
                _closed(transaction, _found(transaction, number), now, outcome, reason)
                for number in dict.fromkeys(numbers)
            ]

    def not_needed(self, transaction: Transaction, request: int, now: datetime, reason: str) -> None:
        """Closes those of a request that nobody was told yet, within a transaction."""
        mine = sa.and_(RECIPIENT_NOTICES.c.request == request, _OPEN)
        for notice in _rows(transaction.connection, mine):
            _closed(transaction, notice, now, "not_needed", reason)

    def due(self, connection: sa.Connection, before: str) -> int:
        """How many a purge would remove."""
        count = sa.select(sa.func.count()).select_from(RECIPIENT_NOTICES)
        return connection.scalar(count.where(RECIPIENT_NOTICES.c.closed < before)) or 0

    def purge(self, transaction: Transaction, before: str) -> int:
        """Removes those that were closed before a moment; how many."""
        over = sa.delete(RECIPIENT_NOTICES).where(RECIPIENT_NOTICES.c.closed < before)
        return transaction.connection.execute(over).rowcount

    def _read(self, which: sa.ColumnElement[bool]) -> list[RecipientNotice]:
        with self._store.reading() as opened:
            return _rows(opened[0], which) if opened else []


_OPEN = RECIPIENT_NOTICES.c.closed.is_(None)


def _once_more(
    transaction: Transaction, right: str, recipient: str, time: datetime
) -> RecipientNotice | None:
    """The open notice of a right that was exercised at the gateway itself, with one more counted."""
    table = RECIPIENT_NOTICES.c
    same = sa.and_(table.request.is_(None), table.right == right, table.recipient == recipient, _OPEN)
    for notice in _rows(transaction.connection, same):
        counted = replace(notice, count=notice.count + 1, latest=max(notice.latest, time))
        _update(transaction, counted, count=counted.count, latest=text_of(counted.latest))
        return counted
    return None


def _new(
    transaction: Transaction, right: str, recipient: tuple[str, str], time: datetime, request: int | None
) -> RecipientNotice:
    id, name = recipient
    notice = RecipientNotice(
        number=transaction.number("recipient notice"),
        time=time,
        latest=time,
        right=right,
        recipient=id,
        name=name,
        request=request,
    )
    values = {"right": right, "recipient": id, "name": name, "request": request, "count": notice.count}
    values |= {"number": notice.number, "time": text_of(time), "latest": text_of(time)}
    unsaid = {"closed": None, "outcome": notice.outcome, "reason": notice.reason}
    transaction.connection.execute(sa.insert(RECIPIENT_NOTICES).values(**values, **unsaid))
    return notice


def _found(transaction: Transaction, number: int) -> RecipientNotice:
    mine = RECIPIENT_NOTICES.c.number == number
    found = _rows(transaction.connection, mine) if 0 < number <= LARGEST else []
    if not found:
        raise NoSuchNotice(f"there is no notice {number}")
    if (closed := found[0].closed) is not None:
        raise NotPossible(f"notice {number} is done since {text_of(closed)}")
    return found[0]


def _closed(
    transaction: Transaction, notice: RecipientNotice, now: datetime, outcome: str, reason: str
) -> RecipientNotice:
    _update(transaction, notice, closed=text_of(now), outcome=outcome, reason=reason)
    event = {
        "event": RECIPIENT_NOTICE,
        "step": OUTCOMES[outcome],
        "notice": notice.number,
        "request": notice.request,
        "right": notice.right,
        "recipient": notice.recipient,
        "count": notice.count,
        "time": moment(now, exact=True),
    }
    transaction.event(event)
    return replace(notice, closed=now, outcome=outcome, reason=reason)


def _update(transaction: Transaction, notice: RecipientNotice, **values: Any) -> None:
    mine = RECIPIENT_NOTICES.c.number == notice.number
    transaction.connection.execute(sa.update(RECIPIENT_NOTICES).where(mine).values(**values))


def _rows(connection: sa.Connection, which: sa.ColumnElement[bool]) -> list[RecipientNotice]:
    query = sa.select(RECIPIENT_NOTICES).where(which).order_by(RECIPIENT_NOTICES.c.number)
    return [_recipient_notice(row) for row in connection.execute(query)]


def _recipient_notice(row: Any) -> RecipientNotice:
    values = dict(row._mapping)
    for name in ("time", "latest", "closed"):
        values[name] = datetime.fromisoformat(values[name]) if values[name] else None
    return RecipientNotice(**values)
