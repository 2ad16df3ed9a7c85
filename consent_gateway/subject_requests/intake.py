"""Requests at a running gateway: taken, looked up and sent on, without keeping anybody else waiting."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from consent_gateway.database import DatabaseUnavailable
from consent_gateway.messages import Response
from consent_gateway.outages import Outage
from consent_gateway.subject_requests.asking import LookingUp, Noticing, Receiving
from consent_gateway.subject_requests.book import Requests, TooMany
from consent_gateway.subject_requests.sending import Sender

logger = logging.getLogger(__name__)


class Intake:
    """Carries out what the core asks for around requests."""

    def __init__(self, requests: Requests, sender: Sender, now: Callable[[], datetime]) -> None:
        self._requests = requests
        self._sender = sender
        self._now = now
        self._taking = Outage(logger, "requests can be taken again")
        self._looking_up = Outage(logger, "requests can be looked up again")

    def begin(self) -> None:
        """The event loop has to run."""
        self._sender.begin()

    async def close(self) -> None:
        await self._sender.close()
        self._requests.close()

    async def answer(self, asked: Receiving | LookingUp) -> Response:
        """The one of its answers that is right."""
        return await (self.receive(asked) if isinstance(asked, Receiving) else self.look_up(asked))

    async def receive(self, asked: Receiving) -> Response:
        """What is answered once the request is on disk, or that it was not taken."""
        try:
            request = await asyncio.to_thread(
                self._requests.receive, asked.new, self._now(), asked.recipients
            )
        except TooMany as error:
            logger.warning("a request was turned away: %s", error)
            return asked.too_many(error.seconds)
        except DatabaseUnavailable as error:
            self._taking.fails("a request could not be taken: %s", error)
            return asked.unreceived
        self._taking.works()
        return asked.received(request)

    async def look_up(self, asked: LookingUp) -> Response:
        try:
            found = await asyncio.to_thread(self._requests.of_sender, asked.number, asked.key)
        except DatabaseUnavailable as error:
            self._looking_up.fails("a request cannot be looked up: %s", error)
            return asked.unavailable
        self._looking_up.works()
        return asked.found(found)

    async def note(self, asked: Noticing) -> None:
        """Notes who is to be told of a right that was exercised here: it has its effect in any case."""
        notices = self._requests.notices
        try:
            await asyncio.to_thread(notices.notices_for, asked.right, asked.recipients, self._now())
        except DatabaseUnavailable as error:
            names = ", ".join(name for _, name in asked.recipients)
            logger.error("not noted: tell %s of %s, GDPR Art. 19: %s", names, asked.right, error)
