"""A database by its URL: opened to write or only to be looked at, SQLite as it is safe for several processes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

PATIENCE_SECONDS = 2  # with another writer, or with a server that does not answer
START_SECONDS = 60
Url = str | sa.URL
WRITERS = 0x636F6E73  # any number that no other program on the server takes for its advisory locks


class DatabaseUnavailable(Exception):
    """The database cannot be written or read now."""


class Database:
    """Tables in a database, named by an SQLAlchemy URL. Raises DatabaseUnavailable if it names none.
    Methods block: call them from a thread of their own."""

    def __init__(self, url: str | sa.URL, tables: sa.MetaData, *, reading: bool = False) -> None:
        known = _url(url)
        file = _file(known)
        self._tables = tables
        self._place = str(file) if file else known.render_as_string(hide_password=True)
        self._file = file
        try:
            address = _read_only(known, file) if reading and file else known
            self._engine = sa.create_engine(address, **_OPTIONS.get(known.get_backend_name(), {}))
        except (sa.exc.ArgumentError, ImportError) as error:
            raise DatabaseUnavailable(f"not a database that can be used: {error}") from error
        if self._engine.dialect.name == "sqlite":
            sa.event.listen(self._engine, "connect", _leave_alone if reading else _configure_sqlite)
            sa.event.listen(self._engine, "begin", _begin)
            if file:
                sa.event.listen(self._engine, "connect", self._remember_file)

    @classmethod
    def to_read(
        cls, url: str | sa.URL, tables: sa.MetaData, *, wanted: Sequence[sa.Table], what: str
    ) -> Database:
        """A database that is only looked at: no file is made or changed, and read access is enough.
        Raises DatabaseUnavailable, also where none of `wanted` is in it; `what` says what that is."""
        opened = cls(url, tables, reading=True)
        try:
            with opened.reading() as connection:
                inspector = sa.inspect(connection)
                found = any(inspector.has_table(table.name) for table in wanted)
        except DatabaseUnavailable:
            opened.close()
            raise
        if not found:
            opened.close()
            raise DatabaseUnavailable(f"{opened._place}: {what}")
        return opened

    @property
    def is_there(self) -> bool:
        """Whether opening it makes no file."""
        return self._file is None or self._file.exists()

    def prepare(self) -> None:
        """Creates the tables if they are missing, where several start at once one after the other.
        Raises DatabaseUnavailable."""
        try:
            with self.writing(patience=START_SECONDS) as connection:
                self._tables.create_all(connection)
        except DatabaseUnavailable:
            self.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A look at the tables as they are at one moment. Raises DatabaseUnavailable."""
        options: dict[str, Any] = {"reading": True}
        if self._engine.dialect.name == "postgresql":
            options["isolation_level"] = "REPEATABLE READ"
        try:
            with self._engine.connect().execution_options(**options) as connection:
                yield connection
        except sa.exc.SQLAlchemyError as error:
            raise self._unavailable(error) from error

    @contextmanager
    def writing(self, *, patience: int = PATIENCE_SECONDS) -> Iterator[sa.Connection]:
        """A transaction, on disk when it is left, and the only one that writes; `patience` is for how
        many seconds it waits for another one, and on PostgreSQL for each statement. Raises
        DatabaseUnavailable."""
        try:
            options = {"patience": patience}
            with self._engine.connect().execution_options(**options) as connection, connection.begin():
                if self._engine.dialect.name == "postgresql":
                    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{patience}s'")
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITERS)))
                    connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{patience}s'")
                opened = connection.info.get("file")
                yield connection
        except sa.exc.SQLAlchemyError as error:
            raise self._unavailable(error) from error
        if self._file and opened != _identity(self._file):
            self._engine.dispose()
            raise DatabaseUnavailable(f"{self._file}: is no longer where it was")

    def forget(self, *tables: sa.Table) -> bool:
        """Takes what was deleted out of the files, as far as the database does that when asked: False
        where somebody is reading, and SQLite has to keep it as long. Raises DatabaseUnavailable."""
        try:
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                if self._engine.dialect.name == "sqlite":
                    connection.exec_driver_sql(f"PRAGMA busy_timeout={PATIENCE_SECONDS * 1000}")
                    # https://www.sqlite.org/pragma.html#pragma_wal_checkpoint
                    busy, *_ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
                    return not busy
                if self._engine.dialect.name == "postgresql":
                    connection.exec_driver_sql(f"SET lock_timeout = '{PATIENCE_SECONDS}s'")
                    for table in tables:
                        connection.exec_driver_sql(f"VACUUM {table.name}")
                return True
        except sa.exc.SQLAlchemyError as error:
            raise self._unavailable(error) from error

    def _remember_file(self, _: object, record: Any) -> None:
        """A file that is deleted or replaced can still be written by who has opened it: in vain."""
        assert self._file is not None
        record.info["file"] = _identity(self._file)

    def close(self) -> None:
        self._engine.dispose()

    def _unavailable(self, error: sa.exc.SQLAlchemyError) -> DatabaseUnavailable:
        return DatabaseUnavailable(f"{self._place}: {error.__cause__ or error}")


def in_folder(folder: Path) -> sa.URL:
    """The database of a state folder."""
    return sa.URL.create("sqlite", database=str(folder / "ledger.sqlite3"))


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


# A connection that the server has given up is noticed before it is used.
_OPTIONS: dict[str, dict[str, Any]] = {
    "postgresql": {
        "pool_pre_ping": True,
        "connect_args": {
            "connect_timeout": PATIENCE_SECONDS,
            "keepalives_idle": PATIENCE_SECONDS,
            "tcp_user_timeout": 2 * PATIENCE_SECONDS * 1000,
        },
    }
}

# Where the URL names no driver: the one that is kept up (https://www.psycopg.org/psycopg3/).
_DRIVERS = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


def _url(url: str | sa.URL) -> sa.URL:
    try:
        known = sa.make_url(url)
        return known.set(drivername=_DRIVERS.get(known.drivername, known.drivername))
    except (sa.exc.ArgumentError, ValueError) as error:
        # Without the text: there may be a password in it.
        example = "sqlite:////folder/ledger.sqlite3 or postgresql://user@host/name"
        raise DatabaseUnavailable(
            f"not a database that can be used: expected is a URL such as {example}"
        ) from error


def _file(url: sa.URL) -> Path | None:
    """The file of an SQLite database, if it has one."""
    is_file = url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:"
    return Path(url.database or "") if is_file and "uri" not in url.query else None


def _read_only(url: sa.URL, file: Path) -> sa.URL:
    """The address by which SQLite opens a file without writing beside it. Raises DatabaseUnavailable."""
    try:
        file.stat()
    except FileNotFoundError as error:
        raise DatabaseUnavailable(f"{file}: there is no ledger") from error
    except OSError as error:
        raise DatabaseUnavailable(f"{file}: {error.strerror}") from error
    # Without a log beside it nobody writes, and SQLite would have to make one before it reads; with
    # one, the newest rows are only there (https://www.sqlite.org/wal.html#read_only_databases).
    log = file.with_name(f"{file.name}-wal")
    alone = {} if log.exists() else {"immutable": "1"}
    return url.set(database=file.absolute().as_uri()).update_query_dict(
        {"uri": "true", "mode": "ro", **alone}
    )


def _leave_alone(connection: Any, _: object) -> None:
    # The driver must not begin transactions by itself, or two writers read the same last row.
    connection.isolation_level = None


def _configure_sqlite(connection: Any, _: object) -> None:
    _leave_alone(connection, _)
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA secure_delete=ON")  # what is deleted is overwritten
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    # A writer takes its lock before it reads what the last row is; a reader must not take one.
    options = connection.get_execution_options()
    if options.get("isolation_level") == "AUTOCOMMIT":
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout={options.get('patience', PATIENCE_SECONDS) * 1000}")
    connection.exec_driver_sql("BEGIN" if options.get("reading") else "BEGIN IMMEDIATE")
