"""What a server of the site is told of a visitor who has agreed to statistics: nothing it could read.

It hands the token on as the client id of what it reports (Measurement Protocol); only the gateway opens it.
A server knows nothing of consent by itself, and what it reports without a token goes nowhere.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from consent_gateway.analytics.session import Session
from consent_gateway.keys import KeyRing
from consent_gateway.sealing import Seal

HEADER = "Privacy-Analytics"
# As long after the request that carried it a report counts, unless the decision is taken back before.
SECONDS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who has agreed: his handle on a host, whether linking is granted, the session he is in, and receipt and
    turn of the decision by which he has."""

    handle: str
    receipt: str
    turn: int
    host: str
    linking: bool
    session: Session


class VisitorTokens:
    """Writes and reads tokens."""

    def __init__(self, ring: KeyRing) -> None:
        self._seal = Seal(ring.pepper("visitor token"))

    def write(self, visitor: Visitor) -> str:
        """A token, another one each time: two of them do not show that they are of one visitor."""
        session = visitor.session
        begun = [session.period, int(session.start.timestamp()), session.number, int(session.engaged)]
        decision = [visitor.receipt, visitor.turn]
        content = [visitor.handle, *decision, visitor.host, visitor.linking, *begun, sorted(session.begun)]
        return self._seal.seal(json.dumps(content).encode())

    def read(self, token: str) -> Visitor:
        """Raises ValueError for a token that is none of ours, or too old."""
        content = json.loads(self._seal.unseal(token, younger_than=SECONDS))
        handle, receipt, turn, host, linking, period, start, number, engaged, begun = content
        at = datetime.fromtimestamp(start, UTC)
        session = Session(
            start=at, last=at, period=period, number=number, engaged=bool(engaged), begun=frozenset(begun)
        )
        return Visitor(handle=handle, receipt=receipt, turn=turn, host=host, linking=linking, session=session)
