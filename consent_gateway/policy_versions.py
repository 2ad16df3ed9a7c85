"""The versions of the policy in the database: each as it was shown, from when on it was in force."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import sqlalchemy as sa

from consent_gateway.database import Database
from consent_gateway.policy_page import Version

_metadata = sa.MetaData()
_versions = sa.Table(
    "policy_versions",
    _metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Column("since", sa.String(32), nullable=False),
)
_texts = sa.Table(
    "policy_texts",
    _metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("language", sa.String(2), primary_key=True),
    sa.Column("text", sa.Text, nullable=False),  # compressed by zlib, in base64
)


class PolicyVersions:
    """Versions in a database, named by an SQLAlchemy URL. Raises DatabaseUnavailable, as its methods do;
    they block."""

    def __init__(self, url: str | sa.URL | Database) -> None:
        self._database = url if isinstance(url, Database) else Database(url, _metadata)

    @classmethod
    def to_read(cls, url: str | sa.URL) -> PolicyVersions:
        """Versions that are only looked at."""
        what = "no version of a policy is in it"
        return cls(Database.to_read(url, _metadata, wanted=[_versions], what=what))

    def prepare(self) -> None:
        self._database.prepare()

    def keep(self, hash: str, texts: Callable[[], Mapping[str, str]], now: datetime) -> list[Version]:
        """Every version, oldest first, after this one was put behind them if it is not the last already."""
        if self._last_hash() != hash:
            shown = Version.of(0, hash, now, texts())
            with self._database.writing() as connection:
                last = connection.execute(_newest).first()  # another process may have been at it
                if last is None or last.hash != hash:
                    self._add(connection, shown, last.number + 1 if last else 1)
        return self.all()

    def all(self) -> list[Version]:
        """Every version, oldest first."""
        with self._database.reading() as connection:
            texts: dict[int, dict[str, bytes]] = {}
            for row in connection.execute(sa.select(_texts)):
                texts.setdefault(row.number, {})[row.language] = base64.b64decode(row.text)
            rows = connection.execute(sa.select(_versions).order_by(_versions.c.number))
            return [
                Version(row.number, row.hash, datetime.fromisoformat(row.since), texts[row.number])
                for row in rows
            ]

    def close(self) -> None:
        self._database.close()

    def _last_hash(self) -> str:
        with self._database.reading() as connection:
            last = connection.execute(_newest).first()
        return last.hash if last else ""

    def _add(self, connection: sa.Connection, shown: Version, number: int) -> None:
        since = shown.since.astimezone(UTC).isoformat(timespec="seconds")
        connection.execute(sa.insert(_versions).values(number=number, hash=shown.hash, since=since))
        rows = [
            {"number": number, "language": language, "text": base64.b64encode(text).decode("ascii")}
            for language, text in shown.texts.items()
        ]
        connection.execute(sa.insert(_texts), rows)


_newest = sa.select(_versions).order_by(_versions.c.number.desc()).limit(1)
