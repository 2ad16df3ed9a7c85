"""The counts of what the policy has kept from loading, in the database: bounded whatever is reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

import sqlalchemy as sa

from consent_gateway.database import Database
from consent_gateway.reports import Blocked

MOST_A_DAY = 1000  # rows; what comes beyond is made up, and counted in one row without a host

_metadata = sa.MetaData()
_reports = sa.Table(
    "reports",
    _metadata,
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("host", sa.String(253), primary_key=True),
    sa.Column("directive", sa.String(32), primary_key=True),
    sa.Column("owner", sa.String(200), primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """How often something was reported, from the first to the last day that is kept."""

    host: str
    owner: str
    directive: str
    number: int
    first: str
    last: str


class ReportCounts:
    """Counts in a database, named by an SQLAlchemy URL. Raises DatabaseUnavailable, as its methods
    do; they block."""

    def __init__(self, url: str | sa.URL | Database) -> None:
        self._database = url if isinstance(url, Database) else Database(url, _metadata)

    @classmethod
    def to_read(cls, url: str | sa.URL, *, wanted: Sequence[sa.Table] = ()) -> ReportCounts:
        """Counts that are only looked at, where there are any, or any of the tables that are `wanted`."""
        what = "no reports have been counted in it"
        return cls(Database.to_read(url, _metadata, wanted=[_reports, *wanted], what=what))

    def prepare(self) -> None:
        self._database.prepare()

    def add(self, counts: Mapping[Blocked, int]) -> None:
        """Adds to the counts."""
        with self._database.writing() as connection:
            for day in sorted({blocked.day for blocked in counts}):
                _add(connection, day, {key: number for key, number in counts.items() if key.day == day})

    def due(self, oldest: date) -> int:
        """How many days before the oldest that is to be kept there are."""
        days = sa.select(sa.func.count(_reports.c.day.distinct())).where(_reports.c.day < oldest.isoformat())
        with self._database.reading() as connection:
            is_there = sa.inspect(connection).has_table(_reports.name)
            return (connection.scalar(days) or 0) if is_there else 0

    def forget(self, oldest: date) -> None:
        """Removes the counts of the days before."""
        with self._database.writing() as connection:
            connection.execute(_reports.delete().where(_reports.c.day < oldest.isoformat()))

    def totals(self) -> list[Total]:
        """What was reported, the most frequent first."""
        columns = (_reports.c.host, _reports.c.owner, _reports.c.directive)
        number = sa.func.sum(_reports.c.number)
        rows = (
            sa.select(*columns, number, sa.func.min(_reports.c.day), sa.func.max(_reports.c.day))
            .group_by(*columns)
            .order_by(number.desc(), *columns)
        )
        with self._database.reading() as connection:
            return [
                Total(host=host, owner=owner, directive=directive, number=int(count), first=first, last=last)
                for host, owner, directive, count, first, last in connection.execute(rows)
            ]

    def close(self) -> None:
        self._database.close()


def beyond(day: str) -> Blocked:
    """What is counted where there is no room for more rows."""
    return Blocked(host="", directive="", owner="", day=day)


def _add(connection: sa.Connection, day: str, counts: Mapping[Blocked, int]) -> None:
    rows = connection.execute(sa.select(_reports).where(_reports.c.day == day))
    known = {Blocked(host=row.host, directive=row.directive, owner=row.owner, day=day) for row in rows}
    room = MOST_A_DAY - len(known)
    added: Counter[Blocked] = Counter()
    for blocked, number in counts.items():
        fits = blocked in known or room > 0
        room -= blocked not in known
        added[blocked if fits else beyond(day)] += number
    for blocked, number in added.items():
        values = asdict(blocked)
        if blocked in known:
            where = sa.and_(*(_reports.c[name] == value for name, value in values.items()))
            connection.execute(_reports.update().where(where).values(number=_reports.c.number + number))
        else:
            connection.execute(_reports.insert().values(number=number, **values))
