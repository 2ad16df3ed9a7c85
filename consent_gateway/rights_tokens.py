"""Tokens of the forms that destroy or release something: signed, short-lived, for one act of one visitor."""

from __future__ import annotations

from datetime import datetime

from consent_gateway.cookies import Signing
from consent_gateway.keys import KeyRing
from consent_gateway.messages import Request

SECONDS = 3600
LONGEST = 1000


class RightsTokens:
    """Writes and checks tokens. They are bound to the host, by what they are signed with."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring

    def write(self, action: str, receipt: str, request: Request, now: datetime) -> str:
        until = int(now.timestamp()) + SECONDS
        return self._signing(request).write([action, receipt, until])

    def holds(self, token: str, action: str, receipt: str, request: Request, now: datetime) -> bool:
        """Whether a token was written for this act, receipt and host, not more than an hour ago."""
        if len(token) > LONGEST:
            return False
        try:
            known_action, known_receipt, until = self._signing(request).read(token)
            return (known_action, known_receipt) == (action, receipt) and now.timestamp() <= float(until)
        except (ValueError, TypeError):
            return False

    def _signing(self, request: Request) -> Signing:
        return Signing(self._ring, request, "rights")
