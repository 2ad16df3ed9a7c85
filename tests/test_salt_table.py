"""Salts in a database are the same for all machines, and say nothing to who has only the database."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from consent_gateway.database import DatabaseUnavailable
from consent_gateway.keys import Key, KeyRing
from consent_gateway.periods import Period
from consent_gateway.salt_table import SaltTable

TODAY = datetime(2026, 11, 24, tzinfo=UTC)
DAY = timedelta(days=1)
DAILY, HOURLY = Period(1, "day"), Period(3, "hour")


@pytest.fixture
def url(database_url: str) -> str:
    return database_url


@pytest.fixture
def table(url: str, ring: KeyRing) -> Iterator[SaltTable]:
    made = SaltTable(url, ring, DAILY)
    made.prepare()
    yield made
    made.close()


def test_machines_that_ask_at_once_get_the_same_salt(url: str, table: SaltTable, ring: KeyRing) -> None:
    def ask(_: int) -> bytes:
        other = SaltTable(url, ring, DAILY)
        salt = other.keep(make=[TODAY], oldest=TODAY)[TODAY]
        other.close()
        return salt

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(16)))) == 1


def test_what_is_over_is_gone(table: SaltTable) -> None:
    table.keep(make=[TODAY], oldest=TODAY)
    assert table.keep(make=[TODAY + DAY], oldest=TODAY + DAY).keys() == {TODAY + DAY}


def test_another_rotation_has_its_own_and_leaves_none_behind_for_ever(
    url: str, table: SaltTable, ring: KeyRing
) -> None:
    mine = table.keep(make=[TODAY], oldest=TODAY)
    other = SaltTable(url, ring, HOURLY)
    theirs = other.keep(make=[TODAY], oldest=TODAY)
    assert theirs[TODAY] != mine[TODAY]
    other.keep(make=[TODAY + DAY], oldest=TODAY + DAY)
    assert table.keep(make=[TODAY], oldest=TODAY) == mine
    other.keep(make=[TODAY + 70 * DAY], oldest=TODAY + 70 * DAY)
    assert table.keep(make=[TODAY], oldest=TODAY) != mine
    other.close()


def test_the_database_alone_does_not_have_them(url: str, table: SaltTable) -> None:
    salt = table.keep(make=[TODAY], oldest=TODAY)[TODAY]
    with table._database.reading() as connection:
        rows = connection.execute(sa.text("SELECT * FROM salts")).all()
    assert len(rows) == 1
    assert base64.b64encode(salt).decode() not in str(rows) and salt.hex() not in str(rows)
    stranger = SaltTable(url, KeyRing((Key("other", b"o" * 32),)), DAILY)
    with pytest.raises(DatabaseUnavailable, match="other keys"):
        stranger.keep(make=[TODAY], oldest=TODAY)
    stranger.close()
