"""A ledger as the first version of the gateway wrote it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

import sqlalchemy as sa

from consent_gateway.database import Database
from consent_gateway.ledger.tables import RECORDS
from consent_gateway.record import Record, hash_of
from tests.recorded import TEXT, record


def as_before(url: str | sa.URL, *kinds: str) -> list[Record]:
    """Writes records of these kinds: without terms, without the record before, in clear."""
    tables = sa.MetaData()
    texts = sa.Table(
        "texts", tables, sa.Column("hash", sa.String(64), primary_key=True), sa.Column("text", sa.Text)
    )
    RECORDS.to_metadata(tables)
    database = Database(url, tables)
    database.prepare()
    records, previous = [], "0" * 64
    with database.writing() as connection:
        connection.execute(sa.insert(texts).values(hash=hash_of(TEXT), text=TEXT))
        for number, kind in enumerate(kinds, start=1):
            values = asdict(record(kind))
            del values["policy"], values["previous"]
            content = json.dumps(values, sort_keys=True, ensure_ascii=False)
            previous = hashlib.sha256(f"{previous}\n{number}\n{content}".encode()).hexdigest()
            connection.execute(RECORDS.insert().values(number=number, content=content, chain=previous))
            records.append(Record.of(values))
    database.close()
    return records
