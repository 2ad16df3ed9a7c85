"""The salts of the periods at hand: made in time for all workers, kept in memory, destroyed when over."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from consent_gateway.analytics.pseudonym import Salt, length, period_start
from consent_gateway.database import DatabaseUnavailable
from consent_gateway.outages import Outage
from consent_gateway.periods import Period
from consent_gateway.private_files import BadState
from consent_gateway.repeating import RETRY_SECONDS, Repeating

logger = logging.getLogger(__name__)

# The next salt is made before its period begins: no hit waits for it, and no two workers make one each.
AHEAD = timedelta(minutes=10)
LOOK_SECONDS = 60


class Store(Protocol):
    """Where salts are kept so that every worker has the same."""

    def keep(self, *, make: Sequence[datetime], oldest: datetime) -> Mapping[datetime, bytes]:
        """All that begin at `oldest` or later, those of `make` made where they are missing. What began
        before is destroyed. Raises BadState or DatabaseUnavailable; blocks."""
        ...


class Salts:
    """The salts of the running period, the one before (from which a session may reach over) and, towards
    its end, the next."""

    def __init__(
        self,
        store: Store,
        rotation: Period,
        now: Callable[[], datetime],
        closing: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._closing = closing
        self._rotation = rotation
        self._now = now
        self._known: Mapping[datetime, bytes] = {}
        self._outage = Outage(logger, "there are salts for pseudonyms again")
        self._keeping = Repeating(self._keep, LOOK_SECONDS)

    def __call__(self, start: datetime) -> Salt | None:
        """The salt of the period that begins at `start`; None for one that is over or not made yet."""
        value = self._known.get(start)
        return Salt(start, value) if value else None

    def look(self) -> None:
        """Makes and destroys what is due. Raises BadState or DatabaseUnavailable; blocks."""
        now = self._now()
        start, lasts = period_start(self._rotation, now), length(self._rotation)
        make = [start, start + lasts] if start + lasts - now <= AHEAD else [start]
        self._known = self._store.keep(make=make, oldest=start - lasts)

    def begin(self) -> None:
        """Looks every minute from now on."""
        self._keeping.begin()

    async def close(self) -> None:
        await self._keeping.close()
        self._closing()

    async def _keep(self) -> float:
        try:
            await asyncio.to_thread(self.look)
        except (BadState, DatabaseUnavailable) as error:
            self._outage.fails("no salt for pseudonyms, hits are dropped once it is needed: %s", error)
            return RETRY_SECONDS
        self._outage.works()
        return LOOK_SECONDS
