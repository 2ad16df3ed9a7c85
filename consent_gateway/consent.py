"""What a visitor has chosen, and the acts that change it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType

from consent_gateway.periods import Period

# DPC: consent at most six months; Garante, CNIL: ask again after six months at the earliest.
# Both hold with six calendar months, for grants and refusals alike.
REMEMBERED = Period(6, "month")
# CNIL audience measurement: a tracer lives thirteen months at most and is not prolonged.
HANDLE_LIFE = Period(13, "month")

_NONE: Mapping[str, str] = {}

# A plug-in on a page: its service, and its number there.
Instance = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Handle:
    """The gateway's own analytics id of a browser; never sent on, only what is derived from it."""

    value: str
    born: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A visitor's choices. The empty value means that nothing was decided.

    `granted` and `refused` map a purpose to the revision of what was shown when it was decided;
    `services` were granted one by one. A refusal carries neither receipt nor handle.
    """

    decided: datetime | None = None
    granted: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    services: frozenset[str] = frozenset()
    services_since: datetime | None = None
    receipt: str = ""
    handle: Handle | None = None

    def __post_init__(self) -> None:
        if self.granted.keys() & self.refused.keys():
            raise ValueError("a purpose cannot be both granted and refused")

    def valid(self, now: datetime) -> Consent:
        """The same without what has expired by `now`, or is dated after it."""
        kept = self
        if self.decided and not self.decided <= now < REMEMBERED.after(self.decided):
            kept = replace(kept, decided=None, granted=_NONE, refused=_NONE)
        since = self.services_since
        if since and not since <= now < REMEMBERED.after(since):
            kept = replace(kept, services=frozenset(), services_since=None)
        return kept._without_surplus(now)

    def decide(
        self,
        *,
        granted: Mapping[str, str],
        refused: Mapping[str, str],
        services: Iterable[str],
        now: datetime,
    ) -> Consent:
        """Every purpose asked about is granted or refused; services are granted one by one."""
        chosen = frozenset(services)
        return replace(
            self,
            decided=now,
            granted=MappingProxyType(dict(granted)),
            refused=MappingProxyType(dict(refused)),
            services=chosen,
            services_since=now if chosen else None,
        )._without_surplus(now)

    def remember(self, service: str, now: datetime) -> Consent:
        """One service is always loaded from now on; nothing else changes."""
        return replace(self, services=self.services | {service}, services_since=now)

    def identified(self, receipt: str, handle: str, now: datetime) -> Consent:
        """With a receipt where something is granted, and a handle where analytics is; both are
        kept if they are there already, a handle as long as it outlives what was granted: it is never
        prolonged. The arguments are fresh random values."""
        known = self
        if self.grants_anything and not self.receipt:
            known = replace(known, receipt=receipt)
        if "analytics" in self.granted and not self._has_lasting_handle(now):
            known = replace(known, handle=Handle(handle, now.date()))
        return known

    def _has_lasting_handle(self, now: datetime) -> bool:
        if self.handle is None:
            return False
        return HANDLE_LIFE.after(_midnight(self.handle.born, now)) >= REMEMBERED.after(self.decided or now)

    @property
    def grants_anything(self) -> bool:
        return bool(self.granted or self.services)

    def answers(self, purpose: str, revision: str) -> bool:
        """Whether the visitor has decided on a purpose as it is described now."""
        return revision in (self.granted.get(purpose), self.refused.get(purpose))

    def grants(self, purpose: str, revision: str) -> bool:
        return self.granted.get(purpose) == revision

    def _without_surplus(self, now: datetime) -> Consent:
        kept = self
        if self.handle and (
            "analytics" not in self.granted or HANDLE_LIFE.after(_midnight(self.handle.born, now)) <= now
        ):
            kept = replace(kept, handle=None)
        if self.receipt and not self.grants_anything:
            kept = replace(kept, receipt="")
        return kept


def _midnight(day: date, now: datetime) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=now.tzinfo)


NOTHING = Consent()
