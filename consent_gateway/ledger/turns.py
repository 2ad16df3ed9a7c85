"""Which decisions under a receipt still count when another one is written: inside that transaction.

Two tabs decide on the same cookie, in two processes: which of them the ledger takes first decides, and what
takes something back must not be lost in either order (GDPR Art. 7(3), 18(1), 21(3)). A cookie is made before
its record is written, so that its turn must be right whatever comes in between. Hence:

- A grant counts one turn on, an ending begins the next thousand (consent.identified). A grant that was written
  before the ending, or several, has a turn below that thousand, and its cookie counts no more.
- A grant that comes to be written after the ending was made on a turn that has ended: it is refused.
- An ending on whose turns others have come meanwhile, such as a second one from another tab, gets the thousand
  above all of them: no cookie says both, so that none counts, and the visitor is asked anew. The same again, as
  by a double click, changes nothing.
- Under what was erased on request nothing is written, whoever still had it (Art. 17(1)).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import sqlalchemy as sa

from consent_gateway.consent import next_thousand
from consent_gateway.ledger.entries import LedgerBroken, entries_under
from consent_gateway.ledger.secret import Secret
from consent_gateway.ledger.tables import ENDED, ENTRIES, RESTRICTED
from consent_gateway.record import NEVER, Record, Submission


class Turns:
    """What is known under the names of receipts, and what is written under them meanwhile."""

    def __init__(self, connection: sa.Connection, secret: Secret, names: Collection[str]) -> None:
        self._connection = connection
        self._secret = secret
        rows = connection.execute(
            sa.select(ENDED.c.key, sa.func.max(ENDED.c.turn).label("turn"))
            .where(ENDED.c.key.in_(names))
            .group_by(ENDED.c.key)
        )
        self._least: dict[str, int] = {row.key: row.turn for row in rows}
        gone = [name for name, turn in self._least.items() if turn == NEVER]
        self._erased = _erased(connection, gone) if gone else frozenset()
        self._written: dict[str, list[Record]] = {}

    def refuse(self, submission: Submission, name: str) -> bool:
        """Whether it is not to be written."""
        return name in self._erased or (submission.grants and submission.record.turn <= self._ended(name))

    def counted(self, record: Record, name: str) -> Record:
        """The record with a turn that is above all that it ends."""
        if not record.ends or not record.grants_anything:
            return record
        others = [one.turn for one in self._known(name) if not _same(one, record)]
        most = max((turn for turn in others if turn < NEVER), default=-1)
        return replace(record, turn=min(next_thousand(most), NEVER)) if most >= record.turn else record

    def note(self, record: Record, name: str) -> None:
        """It was written."""
        self._written.setdefault(name, []).append(record)
        if record.ends:
            self._least[name] = max(record.least_turn, self._ended(name))

    def _ended(self, name: str) -> int:
        return self._least.get(name, -1)

    def _known(self, name: str) -> list[Record]:
        found = []
        try:
            for entry in entries_under(self._connection, self._secret, name):
                found += [entry.record] if entry.record else []
        except (
            LedgerBroken
        ):  # the others are found by `verify`; what protects the visitor is written all the same
            pass
        return found + self._written.get(name, [])


def _erased(connection: sa.Connection, names: Collection[str]) -> frozenset[str]:
    """Those of these names of which all was destroyed on request. What ended them is an event, which has no
    key; a withdrawal of everything is a record, and what a duty demands to keep is marked."""
    event = ENTRIES.c.key.is_(None) & ENTRIES.c.content.is_not(None)
    kept = sa.select(RESTRICTED.c.key).where(RESTRICTED.c.key == ENDED.c.key).exists()
    query = sa.select(ENDED.c.key).join(ENTRIES, ENTRIES.c.number == ENDED.c.number)
    return frozenset(
        connection.scalars(query.where(ENDED.c.key.in_(names), ENDED.c.turn == NEVER, event, ~kept))
    )


def _same(one: Record, other: Record) -> bool:
    """Whether both lead to the same, from the same."""
    return (one.kind, one.turn, one.granted, one.services) == (
        other.kind,
        other.turn,
        other.granted,
        other.services,
    )
