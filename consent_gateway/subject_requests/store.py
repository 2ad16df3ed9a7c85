"""The database that requests are in: transactions that also write to the ledger, and looks at it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from consent_gateway.database import Database, DatabaseUnavailable
from consent_gateway.keys import KeyRing
from consent_gateway.ledger import secret as secrets_of
from consent_gateway.ledger.appending import Appending
from consent_gateway.ledger.secret import Secret
from consent_gateway.ledger.tables import ENTRIES, RECORDS
from consent_gateway.sealing import Box
from consent_gateway.subject_requests.tables import METADATA, NUMBERS, REQUESTS


class Transaction:
    """What is written together, with the events of it in the ledger."""

    def __init__(self, connection: sa.Connection, secret: Secret) -> None:
        self.connection = connection
        self.box = secret.requests
        self._secret = secret
        self._appending: Appending | None = None

    def event(self, content: Mapping[str, Any]) -> int:
        """Appends an event to the ledger; its number there."""
        if self._appending is None:
            self._appending = Appending(self.connection, self._secret)
        return self._appending.event(content)

    def number(self, what: str) -> int:
        """The next number, which nothing of its kind ever had."""
        mine = NUMBERS.c.what == what
        last = self.connection.scalar(sa.select(NUMBERS.c.last).where(mine))
        if last is None:
            self.connection.execute(sa.insert(NUMBERS).values(what=what, last=1))
            return 1
        self.connection.execute(sa.update(NUMBERS).where(mine).values(last=last + 1))
        return int(last) + 1

    def finish(self) -> None:
        if self._appending is not None:
            self._appending.finish()


class Store:
    """The tables of requests beside a ledger that is there already. Raises DatabaseUnavailable, as its
    methods do; they block."""

    def __init__(self, url: str | sa.URL | Database, ring: KeyRing) -> None:
        self._database = url if isinstance(url, Database) else Database(url, METADATA)
        self._ring = ring
        self._known: Secret | None = None

    @classmethod
    def to_read(cls, url: str | sa.URL, ring: KeyRing) -> Store:
        """A store that is only looked at: nothing is made or changed."""
        what = "there is no ledger in it"
        return cls(Database.to_read(url, METADATA, wanted=(REQUESTS, ENTRIES, RECORDS), what=what), ring)

    def prepare(self) -> None:
        self._database.prepare()

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """A transaction, on disk when it is left, with the chain of the ledger."""
        with self._database.writing() as connection:
            transaction = Transaction(connection, self._secret(connection))
            yield transaction
            transaction.finish()

    @contextmanager
    def reading(self) -> Iterator[tuple[sa.Connection, Box] | None]:
        """A look at the tables as they are at one moment, and what opens contents; None where a gateway
        that takes requests has not yet run."""
        with self._database.reading() as connection:
            if not sa.inspect(connection).has_table(REQUESTS.name):
                yield None
            else:
                yield connection, self._secret(connection).requests

    def forget(self, *tables: sa.Table) -> None:
        self._database.forget(*tables)

    def close(self) -> None:
        self._database.close()

    def _secret(self, connection: sa.Connection) -> Secret:
        if self._known is None:
            if not secrets_of.keys(connection):
                raise DatabaseUnavailable("there is no ledger in it yet: consent-gateway serve makes it")
            self._known = secrets_of.find(connection, self._ring)
        return self._known
