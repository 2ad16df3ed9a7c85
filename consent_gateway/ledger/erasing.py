"""Destroying contents with their keys, and marking what has to be kept: inside one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from consent_gateway.holding import Erased
from consent_gateway.ledger.appending import Appending
from consent_gateway.ledger.entries import ERASURE, RESTRICTION
from consent_gateway.ledger.marking import mark
from consent_gateway.ledger.tables import ENDED, ENTRIES, KEYS, RESTRICTED
from consent_gateway.record import NEVER

PARAMETERS = 500  # in one statement; SQLite of before 2020 takes 999
ON_REQUEST = "erasure on request, GDPR Art. 17(1)"


def destroy(connection: sa.Connection, numbers: Sequence[int]) -> list[int]:
    """Destroys contents, keys that no other record needs, and their marks; the links stay. Returns those of
    the numbers that had a content."""
    parts = (numbers[start : start + PARAMETERS] for start in range(0, len(numbers), PARAMETERS))
    return [number for some in parts for number in _destroy(connection, some)]


def erase(connection: sa.Connection, appending: Appending, erased: Erased, ground: str) -> None:
    """Destroys all there is under a name, or marks it; no cookie from before counts any more. An event says
    for ever which records it was, and why; `ground` is that of a duty to keep them."""
    numbers = _numbers(connection, erased.name)
    content: dict[str, Any] = {"event": ERASURE, "ground": ON_REQUEST}
    if erased.retained:
        content = {"event": RESTRICTION, "ground": ground}
        # Also where nothing is there: something of it may wait elsewhere to be written.
        mark(connection, erased.name, erased.day, ground)
    else:
        destroy(connection, numbers)
    time = erased.time.isoformat(timespec="seconds")
    number = appending.event({**content, "time": time, "numbers": ranges(numbers)})
    values = {"number": number, "key": erased.name, "turn": NEVER, "until": erased.until}
    connection.execute(sa.insert(ENDED).values(values))


def is_undone(connection: sa.Connection, erased: Erased, today: str) -> bool:
    """Whether what was erased is there again, as after a backup was put back."""
    of_it = sa.select(ENDED.c.number).where(ENDED.c.key == erased.name, ENDED.c.turn == NEVER)
    if erased.until >= today and connection.scalar(of_it.limit(1)) is None:
        return True
    if not _numbers(connection, erased.name):
        return False
    marked = sa.select(RESTRICTED.c.key).where(RESTRICTED.c.key == erased.name)
    return not erased.retained or connection.scalar(marked) is None


def ranges(numbers: Iterable[int]) -> list[list[int]]:
    """Numbers as pairs of first and last."""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found


def _numbers(connection: sa.Connection, name: str) -> list[int]:
    return list(connection.scalars(sa.select(ENTRIES.c.number).where(ENTRIES.c.key == name)))


def _destroy(connection: sa.Connection, numbers: Sequence[int]) -> Sequence[int]:
    chosen = ENTRIES.c.number.in_(numbers)
    full = connection.scalars(sa.select(ENTRIES.c.number).where(chosen, ENTRIES.c.content.is_not(None))).all()
    keys = connection.scalars(sa.select(ENTRIES.c.key).where(chosen, ENTRIES.c.key.is_not(None))).all()
    connection.execute(sa.update(ENTRIES).where(chosen).values(content=None, commitment=None, key=None))
    for table, name in ((KEYS, KEYS.c.id), (RESTRICTED, RESTRICTED.c.key)):
        needed = sa.select(ENTRIES.c.key).where(ENTRIES.c.key == name).exists()
        connection.execute(sa.delete(table).where(name.in_(keys), ~needed))
    return full
