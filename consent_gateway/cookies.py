"""Consent ⇄ the signed cookie. Whatever does not verify counts as no decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from consent_gateway.consent import OBJECTION_LIFE, REMEMBERED, Consent, Handle, Instance
from consent_gateway.keys import Key, KeyRing
from consent_gateway.messages import Request
from consent_gateway.replies import set_cookie

VERSION = 1
MAX_LENGTH = 4000
ONCE_SECONDS = 60
ONCE, SAID = "-once", "-saved"


def cookie_name(scheme: str, suffix: str = "") -> str:
    """`__Host-` pins a cookie to host, path and https (RFC 6265bis 4.1.3.2); http cannot have it."""
    return ("__Host-privacy" if scheme == "https" else "privacy") + suffix


class Signing:
    """Values ⇄ signed texts. The host is part of the salt: a cookie planted from another does not
    verify."""

    def __init__(self, ring: KeyRing, request: Request, use: str) -> None:
        self._ring = ring
        self._salt = f"privacy-{use}|{request.hostname}"

    def write(self, value: object) -> str:
        """The mark of the key that signs, and a text of URL-safe letters."""
        text = self._serializer(self._ring.signing).dumps(value)
        assert isinstance(text, str)
        return f"{self._ring.signing.mark}~{text}"

    def read(self, text: str) -> Any:
        """The value. Raises ValueError for a text that was not signed for this host and use, with a key
        that is in the ring."""
        mark, _, signed = text.partition("~")
        for key in self._ring.marked(mark):
            with suppress(BadData):
                return self._serializer(key).loads(signed)
        raise ValueError("does not verify")

    def _serializer(self, key: Key) -> URLSafeSerializer:
        return URLSafeSerializer(key.secret, salt=self._salt)


class ConsentCookie:
    """Reads and writes the consent cookie of one host."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring

    def read(self, request: Request, now: datetime) -> Consent:
        """The visitor's consent as of `now`; Consent() for no cookie, several, or a bad one."""
        values = request.cookies(cookie_name(request.scheme))
        if len(values) != 1 or len(values[0]) > MAX_LENGTH:
            return Consent()
        try:
            payload = self._signing(request, "consent").read(values[0])
            return _consent(payload).valid(now)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
            return Consent()

    def write(self, consent: Consent, request: Request, now: datetime) -> tuple[str, str]:
        """The Set-Cookie field that carries the consent back."""
        value = self._signing(request, "consent").write(_payload(consent))
        return set_cookie(
            cookie_name(request.scheme),
            value,
            secure=request.scheme == "https",
            max_age=(OBJECTION_LIFE if consent.objected else REMEMBERED).seconds_from(now),
        )

    def clear(self, request: Request) -> list[tuple[str, str]]:
        """The Set-Cookie fields by which a browser forgets all that is read here."""
        return [self._short("", "", request, 0), self.clear_once(request), self.clear_said(request)]

    def read_once(self, request: Request, now: datetime) -> frozenset[Instance]:
        """What clicks without script have just activated on the page that is asked for."""
        values = request.cookies(cookie_name(request.scheme, ONCE))
        if len(values) != 1 or len(values[0]) > MAX_LENGTH:
            return frozenset()
        try:
            instances, target, until = self._signing(request, "once").read(values[0])
            once = frozenset((str(service), int(number)) for service, number in instances)
        except (ValueError, TypeError):
            return frozenset()
        return once if target == request.target and now.timestamp() <= until else frozenset()

    def write_once(
        self, instances: Iterable[Instance], target: str, request: Request, now: datetime
    ) -> tuple[str, str]:
        """A Set-Cookie field that activates these for the next view of one page."""
        until = int(now.timestamp()) + ONCE_SECONDS
        value = self._signing(request, "once").write([sorted(instances), target, until])
        return self._short(ONCE, value, request, ONCE_SECONDS)

    def clear_once(self, request: Request) -> tuple[str, str]:
        return self._short(ONCE, "", request, 0)

    def reads_said(self, request: Request) -> bool:
        """Whether the page that is asked for is to say that a choice is saved."""
        return request.cookies(cookie_name(request.scheme, SAID)) == ["1"]

    def write_said(self, request: Request) -> tuple[str, str]:
        """A Set-Cookie field by which the next page says so. Nothing depends on it: it is not signed."""
        return self._short(SAID, "1", request, ONCE_SECONDS)

    def clear_said(self, request: Request) -> tuple[str, str]:
        return self._short(SAID, "", request, 0)

    def _short(self, suffix: str, value: str, request: Request, seconds: int) -> tuple[str, str]:
        secure = request.scheme == "https"
        return set_cookie(cookie_name(request.scheme, suffix), value, secure=secure, max_age=seconds)

    def _signing(self, request: Request, use: str) -> Signing:
        return Signing(self._ring, request, use)


# A refusal is dated to the day and carries nothing else, so that all of a day's are alike (CON-04).
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


def _payload(consent: Consent) -> dict[str, Any]:
    exact = consent.grants_anything
    fields: dict[str, Any] = {"v": VERSION}
    if consent.decided:
        fields["t"] = _minutes(consent.decided, exact)
        fields["g"] = dict(sorted(consent.granted.items()))
        fields["r"] = dict(sorted(consent.refused.items()))
    if consent.earlier:
        fields["e"] = {id: _minutes(time, exact) for id, time in sorted(consent.earlier.items())}
    if consent.express:
        fields["x"] = sorted(consent.express)
    if consent.services and consent.services_since:
        fields["s"] = sorted(consent.services)
        fields["u"] = _minutes(consent.services_since, exact)
    if consent.receipt:
        fields["i"] = consent.receipt
        fields["n"] = consent.turn
    if consent.handle:
        fields["h"] = [consent.handle.value, consent.handle.born.isoformat()]
    if consent.restricted:
        fields["b"] = _minutes(consent.restricted, exact)
    if consent.objected:
        fields["o"] = _minutes(consent.objected, exact=False)
    return fields


def _minutes(moment: datetime, exact: bool) -> int:
    unit = timedelta(minutes=1) if exact else timedelta(days=1)
    return (moment - _EPOCH) // unit * (unit // timedelta(minutes=1))


def _consent(payload: Any) -> Consent:
    if payload["v"] != VERSION:
        raise ValueError("a cookie of another version")
    handle = payload.get("h")
    return Consent(
        decided=_moment(payload.get("t")),
        granted=_revisions(payload.get("g", {})),
        refused=_revisions(payload.get("r", {})),
        earlier=MappingProxyType({id: _time(minutes) for id, minutes in payload.get("e", {}).items()}),
        express=frozenset(payload.get("x", ())),
        services=frozenset(payload.get("s", ())),
        services_since=_moment(payload.get("u")),
        receipt=payload.get("i", ""),
        turn=int(payload.get("n", 0)),
        handle=Handle(handle[0], date.fromisoformat(handle[1])) if handle else None,
        restricted=_moment(payload.get("b")),
        objected=_moment(payload.get("o")),
    )


def _moment(minutes: int | None) -> datetime | None:
    return None if minutes is None else _time(minutes)


def _time(minutes: int) -> datetime:
    return _EPOCH + timedelta(minutes=minutes)


def _revisions(values: dict[str, str]) -> Mapping[str, str]:
    return MappingProxyType(dict(values))
