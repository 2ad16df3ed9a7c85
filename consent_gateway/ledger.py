"""The proof of every choice: an append-only chain of records in a database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

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


class LedgerUnavailable(Exception):
    """The database cannot be written or read now."""


class LedgerBroken(Exception):
    """A record is not what was written; `number` says which is the first."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"record {number}: {reason}")
        self.number = number
        self.reason = reason


class Ledger:
    """Records in a database, named by an SQLAlchemy URL. Raises LedgerUnavailable if it names none.
    Methods block: call them from a thread of their own."""

    def __init__(self, url: str | sa.URL, *, reading: bool = False) -> None:
        known = _url(url)
        file = _file(known)
        self._place = str(file) if file else known.render_as_string(hide_password=True)
        try:
            self._engine = sa.create_engine(_read_only(known, file) if reading and file else known)
        except (sa.exc.ArgumentError, ImportError) as error:
            raise LedgerUnavailable(f"not a database that can be used: {error}") from error
        if self._engine.dialect.name == "sqlite":
            sa.event.listen(self._engine, "connect", _leave_alone if reading else _configure_sqlite)
            sa.event.listen(self._engine, "begin", _begin)

    @classmethod
    def in_folder(cls, folder: Path) -> Ledger:
        return cls(in_folder(folder))

    @classmethod
    def to_read(cls, url: str | sa.URL) -> Ledger:
        """A ledger that is only looked at: no file is made or changed, and read access is enough.
        Raises LedgerUnavailable, also where there is none."""
        opened = cls(url, reading=True)
        try:
            with opened._reading() as connection:
                found = sa.inspect(connection).has_table(_records.name)
        except sa.exc.SQLAlchemyError as error:
            opened.close()
            raise opened._unavailable(error) from error
        if not found:
            opened.close()
            raise LedgerUnavailable(f"{opened._place}: there is no ledger in it")
        return opened

    def prepare(self) -> None:
        """Creates the tables if they are missing. Raises LedgerUnavailable."""
        try:
            _metadata.create_all(self._engine)
        except sa.exc.SQLAlchemyError as error:
            self.close()
            raise self._unavailable(error) from error

    def append(self, record: Record, shown: str) -> int:
        """Writes a record behind the last one and keeps the text that was shown, once; returns the
        record's number. It is on disk when this returns. Raises LedgerUnavailable."""
        try:
            with self._engine.begin() as connection:
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
        except sa.exc.SQLAlchemyError as error:
            raise self._unavailable(error) from error

    def records(self) -> Iterator[tuple[int, Record]]:
        """Every record with its number, in order. Raises LedgerBroken, LedgerUnavailable."""
        previous = GENESIS
        try:
            with self._reading() as connection:
                rows = connection.execute(sa.select(_records).order_by(_records.c.number))
                for expected, row in enumerate(rows, start=1):
                    if row.number != expected:
                        raise LedgerBroken(expected, "is missing")
                    if row.chain != _link(previous, row.number, row.content):
                        raise LedgerBroken(row.number, "was changed, or the one before it")
                    previous = row.chain
                    yield row.number, _record(row.number, row.content)
        except sa.exc.SQLAlchemyError as error:
            raise self._unavailable(error) from error

    def text(self, hash: str) -> str | None:
        """The text a choice was made on, byte for byte; None if it is not there. Raises
        LedgerUnavailable."""
        try:
            with self._reading() as connection:
                return connection.scalar(sa.select(_texts.c.text).where(_texts.c.hash == hash))
        except sa.exc.SQLAlchemyError as error:
            raise self._unavailable(error) from error

    def close(self) -> None:
        self._engine.dispose()

    def _unavailable(self, error: sa.exc.SQLAlchemyError) -> LedgerUnavailable:
        return LedgerUnavailable(f"{self._place}: {error.__cause__ or error}")

    def _reading(self) -> sa.Connection:
        return self._engine.connect().execution_options(reading=True)

    def _keep(self, connection: sa.Connection, hash: str, text: str) -> None:
        if connection.scalar(sa.select(_texts.c.hash).where(_texts.c.hash == hash)) is None:
            connection.execute(_texts.insert().values(hash=hash, text=text))


def in_folder(folder: Path) -> sa.URL:
    """The ledger of a state folder."""
    return sa.URL.create("sqlite", database=str(folder / "ledger.sqlite3"))


def _url(url: str | sa.URL) -> sa.URL:
    try:
        return sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError) as error:
        # Without the text: there may be a password in it.
        example = "sqlite:////folder/ledger.sqlite3 or postgresql://user@host/name"
        raise LedgerUnavailable(
            f"not a database that can be used: expected is a URL such as {example}"
        ) from error


def _file(url: sa.URL) -> Path | None:
    """The file of an SQLite database, if it has one."""
    is_file = url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:"
    return Path(url.database or "") if is_file and "uri" not in url.query else None


def _read_only(url: sa.URL, file: Path) -> sa.URL:
    """The address by which SQLite opens a file without writing beside it. Raises LedgerUnavailable."""
    try:
        file.stat()
    except FileNotFoundError as error:
        raise LedgerUnavailable(
            f"{file}: there is no ledger; --state or --database say where it is"
        ) from error
    except OSError as error:
        raise LedgerUnavailable(f"{file}: {error.strerror}") from error
    # Without a log beside it nobody writes, and SQLite would have to make one before it reads; with
    # one, the newest records are only there (https://www.sqlite.org/wal.html#read_only_databases).
    log = file.with_name(f"{file.name}-wal")
    alone = {} if log.exists() else {"immutable": "1"}
    return url.set(database=file.absolute().as_uri()).update_query_dict(
        {"uri": "true", "mode": "ro", **alone}
    )


def _link(previous: str, number: int, content: str) -> str:
    return hashlib.sha256(f"{previous}\n{number}\n{content}".encode()).hexdigest()


def _record(number: int, content: str) -> Record:
    try:
        return Record(**json.loads(content))
    except (TypeError, ValueError) as error:
        raise LedgerBroken(number, f"cannot be read: {error}") from error


def _leave_alone(connection: Any, _: object) -> None:
    # The driver must not begin transactions by itself, or two writers read the same last record.
    connection.isolation_level = None


def _configure_sqlite(connection: Any, _: object) -> None:
    _leave_alone(connection, _)
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    # A writer takes its lock before it reads what the last record is; a reader must not take one.
    reading = connection.get_execution_options().get("reading")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def moment(now: datetime, *, exact: bool) -> str:
    """The time of a record: a refusal is dated to the day, so that it points to nobody."""
    utc = now.astimezone(UTC)
    return utc.isoformat(timespec="seconds") if exact else utc.date().isoformat()
