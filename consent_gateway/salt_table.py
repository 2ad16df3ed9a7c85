"""Salts in the database that several machines share: encrypted under a key that is not in it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from consent_gateway.database import Database, DatabaseUnavailable
from consent_gateway.keys import KEY_BYTES, KeyRing
from consent_gateway.periods import Period
from consent_gateway.sealing import Seal

_metadata = sa.MetaData()
_salts = sa.Table(
    "salts",
    _metadata,
    sa.Column("rotation", sa.String(20), primary_key=True),
    sa.Column("start", sa.String(32), primary_key=True),
    sa.Column("sealed", sa.Text, nullable=False),
)
LONGEST_ROTATION = timedelta(days=31)


class SaltTable:
    """The salts of one rotation. Raises DatabaseUnavailable, as its methods do; they block."""

    def __init__(self, url: str | sa.URL, ring: KeyRing, rotation: Period) -> None:
        self._database = Database(url, _metadata)
        self._seal = Seal(ring.pepper("salts"))
        self._rotation = str(rotation)

    def prepare(self) -> None:
        self._database.prepare()

    def keep(self, *, make: Sequence[datetime], oldest: datetime) -> Mapping[datetime, bytes]:
        """As salts.Store says; also destroys what a rotation of before has left."""
        own = _salts.c.rotation == self._rotation
        over = sa.and_(own, _salts.c.start < _text(oldest))
        forgotten = _salts.c.start < _text(oldest - 2 * LONGEST_ROTATION)
        with self._database.writing() as connection:
            connection.execute(sa.delete(_salts).where(sa.or_(over, forgotten)))
            known = {row.start for row in connection.execute(sa.select(_salts.c.start).where(own))}
            for start in make:
                if _text(start) not in known:
                    self._make(connection, start)
            rows = connection.execute(sa.select(_salts.c.start, _salts.c.sealed).where(own)).all()
        return {datetime.fromisoformat(row.start): self._opened(row.start, row.sealed) for row in rows}

    def close(self) -> None:
        self._database.close()

    def _make(self, connection: sa.Connection, start: datetime) -> None:
        text = _text(start)
        sealed = self._seal.seal(text.encode() + secrets.token_bytes(KEY_BYTES))
        connection.execute(sa.insert(_salts).values(rotation=self._rotation, start=text, sealed=sealed))

    def _opened(self, start: str, sealed: str) -> bytes:
        try:
            plain = self._seal.unseal(sealed)
        except ValueError as error:
            raise DatabaseUnavailable(
                "the salts in the database were made with other keys; every machine needs the same"
            ) from error
        return plain.removeprefix(start.encode())


def _text(start: datetime) -> str:
    return start.isoformat()
