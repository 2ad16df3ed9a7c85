"""A way by which requests are sent on."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from consent_gateway.subject_requests.request import SubjectRequest


class NotDelivered(Exception):
    """The other side has not accepted it; the text says why, and has nothing of the request in it."""


class Route(Protocol):
    """One way, with the name it has in the outbox."""

    @property
    def name(self) -> str: ...

    async def send(self, request: SubjectRequest, now: datetime) -> None:
        """Returns when the other side has accepted it. Raises NotDelivered."""
