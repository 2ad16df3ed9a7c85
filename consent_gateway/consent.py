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

    `granted` and `refused` map a purpose to the revision of what was shown when it was decided, which
    was at `decided`, or before if `earlier` says so; `express` were granted by a tick of their own,
    `services` one by one. A refusal carries neither receipt nor handle. `turn` counts the decisions under
    a receipt: an earlier one counts no more.
    """

    decided: datetime | None = None
    granted: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    earlier: Mapping[str, datetime] = field(default_factory=dict)
    express: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    services_since: datetime | None = None
    receipt: str = ""
    turn: int = 0
    handle: Handle | None = None

    def __post_init__(self) -> None:
        if self.granted.keys() & self.refused.keys():
            raise ValueError("a purpose cannot be both granted and refused")

    def valid(self, now: datetime) -> Consent:
        """The same without what has expired by `now`, or is dated after it."""
        kept = self._of({purpose for purpose in self._answered if _holds(self._time_of(purpose), now)})
        if not _holds(kept.services_since, now):
            kept = replace(kept, services=frozenset(), services_since=None)
        return kept._without_surplus(now)

    def decide(
        self,
        *,
        granted: Mapping[str, str],
        refused: Mapping[str, str],
        services: Iterable[str],
        now: datetime,
        express: Iterable[str] = (),
    ) -> Consent:
        """Every purpose asked about is granted or refused, the others stay as they are; services are
        granted one by one."""
        chosen = frozenset(services)
        others = self._of(self._answered - granted.keys() - refused.keys())
        unchanged = chosen == self.services and others._answered
        return replace(
            others,
            decided=now,
            granted=MappingProxyType({**others.granted, **granted}),
            refused=MappingProxyType({**others.refused, **refused}),
            earlier=MappingProxyType({id: time for id in others._answered if (time := self._time_of(id))}),
            express=others.express | (frozenset(express) & granted.keys()),
            services=chosen,
            services_since=(self.services_since if unchanged else now) if chosen else None,
        )._without_surplus(now)

    def as_offered(self, revisions: Mapping[str, str]) -> Consent:
        """The same without answers to what is no longer asked, or is described otherwise by now."""
        return self._of({id for id in self._answered if self.answers(id, revisions.get(id, ""))})

    def objecting(self, purposes: Iterable[str]) -> Consent:
        """The same for a browser that objects to these purposes: none is granted without a tick of its
        own (GDPR Art. 21(5))."""
        objected = self.granted.keys() & set(purposes) - self.express
        if not objected:
            return self
        granted = {id: revision for id, revision in self.granted.items() if id not in objected}
        refused = {**self.refused, **{id: self.granted[id] for id in objected}}
        return replace(self, granted=MappingProxyType(granted), refused=MappingProxyType(refused))

    def remember(self, service: str, now: datetime) -> Consent:
        """One service is always loaded from now on; nothing else changes."""
        return replace(self, services=self.services | {service}, services_since=now)

    def identified(self, receipt: str, handle: str, now: datetime) -> Consent:
        """With a receipt where something is granted, and a handle where analytics is; both are
        kept if they are there already, a handle as long as it outlives what was granted: it is never
        prolonged. The arguments are fresh random values."""
        known = self
        if self.grants_anything:
            known = replace(known, receipt=self.receipt or receipt, turn=self.turn + 1)
        if "analytics" in self.granted and not self._has_lasting_handle(now):
            known = replace(known, handle=Handle(handle, now.date()))
        return known

    def _has_lasting_handle(self, now: datetime) -> bool:
        if self.handle is None:
            return False
        granted = self._time_of("analytics") or now
        return HANDLE_LIFE.after(_midnight(self.handle.born, now)) >= REMEMBERED.after(granted)

    @property
    def grants_anything(self) -> bool:
        return bool(self.granted or self.services)

    def answers(self, purpose: str, revision: str) -> bool:
        """Whether the visitor has decided on a purpose as it is described now."""
        return revision in (self.granted.get(purpose), self.refused.get(purpose))

    def grants(self, purpose: str, revision: str) -> bool:
        return self.granted.get(purpose) == revision

    @property
    def _answered(self) -> set[str]:
        return {*self.granted, *self.refused}

    def _time_of(self, purpose: str) -> datetime | None:
        return self.earlier.get(purpose, self.decided)

    def _of(self, purposes: set[str]) -> Consent:
        """The same with the answers to these purposes only."""
        if purposes and purposes == self._answered:
            return self
        times = {id: time for id in purposes if (time := self._time_of(id))}
        latest = max(times.values(), default=None)
        return replace(
            self,
            decided=latest,
            granted=MappingProxyType({id: self.granted[id] for id in self.granted if id in purposes}),
            refused=MappingProxyType({id: self.refused[id] for id in self.refused if id in purposes}),
            earlier=MappingProxyType({id: time for id, time in times.items() if time != latest}),
            express=self.express & purposes,
        )

    def _without_surplus(self, now: datetime) -> Consent:
        kept = self
        if self.handle and (
            "analytics" not in self.granted or HANDLE_LIFE.after(_midnight(self.handle.born, now)) <= now
        ):
            kept = replace(kept, handle=None)
        if self.receipt and not self.grants_anything:
            kept = replace(kept, receipt="", turn=0)
        return kept


def _holds(decided: datetime | None, now: datetime) -> bool:
    return decided is not None and decided <= now < REMEMBERED.after(decided)


def _midnight(day: date, now: datetime) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=now.tzinfo)


NOTHING = Consent()
