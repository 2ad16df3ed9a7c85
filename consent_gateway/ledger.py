"""The proof of every choice: an append-only chain of records in a database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from consent_gateway.database import Database, in_folder

GENESIS = "0" * 64

_metadata = sa.MetaData()
_records = sa.Table(
    "records",
    _metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("chain", sa.String(64), nullable=False, unique=True),
)
_texts = sa.Table(
    "texts",
    _metadata,
    sa.Column("hash", sa.String(64), primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One choice (GDPR Art. 7(1)): when, what was granted and refused, and what was shown.

    There is no address, user agent or URL in it (GDPR Art. 5(1)(c)). `time` is UTC to the second,
    for a refusal to the day; `shown` is the hash of the text the choice was made on.
    """

    time: str
    kind: str
    host: str
    layer: str
    language: str
    shown: str
    granted: dict[str, str]
    refused: dict[str, str]
    services: list[str]
    signal: bool
    receipt: str


class LedgerBroken(Exception):
    """A record is not what was written; `number` says which is the first."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"record {number}: {reason}")
        self.number = number
        self.reason = reason


class Ledger:
    """Records in a database, named by an SQLAlchemy URL. Raises DatabaseUnavailable if it names none.
    Methods block: call them from a thread of their own."""

    def __init__(self, url: str | sa.URL | Database) -> None:
        self._database = url if isinstance(url, Database) else Database(url, _metadata)

    @classmethod
    def in_folder(cls, folder: Path) -> Ledger:
        return cls(in_folder(folder))

    @classmethod
    def to_read(cls, url: str | sa.URL) -> Ledger:
        """A ledger that is only looked at: no file is made or changed, and read access is enough.
        Raises DatabaseUnavailable, also where there is none."""
        return cls(Database.to_read(url, _metadata, wanted=_records, what="there is no ledger in it"))

    def prepare(self) -> None:
        """Creates the tables if they are missing. Raises DatabaseUnavailable."""
        self._database.prepare()

    def append(self, record: Record, shown: str) -> int:
        """Writes a record behind the last one and keeps the text that was shown, once; returns the
        record's number. It is on disk when this returns. Raises DatabaseUnavailable."""
        with self._database.writing() as connection:
            self._keep(connection, record.shown, shown)
            last = connection.execute(
                sa.select(_records.c.number, _records.c.chain).order_by(_records.c.number.desc()).limit(1)
            ).first()
            number, previous = (last.number + 1, last.chain) if last else (1, GENESIS)
            content = json.dumps(asdict(record), sort_keys=True, ensure_ascii=False)
            connection.execute(
                _records.insert().values(
                    number=number, content=content, chain=_link(previous, number, content)
                )
            )
        return number

    def records(self) -> Iterator[tuple[int, Record]]:
        """Every record with its number, in order. Raises LedgerBroken, DatabaseUnavailable."""
        previous = GENESIS
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(_records).order_by(_records.c.number))
            for expected, row in enumerate(rows, start=1):
                if row.number != expected:
                    raise LedgerBroken(expected, "is missing")
                if row.chain != _link(previous, row.number, row.content):
                    raise LedgerBroken(row.number, "was changed, or the one before it")
                previous = row.chain
                yield row.number, _record(row.number, row.content)

    def text(self, hash: str) -> str | None:
        """The text a choice was made on, byte for byte; None if it is not there. Raises
        DatabaseUnavailable."""
        with self._database.reading() as connection:
            return connection.scalar(sa.select(_texts.c.text).where(_texts.c.hash == hash))

    def close(self) -> None:
        self._database.close()

    def _keep(self, connection: sa.Connection, hash: str, text: str) -> None:
        if connection.scalar(sa.select(_texts.c.hash).where(_texts.c.hash == hash)) is None:
            connection.execute(_texts.insert().values(hash=hash, text=text))


def _link(previous: str, number: int, content: str) -> str:
    return hashlib.sha256(f"{previous}\n{number}\n{content}".encode()).hexdigest()


def _record(number: int, content: str) -> Record:
    try:
        return Record(**json.loads(content))
    except (TypeError, ValueError) as error:
        raise LedgerBroken(number, f"cannot be read: {error}") from error


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def moment(now: datetime, *, exact: bool) -> str:
    """The time of a record: a refusal is dated to the day, so that it points to nobody."""
    utc = now.astimezone(UTC)
    return utc.isoformat(timespec="seconds") if exact else utc.date().isoformat()
