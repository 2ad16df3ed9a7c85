"""The proof of every choice: an append-only chain of encrypted records in a database."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from consent_gateway.database import Database, DatabaseUnavailable, in_folder
from consent_gateway.holding import Erased, Holding
from consent_gateway.keys import KeyRing
from consent_gateway.ledger import secret as secrets_of
from consent_gateway.ledger.appending import Appending
from consent_gateway.ledger.erasing import destroy, erase, is_undone, ranges
from consent_gateway.ledger.secret import Secret
from consent_gateway.ledger.tables import ENDED, ENTRIES, KEYS, METADATA, RECORDS
from consent_gateway.ledger.takeover import take_over
from consent_gateway.ledger.view import View
from consent_gateway.record import Record, Submission

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 60  # of who takes over or erases; another one may be at it


class GivenUp(Exception):
    """Who wanted something written does not wait for it any more."""


class Ledger:
    """Records in a database, named by an SQLAlchemy URL; the ring opens them. Raises DatabaseUnavailable
    if the URL names none, as its methods do; they block: call them from a thread of their own."""

    def __init__(self, url: str | sa.URL | Database, ring: KeyRing | None) -> None:
        self._database = url if isinstance(url, Database) else Database(url, METADATA)
        self._ring = ring
        self._known: Secret | None = None

    @classmethod
    def in_folder(cls, folder: Path, ring: KeyRing | None) -> Ledger:
        return cls(in_folder(folder), ring)

    @classmethod
    def to_read(cls, url: str | sa.URL, ring: KeyRing | None) -> Ledger:
        """A ledger that is only looked at: no file is made or changed, and read access is enough.
        Without a ring its contents stay closed. Raises DatabaseUnavailable, also where there is none."""
        what = "there is no ledger in it"
        return cls(Database.to_read(url, METADATA, wanted=(ENTRIES, RECORDS), what=what), ring)

    def prepare(self) -> None:
        """Creates the tables if they are missing, takes over what an earlier version has written, and
        seals the ledger's secret under the newest key."""
        self._database.prepare()
        assert self._ring is not None
        try:
            with self._database.writing(patience=PATIENCE_SECONDS) as connection:
                is_earlier = sa.inspect(connection).has_table(RECORDS.name)
                is_new = not secrets_of.keys(connection)
                if is_new and secrets_of.needed(connection):
                    raise DatabaseUnavailable(secrets_of.REMOVED)
                secret = secrets_of.keep(connection, self._ring)
                if is_new or is_earlier:
                    appending = Appending(connection, secret, is_new=is_new)
                    if is_earlier:
                        take_over(connection, appending)
                    appending.finish()
            if is_earlier and not self._database.forget(ENTRIES):
                logger.warning("what an earlier version wrote in clear is not out of the file yet")
        except DatabaseUnavailable:
            self.close()
            raise
        self._known = secret

    def append(self, record: Record, shown: str, policy: str = "") -> int:
        """Writes a record behind the last one and keeps the texts it names, once; returns the record's
        number, 0 where everything under its receipt was erased. It is on disk when this returns."""
        return self.append_all([Submission(record, shown, policy)])[0]

    def append_all(
        self, submissions: Sequence[Submission], is_wanted: Callable[[], bool] = lambda: True
    ) -> list[int]:
        """The same for several in one transaction; what was submitted before is not written again, and a
        grant on what was ended meanwhile is not written either (0). What `is_wanted` says right before the
        commit decides: raises GivenUp, and nothing is written."""
        with self._database.writing() as connection:
            appending = Appending(connection, self._secret(connection))
            numbers = appending.submit(submissions)
            appending.finish()
            if not is_wanted():
                raise GivenUp
        return numbers

    @contextmanager
    def view(self) -> Iterator[View]:
        """The ledger as it is now."""
        with self._database.reading() as connection:
            opens = self._ring is not None and secrets_of.keys(connection)
            yield View(connection, self._secret(connection) if opens else None)

    def records(self) -> Iterator[tuple[int, Record]]:
        """Every record that can be read with its number, in order. Raises LedgerBroken."""
        with self.view() as view:
            yield from view.records()

    def text(self, hash: str) -> str | None:
        """A text that a record names, byte for byte; None if it is not there."""
        with self.view() as view:
            return view.text(hash)

    def ended(self, *, since: int, today: str) -> list[tuple[int, str, int, str]]:
        """What was taken back by records behind `since` and may still matter: their numbers, the receipts'
        names (as key_id has them), the first turn that counts, and until when."""
        found = (
            sa.select(ENDED).where(ENDED.c.number > since, ENDED.c.until >= today).order_by(ENDED.c.number)
        )
        with self._database.reading() as connection:
            return [(row.number, row.key, row.turn, row.until) for row in connection.execute(found)]

    def key_id(self, receipt: str) -> str:
        """The name of a receipt, from which nobody else can tell whose it is; the ledger was prepared."""
        assert self._known is not None
        return self._known.key_id(receipt)

    def records_of(self, receipt: str) -> list[Holding]:
        """What is held under a receipt, in order. Raises LedgerBroken."""
        with self.view() as view:
            return view.records_of(receipt)

    def erase(self, numbers: Sequence[int], event: Mapping[str, Any]) -> list[int]:
        """Destroys contents, and keys that no other record needs; the chain stays valid. An event says
        for ever which were erased, and why: those that are returned, for nobody else had erased them. They
        are out of the files after `forget`."""
        with self._database.writing(patience=PATIENCE_SECONDS) as connection:
            appending = Appending(connection, self._secret(connection))
            if erased := destroy(connection, numbers):
                appending.event({**event, "numbers": ranges(erased)})
                appending.finish()
            return erased

    def erase_under(self, erased: Erased, ground: str = "") -> None:
        """Destroys all there is under the name of a receipt (as key_id has it), or marks it where that was
        retained, on the `ground` of a duty to keep it. `forget` takes it out of the files."""
        with self._database.writing() as connection:
            appending = Appending(connection, self._secret(connection))
            erase(connection, appending, erased, ground)
            appending.finish()

    def undone(self, erasures: Iterable[Erased], today: str) -> list[Erased]:
        """Those of these erasures that are not in effect here."""
        with self._database.reading() as connection:
            return [one for one in erasures if is_undone(connection, one, today)]

    def forget(self, today: str) -> bool:
        """Removes what was taken back where no cookie from before is valid any more, and takes what was
        erased out of the files; False if somebody who is reading keeps it there for now."""
        with self._database.writing(patience=PATIENCE_SECONDS) as connection:
            connection.execute(sa.delete(ENDED).where(ENDED.c.until < today))
        return self._database.forget(ENTRIES, KEYS, ENDED)

    def sealed_under(self) -> list[str]:
        """The ids of the keys that open the ledger, oldest first: without all of them it is lost. Nothing
        where there is none yet; no file is made."""
        if not self._database.is_there:
            return []
        with self._database.reading() as connection:
            return secrets_of.keys(connection)

    def close(self) -> None:
        self._database.close()

    def _secret(self, connection: sa.Connection) -> Secret:
        if self._known is None:
            assert self._ring is not None
            self._known = secrets_of.find(connection, self._ring)
        return self._known
