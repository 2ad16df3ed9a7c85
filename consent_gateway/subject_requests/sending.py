"""What sends requests on beside everything else, until each is accepted."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from consent_gateway.database import DatabaseUnavailable
from consent_gateway.outages import Outage
from consent_gateway.repeating import Repeating
from consent_gateway.subject_requests.book import Requests
from consent_gateway.subject_requests.outbox import Delivery
from consent_gateway.subject_requests.routes import NotDelivered, Route

logger = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
UNAVAILABLE_SECONDS = 60.0


class Sender:
    """Looks into the outbox every few seconds. Several on one database send each request once."""

    def __init__(self, requests: Requests, routes: Sequence[Route], now: Callable[[], datetime]) -> None:
        self._requests = requests
        self._routes = {route.name: route for route in routes}
        self._now = now
        self._stopping = False
        self._has_begun = False
        self._outage = Outage(logger, "requests are sent on again")
        self._repeating = Repeating(self._look, 0)

    def begin(self) -> None:
        """The event loop has to run."""
        self._repeating.begin()

    async def close(self) -> None:
        """Waits for the one that is under way."""
        self._stopping = True
        await self._repeating.close()

    async def send_due(self) -> int:
        """Tries what is due, each once; how many that were. Raises DatabaseUnavailable."""
        outbox, tried = self._requests.outbox, 0
        while not self._stopping:
            one = await asyncio.to_thread(outbox.claim, tuple(self._routes), self._now())
            if one is None:
                break
            await self._send(one)
            tried += 1
        return tried

    async def _look(self) -> float:
        try:
            if not self._has_begun:
                await asyncio.to_thread(self._name_stranded)
                self._has_begun = True
            await self.send_due()
        except DatabaseUnavailable as error:
            self._outage.fails("requests cannot be sent on now: %s", error)
            return UNAVAILABLE_SECONDS
        self._outage.works()
        return LOOK_SECONDS

    def _name_stranded(self) -> None:
        """Says once what waits for a way that is no longer there."""
        waiting = Counter(one.route for one in self._requests.outbox.waiting())
        for route in sorted(waiting.keys() - self._routes.keys()):
            logger.warning("%s requests wait for %s, which [notify] does not name", waiting[route], route)

    async def _send(self, one: Delivery) -> None:
        outbox = self._requests.outbox
        try:
            request = await asyncio.to_thread(self._requests.of, one.request)
            if request is None:
                raise NotDelivered("there is no such request any more")
            await self._routes[one.route].send(request, self._now())
        except Exception as error:  # one that fails must not keep back the others
            reason = str(error) if isinstance(error, NotDelivered) else type(error).__name__
            again = await asyncio.to_thread(outbox.failed, one, reason, self._now())
            logger.warning(
                "request %s was not accepted by %s (attempt %s): %s; again at %s",
                one.request,
                one.route,
                one.attempts + 1,
                reason,
                again.isoformat(timespec="seconds"),
            )
        else:
            await asyncio.to_thread(outbox.accepted, one, self._now())
            logger.info("request %s was accepted by %s", one.request, one.route)
