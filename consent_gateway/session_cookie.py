"""Session ⇄ a signed cookie, so that no worker has to remember a visitor."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from consent_gateway.analytics.session import INACTIVE, Session
from consent_gateway.cookies import MAX_LENGTH, Signing, cookie_name
from consent_gateway.keys import KeyRing
from consent_gateway.messages import Request, Response
from consent_gateway.replies import set_cookie

SUFFIX = "-session"
VERSION = 1


class SessionCookie:
    """Reads and writes the session of one browser. It is bound to the analytics handle: after a
    withdrawal an old one counts for nothing."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring

    def read(self, request: Request, handle: str) -> Session | None:
        """The session; None for no cookie, several, or a bad one."""
        values = request.cookies(cookie_name(request.scheme, SUFFIX))
        if len(values) != 1 or len(values[0]) > MAX_LENGTH:
            return None
        try:
            return _session(self._signing(request, handle).read(values[0]))
        except (ValueError, TypeError, OverflowError):
            return None

    def write(self, session: Session, request: Request, handle: str, *, ends: datetime) -> tuple[str, str]:
        """The Set-Cookie field. It lasts until the period `ends`, after which nothing is counted on
        from it, or for as long as the session itself may go on."""
        value = self._signing(request, handle).write(_payload(session))
        return self._field(request, value, max(INACTIVE, ends - session.last))

    def without(self, response: Response, request: Request) -> Response:
        """The response with which the browser forgets its session, if it has one."""
        known = request.cookies(cookie_name(request.scheme, SUFFIX))
        return response.adding(*self._field(request, "", timedelta())) if known else response

    def _field(self, request: Request, value: str, lasts: timedelta) -> tuple[str, str]:
        return set_cookie(
            cookie_name(request.scheme, SUFFIX),
            value,
            secure=request.scheme == "https",
            max_age=int(lasts.total_seconds()),
        )

    def _signing(self, request: Request, handle: str) -> Signing:
        return Signing(self._ring, request, f"session|{handle}")


def _payload(session: Session) -> list[Any]:
    return [
        VERSION,
        session.period,
        int(session.start.timestamp()),
        int(session.last.timestamp()),
        session.number,
        session.pages,
        int(session.engaged),
        sorted(session.begun),
    ]


def _session(payload: Any) -> Session:
    version, period, start, last, number, pages, engaged, begun = payload
    if version != VERSION:
        raise ValueError("a cookie of another version")
    return Session(
        period=int(period),
        start=datetime.fromtimestamp(start, UTC),
        last=datetime.fromtimestamp(last, UTC),
        number=int(number),
        pages=int(pages),
        engaged=bool(engaged),
        begun=frozenset(map(str, begun)),
    )
