"""A database by its URL, with tables of a test."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from consent_gateway.database import Database, DatabaseUnavailable, in_folder

TABLES = sa.MetaData()
NOTES = sa.Table("notes", TABLES, sa.Column("text", sa.Text))


def noted(database: Database) -> list[str]:
    with database.reading() as connection:
        return list(connection.scalars(sa.select(NOTES.c.text)))


def test_what_is_written_is_there_for_others_at_once(state: Path) -> None:
    one, other = (Database(in_folder(state), TABLES) for _ in range(2))
    one.prepare()
    with one.writing() as connection:
        connection.execute(NOTES.insert().values(text="a"))
    assert noted(other) == ["a"]
    one.close()
    other.close()


def test_a_transaction_that_fails_leaves_nothing(state: Path) -> None:
    database = Database(in_folder(state), TABLES)
    database.prepare()
    with pytest.raises(DatabaseUnavailable), database.writing() as connection:
        connection.execute(NOTES.insert().values(text="a"))
        connection.exec_driver_sql("no such statement")
    assert noted(database) == []
    database.close()


def test_a_table_that_is_missed_is_named_and_nothing_is_made(state: Path) -> None:
    database = Database(in_folder(state), TABLES)
    database.prepare()
    database.close()
    other = sa.Table("others", sa.MetaData(), sa.Column("text", sa.Text))
    with pytest.raises(DatabaseUnavailable, match="no others in it"):
        Database.to_read(in_folder(state), other.metadata, wanted=[other], what="there are no others in it")
    with pytest.raises(DatabaseUnavailable, match="there is no ledger"):
        Database.to_read(in_folder(state / "none"), TABLES, wanted=[NOTES], what="")


def test_whoever_reads_cannot_write(state: Path) -> None:
    database = Database(in_folder(state), TABLES)
    database.prepare()
    looking = Database.to_read(in_folder(state), TABLES, wanted=[NOTES], what="")
    with pytest.raises(DatabaseUnavailable, match="readonly"), looking.writing() as connection:
        connection.execute(NOTES.insert().values(text="a"))
    looking.close()
    database.close()


def test_a_file_that_is_gone_is_not_written_in_vain(state: Path) -> None:
    database = Database(in_folder(state), TABLES)
    database.prepare()
    for path in state.iterdir():
        path.unlink()
    with (
        pytest.raises(DatabaseUnavailable, match="is no longer where it was"),
        database.writing() as connection,
    ):
        connection.execute(NOTES.insert().values(text="a"))
    database.close()


def test_a_writer_waits_for_another_one_as_long_as_it_has_patience(database_url: str) -> None:
    one, other = (Database(database_url, TABLES) for _ in range(2))
    one.prepare()
    began = time.monotonic()
    with one.writing() as connection:
        connection.execute(NOTES.insert().values(text="a"))
        with pytest.raises(DatabaseUnavailable), other.writing(patience=1):
            pass
    assert 0.9 < time.monotonic() - began < 3
    with other.writing(patience=1) as connection:
        connection.execute(NOTES.insert().values(text="b"))
    assert noted(one) == ["a", "b"]
    one.close()
    other.close()


def test_a_statement_on_a_server_takes_no_longer_than_a_writer_has_patience(postgresql_url: str) -> None:
    database = Database(postgresql_url, TABLES)
    began = time.monotonic()
    with (
        pytest.raises(DatabaseUnavailable, match="statement timeout"),
        database.writing(patience=1) as connection,
    ):
        connection.exec_driver_sql("SELECT pg_sleep(20)")
    assert time.monotonic() - began < 5
    database.close()


def test_what_was_deleted_can_be_forgotten(database_url: str) -> None:
    database = Database(database_url, TABLES)
    database.prepare()
    with database.writing() as connection:
        connection.execute(NOTES.insert().values(text="a"))
        connection.execute(NOTES.delete())
    assert database.forget(NOTES)
    assert noted(database) == []
    database.close()


def test_what_somebody_may_still_read_is_not_said_to_be_forgotten(state: Path) -> None:
    database = Database(in_folder(state), TABLES)
    database.prepare()
    with database.writing(patience=60) as connection:
        connection.execute(NOTES.insert().values(text="a"))
    looking = Database.to_read(in_folder(state), TABLES, wanted=[NOTES], what="")
    with looking.reading() as reading:
        assert list(reading.scalars(sa.select(NOTES.c.text))) == ["a"]
        with database.writing(patience=60) as connection:
            connection.execute(NOTES.delete())
        began = time.monotonic()
        assert not database.forget(NOTES)
        assert time.monotonic() - began < 5
    assert database.forget(NOTES)
    looking.close()
    database.close()
