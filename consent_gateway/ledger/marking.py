"""Records that are only kept, and not used: marked by the name of their receipt (GDPR Art. 18)."""

from __future__ import annotations

import sqlalchemy as sa

from consent_gateway.ledger.tables import RESTRICTED
from consent_gateway.record import Record

BLOCKED = "blocked by the visitor, GDPR Art. 18(1)"


def follow(connection: sa.Connection, name: str, record: Record) -> None:
    """Marks what is under the name of a record that blocks it, and unmarks it after one that lifts that."""
    if record.receipt and record.kind == "restriction":
        marked = sa.select(RESTRICTED.c.key).where(RESTRICTED.c.key == name)
        if connection.scalar(marked) is None:  # else on the ground of a duty, which outlasts a block
            mark(connection, name, record.time[:10], BLOCKED)
    elif record.receipt and record.kind == "lifting":
        mine = (RESTRICTED.c.key == name) & (RESTRICTED.c.ground == BLOCKED)
        connection.execute(sa.delete(RESTRICTED).where(mine))


def mark(connection: sa.Connection, name: str, since: str, ground: str) -> None:
    """`since` is a day."""
    connection.execute(sa.delete(RESTRICTED).where(RESTRICTED.c.key == name))
    connection.execute(sa.insert(RESTRICTED).values({"key": name, "since": since, "ground": ground}))
