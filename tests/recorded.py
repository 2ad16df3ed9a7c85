"""Records of the tests, and ledgers that hold some."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from consent_gateway.database import in_folder
from consent_gateway.keys import KeyRing
from consent_gateway.ledger import Ledger
from consent_gateway.ledger.checks import Found, check
from consent_gateway.record import Record, hash_of
from consent_gateway.state import StateFolder

TEXT = "<p>May we?</p>\n"
TERMS = '{"controller": {"name": "Example AG", "contact": "privacy@example.com"}, "purposes": []}'


def record(
    kind: str = "grant", *, receipt: str = "receipt", time: str = "2026-11-24T10:30:00+00:00"
) -> Record:
    granting = kind in ("grant", "change", "activation")
    return Record(
        time=time,
        kind=kind,
        host="www.example.com",
        layer="notice",
        language="de",
        shown=hash_of(TEXT),
        policy=hash_of(TERMS),
        granted={"media": "r1"} if granting else {},
        refused={"marketing": "r2"} if granting else {"media": "r1", "marketing": "r2"},
        services=[],
        signal=False,
        receipt=receipt if kind != "refusal" else "",
    )


def write(ledger: Ledger, *records: Record) -> list[int]:
    return [ledger.append(one, TEXT, TERMS) for one in records]


@contextmanager
def opened(url: str | sa.URL, ring: KeyRing) -> Iterator[Ledger]:
    """A ledger that is ready to be written."""
    ledger = Ledger(url, ring)
    ledger.prepare()
    try:
        yield ledger
    finally:
        ledger.close()


def filled(state: Path, *records: Record) -> KeyRing:
    """Keys and a ledger in a state folder, as serve leaves them."""
    folder = StateFolder(state)
    folder.prepare()
    ring = folder.keys.ring({})
    with opened(in_folder(state), ring) as ledger:
        write(ledger, *records)
    return ring


def checked(url: str | sa.URL, ring: KeyRing | None, today: str = "2026-11-24") -> Found:
    """What a ledger holds. Raises LedgerBroken."""
    ledger = Ledger.to_read(url, ring)
    try:
        with ledger.view() as view:
            return check(view, today=today, opened=ring is not None)
    finally:
        ledger.close()


def change(url: str | sa.URL, *statements: str) -> None:
    """Does to a database what nobody should."""
    address = sa.make_url(url)
    if address.get_backend_name() == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    engine = sa.create_engine(address)
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()
