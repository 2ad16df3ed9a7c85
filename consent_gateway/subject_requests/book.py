"""The book of requests: each encrypted, each step in the chain of the ledger, each sent on."""

from __future__ import annotations

import hmac
import math
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from consent_gateway.database import DatabaseUnavailable
from consent_gateway.keys import KeyRing
from consent_gateway.ledger.entries import REQUEST
from consent_gateway.ledger.erasing import ranges
from consent_gateway.record import moment
from consent_gateway.sealing import Box
from consent_gateway.subject_requests.advance_book import AdvanceNotices
from consent_gateway.subject_requests.asking import Recipients
from consent_gateway.subject_requests.notice_book import Notices
from consent_gateway.subject_requests.notices import RIGHTS
from consent_gateway.subject_requests.outbox import Outbox
from consent_gateway.subject_requests.request import (
    CLEAR,
    KEY_BYTES,
    OPEN,
    NewRequest,
    SubjectRequest,
    joined,
    sealed_part,
)
from consent_gateway.subject_requests.store import Store, Transaction
from consent_gateway.subject_requests.tables import (
    ADVANCE_NOTICES,
    LARGEST,
    OUTBOX,
    RECIPIENT_NOTICES,
    REQUESTS,
    text_of,
)

MOST_AN_HOUR = 200  # through the form, from everybody together: more is no website's visitors
HOUR = timedelta(hours=1)


class TooMany(Exception):
    """The form takes no more requests now; `seconds` says when again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"more than {MOST_AN_HOUR} requests in an hour; again in {seconds} seconds")
        self.seconds = seconds


class NoSuchRequest(Exception):
    """There is no request of this number."""


@dataclass(frozen=True, slots=True)
class Purged:
    """How many were removed."""

    requests: int = 0
    recipient_notices: int = 0
    advance_notices: int = 0


class Requests:
    """Requests in the database of the ledger, which has to be there; `routes` are the ways by which new ones
    are sent on. Raises DatabaseUnavailable, as its methods do; they block."""

    def __init__(self, place: str | sa.URL | Store, ring: KeyRing, routes: Sequence[str] = ()) -> None:
        self._store = place if isinstance(place, Store) else Store(place, ring)
        self._routes = tuple(routes)
        self.notices = Notices(self._store)
        self.advance_notices = AdvanceNotices(self._store)
        self.outbox = Outbox(self._store)

    @classmethod
    def to_read(cls, url: str | sa.URL, ring: KeyRing) -> Requests:
        """Requests that are only looked at: nothing is made or changed."""
        return cls(Store.to_read(url, ring), ring)

    def prepare(self) -> None:
        """Creates the tables if they are missing."""
        self._store.prepare()

    def receive(self, new: NewRequest, now: datetime, recipients: Recipients = ()) -> SubjectRequest:
        """The request with its number; on disk, in the ledger and in the outbox when this returns. Raises
        TooMany."""
        with self._store.writing() as transaction:
            if new.channel == "form":
                _check_rate(transaction, now)
            request = SubjectRequest.of(new, transaction.number("request"), now)
            request = _noted(transaction, request, now)
            _write(transaction, request, is_new=True)
            self.outbox.add(transaction, request.number, self._routes, now)
            if request.kind in RIGHTS:
                self.notices.add(transaction, request.kind, recipients, now, request.number)
        return request

    def of(self, number: int) -> SubjectRequest | None:
        found = self._read(REQUESTS.c.number == number) if 0 < number <= LARGEST else []
        return found[0] if found else None

    def of_sender(self, number: int, key: str) -> SubjectRequest | None:
        """The request for who has its key; None for anybody else, whether there is one or not."""
        found = self.of(number)
        right = found.key if found else secrets.token_urlsafe(KEY_BYTES)
        return found if hmac.compare_digest(right.encode(), key.encode("utf-8", "replace")) else None

    def all(self, faults: list[str] | None = None) -> list[SubjectRequest]:
        """Every one that is kept, in order. Where a list of `faults` is given, it gets what is wrong with
        those that do not open, and the others are there, as with open."""
        return self._read(sa.true(), faults)

    def open(self, faults: list[str] | None = None) -> list[SubjectRequest]:
        """Those that are to be answered, the most urgent first."""
        found = self._read(REQUESTS.c.status.in_(OPEN), faults)
        return sorted(found, key=lambda one: (one.due, one.number))

    def extend(self, number: int, months: int, reason: str, now: datetime) -> SubjectRequest:
        """Raises NoSuchRequest, NotPossible, Unacceptable, as do answer and refuse."""
        return self._take(number, now, lambda request: request.extended(months, reason, now))

    def answer(self, number: int, text: str, now: datetime) -> SubjectRequest:
        return self._take(number, now, lambda request: request.answered(text, now))

    def refuse(self, number: int, reason: str, now: datetime) -> SubjectRequest:
        """Nobody else has to be told then: what was not done is no news (GDPR Art. 19)."""
        return self._take(number, now, lambda request: request.refused(reason, now))

    def due(self, before: datetime) -> Purged:
        """How many a purge would remove."""
        text = text_of(before)
        with self._store.reading() as opened:
            if opened is None:
                return Purged()
            number = opened[0].scalar(sa.select(sa.func.count()).select_from(REQUESTS).where(_over(text)))
            recipients, advance = (one.due(opened[0], text) for one in (self.notices, self.advance_notices))
            return Purged(number or 0, recipients, advance)

    def purge(self, before: datetime, now: datetime) -> Purged:
        """Removes what was closed or planned before a moment; what is open is never removed."""
        text = text_of(before)
        with self._store.writing() as transaction:
            connection = transaction.connection
            numbers = list(connection.scalars(sa.select(REQUESTS.c.number).where(_over(text))))
            for number in numbers:
                connection.execute(sa.delete(REQUESTS).where(REQUESTS.c.number == number))
                connection.execute(sa.delete(OUTBOX).where(OUTBOX.c.request == number))
            recipients = self.notices.purge(transaction, text)
            advance = self.advance_notices.purge(transaction, text)
            if numbers:
                happened = {"step": "purged", "requests": ranges(numbers), "closed_before": text}
                transaction.event({"event": REQUEST, **happened, "time": moment(now, exact=True)})
        self._store.forget(REQUESTS, OUTBOX, RECIPIENT_NOTICES, ADVANCE_NOTICES)
        return Purged(len(numbers), recipients, advance)

    def close(self) -> None:
        self._store.close()

    def _take(
        self, number: int, now: datetime, step: Callable[[SubjectRequest], SubjectRequest]
    ) -> SubjectRequest:
        with self._store.writing() as transaction:
            query = sa.select(REQUESTS).where(REQUESTS.c.number == number)
            row = transaction.connection.execute(query).first() if 0 < number <= LARGEST else None
            if row is None:
                raise NoSuchRequest(f"there is no request {number}")
            request = _noted(transaction, step(_opened(row, transaction.box)), now)
            _write(transaction, request)
            if request.status == "refused":
                self.notices.not_needed(transaction, number, now, "the request was refused")
        return request

    def _read(self, which: sa.ColumnElement[bool], faults: list[str] | None = None) -> list[SubjectRequest]:
        query = sa.select(REQUESTS).where(which).order_by(REQUESTS.c.number)
        with self._store.reading() as opened:
            if opened is None:
                return []
            connection, box = opened
            found = []
            for row in connection.execute(query):
                try:
                    found.append(_opened(row, box))
                except DatabaseUnavailable as error:
                    if faults is None:
                        raise
                    faults.append(str(error))
            return found


def _over(before: str) -> sa.ColumnElement[bool]:
    """Closed before a moment; what is open is never over."""
    return sa.and_(REQUESTS.c.closed < before, REQUESTS.c.status.not_in(OPEN))


def _check_rate(transaction: Transaction, now: datetime) -> None:
    query = sa.select(REQUESTS).where(REQUESTS.c.received > text_of(now - HOUR))
    rows = transaction.connection.execute(query.order_by(REQUESTS.c.received)).all()
    if len(rows) >= MOST_AN_HOUR:
        times = [one.received for row in rows if (one := _opened(row, transaction.box)).channel == "form"]
        if len(times) >= MOST_AN_HOUR:
            until = times[-MOST_AN_HOUR] + HOUR
            raise TooMany(max(1, math.ceil((until - now).total_seconds())))


def _noted(transaction: Transaction, request: SubjectRequest, now: datetime) -> SubjectRequest:
    """With the last step in the ledger: what was done, and a digest of it, nothing of what was said."""
    step = request.steps[-1]
    event: dict[str, Any] = {"step": step.what, "request": request.number, "kind": request.kind}
    event |= {"time": moment(now, exact=True), "due": request.due.isoformat(), "digest": request.digest(step)}
    record = transaction.event({"event": REQUEST, **event})
    return replace(request, steps=(*request.steps[:-1], replace(step, record=record)))


def _write(transaction: Transaction, request: SubjectRequest, *, is_new: bool = False) -> None:
    clear = {
        "number": request.number,
        "received": text_of(request.received),
        "due": request.due.isoformat(),
        "status": request.status,
        "closed": text_of(request.closed) if request.closed else None,
    }
    values = clear | {"sealed": transaction.box.seal(sealed_part(request).encode(), _place(clear))}
    if is_new:
        transaction.connection.execute(sa.insert(REQUESTS).values(values))
    else:
        mine = REQUESTS.c.number == request.number
        transaction.connection.execute(sa.update(REQUESTS).where(mine).values(values))


def _opened(row: Any, box: Box) -> SubjectRequest:
    clear = {name: getattr(row, name) for name in CLEAR}
    try:
        sealed = box.unseal(row.sealed, _place(clear)).decode()
    except ValueError as error:
        raise DatabaseUnavailable(
            f"request {row.number} does not open: somebody without the keys has changed it"
        ) from error
    read = {
        "received": datetime.fromisoformat(row.received),
        "due": date.fromisoformat(row.due),
        "closed": datetime.fromisoformat(row.closed) if row.closed else None,
    }
    return joined(clear | read, sealed)


def _place(clear: dict[str, Any]) -> str:
    """What is in clear is bound to what is sealed: neither can be changed without the other."""
    return "\n".join(["request", *(str(clear[name] or "") for name in CLEAR)])
