"""What is still to be sent on: claimed by one process at a time, and tried until it is accepted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from consent_gateway.subject_requests.store import Store, Transaction
from consent_gateway.subject_requests.tables import OUTBOX, text_of

# After the first attempt, the second, and so on; then daily.
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
)
DAILY = timedelta(days=1)
LEASE = timedelta(
    minutes=10
)  # longer than any attempt takes; a process that was killed is waited for so long
LONGEST_ERROR = 200


@dataclass(frozen=True, slots=True)
class Delivery:
    """A request on one of its ways: done, or to be tried (again) then."""

    request: int
    route: str
    attempts: int
    next_attempt: datetime
    done: datetime | None
    last_error: str


class Outbox:
    """Deliveries in the database. Its methods raise DatabaseUnavailable, and block."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, transaction: Transaction, request: int, routes: Sequence[str], now: datetime) -> None:
        """Within the transaction in which a request is received."""
        for route in routes:
            values = {"attempts": 0, "next_attempt": text_of(now), "done": None, "last_error": ""}
            transaction.connection.execute(sa.insert(OUTBOX).values(request=request, route=route, **values))

    def claim(self, routes: Sequence[str], now: datetime) -> Delivery | None:
        """What is due first on these ways, for the caller alone for as long as the lease lasts."""
        due = sa.and_(
            OUTBOX.c.done.is_(None), OUTBOX.c.route.in_(routes), OUTBOX.c.next_attempt <= text_of(now)
        )
        if not self._read(due):
            return None  # without keeping others from writing
        query = sa.select(OUTBOX).where(due).order_by(OUTBOX.c.next_attempt, OUTBOX.c.request, OUTBOX.c.route)
        with self._store.writing() as transaction:
            row = transaction.connection.execute(query.limit(1)).first()
            if row is None:
                return None
            one = _delivery(row)
            claimed = {"attempts": one.attempts + 1, "next_attempt": text_of(now + LEASE)}
            transaction.connection.execute(sa.update(OUTBOX).where(_is(one)).values(claimed))
        return one

    def accepted(self, one: Delivery, now: datetime) -> None:
        self._note(one, done=text_of(now), last_error="")

    def failed(self, one: Delivery, reason: str, now: datetime) -> datetime:
        """Notes why; returns when it is tried again."""
        again = now + (PAUSES[one.attempts] if one.attempts < len(PAUSES) else DAILY)
        self._note(one, next_attempt=text_of(again), last_error=reason[:LONGEST_ERROR])
        return again

    def of(self, request: int) -> list[Delivery]:
        """What has become of a request on each of its ways."""
        return self._read(OUTBOX.c.request == request)

    def waiting(self) -> list[Delivery]:
        """All that nobody has accepted yet."""
        return self._read(OUTBOX.c.done.is_(None))

    def _note(self, one: Delivery, **values: str) -> None:
        with self._store.writing() as transaction:
            transaction.connection.execute(sa.update(OUTBOX).where(_is(one)).values(values))

    def _read(self, which: sa.ColumnElement[bool]) -> list[Delivery]:
        query = sa.select(OUTBOX).where(which).order_by(OUTBOX.c.request, OUTBOX.c.route)
        with self._store.reading() as opened:
            return [_delivery(row) for row in opened[0].execute(query)] if opened else []


def _is(one: Delivery) -> sa.ColumnElement[bool]:
    return sa.and_(OUTBOX.c.request == one.request, OUTBOX.c.route == one.route)


def _delivery(row: sa.Row[tuple[object, ...]]) -> Delivery:
    return Delivery(
        row.request,
        row.route,
        row.attempts,
        datetime.fromisoformat(row.next_attempt),
        datetime.fromisoformat(row.done) if row.done else None,
        row.last_error,
    )
