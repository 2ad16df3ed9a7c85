"""The ledger of an earlier version: read as it is, and taken over before anything new is written."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator
from itertools import islice

import sqlalchemy as sa

from consent_gateway.ledger.appending import Appending
from consent_gateway.ledger.entries import TAKEOVER, Entry, LedgerBroken
from consent_gateway.ledger.tables import RECORDS
from consent_gateway.record import Record
from consent_gateway.verify_receipt import GENESIS

logger = logging.getLogger(__name__)

AT_A_TIME = 500


def earlier(connection: sa.Connection) -> Iterator[Entry]:
    """The records of an earlier version in order. Raises LedgerBroken."""
    previous = GENESIS
    query = sa.select(RECORDS).order_by(RECORDS.c.number)
    with connection.execute(query, execution_options={"yield_per": AT_A_TIME}) as rows:
        for expected, row in enumerate(rows, start=1):
            if row.number != expected:
                raise LedgerBroken(expected, "is missing")
            if row.chain != _link(previous, row.number, row.content):
                raise LedgerBroken(row.number, "was changed, or the one before it")
            previous = row.chain
            yield Entry(
                number=row.number, digest="", chain=row.chain, record=_record(row.number, row.content)
            )


def take_over(connection: sa.Connection, appending: Appending) -> None:
    """Writes the records of an earlier version anew, encrypted, notes what became of its chain, and
    removes its table. A record that somebody had changed is taken over, and named for ever."""
    head, broken = "", 0
    try:
        for entry in earlier(connection):
            head = entry.chain
    except LedgerBroken as error:
        broken = error.number
    rows = iter(connection.execute(sa.select(RECORDS.c.content).order_by(RECORDS.c.number)).scalars().all())
    number = 0
    while chunk := list(islice(rows, AT_A_TIME)):
        appending.take((content, _receipt(content), _ending(content)) for content in chunk)
        number += len(chunk)
        logger.info("the ledger of an earlier version is taken over: %s records", number)
    appending.event({"event": TAKEOVER, "records": number, "head": head, "broken": broken})
    appending.flush()
    RECORDS.drop(connection)


def _link(previous: str, number: int, content: str) -> str:
    return hashlib.sha256(f"{previous}\n{number}\n{content}".encode()).hexdigest()


def _record(number: int, content: str) -> Record:
    try:
        return Record.of(json.loads(content))
    except ValueError as error:
        raise LedgerBroken(number, f"cannot be read: {error}") from error


def _ending(content: str) -> Record | None:
    """The record, if it takes something back: cookies from before must not count after an update, either."""
    try:
        record = _record(0, content)
        return record if record.ends and record.until else None
    except (LedgerBroken, ValueError, TypeError):
        return None


def _receipt(content: str) -> str:
    try:
        return str(json.loads(content)["receipt"])
    except (ValueError, KeyError, TypeError):
        return ""
