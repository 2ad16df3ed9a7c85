"""A database by its URL, with tables of a test."""

from __future__ import annotations

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
