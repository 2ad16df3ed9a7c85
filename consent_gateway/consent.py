"""What a visitor has chosen, and the acts that change it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType

from consent_gateway.periods import Period

# DPC: consent at most six months; Garante, CNIL: ask again after six months at the earliest.
# Both hold with six calendar months, for grants and refusals alike.
REMEMBERED = Period(6, "month")
# CNIL audience measurement: a tracer lives thirteen months at most and is not prolonged.
HANDLE_LIFE = Period(13, "month")
# An objection outlives what it objects to as far as browsers let it: they keep a cookie for 400 days at most
# (RFC 6265bis 5.5).
OBJECTION_LIFE = Period(13, "month")

# Of decisions under a receipt. What takes something back begins the next thousand, and so is above every grant
# that another tab has under way (ledger/turns.py).
TURNS = 1000
LAST_TURN = 2**31 - 2  # an integer of PostgreSQL ends one above

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
    was at `decided`; `services` were granted one by one, at `services_since`; `earlier` has the time of
    each purpose and service that was decided before the latest. `express` were granted by a tick of their
    own. A refusal carries neither receipt nor handle. `turn` counts the decisions under a receipt: those
    before one that takes something back count no more.

    `restricted` is since when everything is blocked: what was granted stays as it is, and counts for
    nothing (GDPR Art. 18). `objected` is when advertising was objected to (Art. 21(2)).
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
    restricted: datetime | None = None
    objected: datetime | None = None

    def __post_init__(self) -> None:
        if self.granted.keys() & self.refused.keys():
            raise ValueError("a purpose cannot be both granted and refused")

    def valid(self, now: datetime) -> Consent:
        """The same without what has expired by `now`, and without answers that are dated after it. What
        protects holds wherever a clock lags behind the one that has dated it."""
        times = {
            id: time
            for id, time in self._times.items()
            if time <= now and not _expired(time, REMEMBERED, now)
        }
        lasting = replace(
            self,
            # By then everything that was granted before it has expired as well.
            restricted=None if _expired(self.restricted, REMEMBERED, now) else self.restricted,
            objected=None if _expired(self.objected, OBJECTION_LIFE, now) else self.objected,
        )
        return lasting._dated(
            times,
            granted={id: revision for id, revision in self.granted.items() if id in times},
            refused={id: revision for id, revision in self.refused.items() if id in times},
            services=self.services & times.keys(),
        )._without_surplus(now)

    def decide(
        self,
        *,
        granted: Mapping[str, str],
        refused: Mapping[str, str],
        services: Iterable[str],
        now: datetime,
        kept: Iterable[str] = (),
        express: Iterable[str] = (),
    ) -> Consent:
        """Every purpose asked about is granted or refused, the others stay as they are; services are
        granted one by one, beside those that are `kept` as they are."""
        asked, chosen = granted.keys() | refused.keys(), frozenset(services)
        others = self._dated(
            self._times,
            granted={id: revision for id, revision in self.granted.items() if id not in asked},
            refused={id: revision for id, revision in self.refused.items() if id not in asked},
            services=self.services & frozenset(kept),
        )
        return (
            replace(others, express=others.express | frozenset(express))
            ._dated(
                others._times | dict.fromkeys(asked | chosen, now),
                granted={**others.granted, **granted},
                refused={**others.refused, **refused},
                services=others.services | chosen,
            )
            ._without_surplus(now)
        )

    def as_offered(self, revisions: Mapping[str, str]) -> Consent:
        """The same without answers to what is no longer asked, or is described otherwise by now."""
        return self._dated(
            self._times,
            granted=dict(self.granted.items() & revisions.items()),
            refused=dict(self.refused.items() & revisions.items()),
            services=self.services,
        )

    def objecting(self, purposes: Iterable[str]) -> Consent:
        """The same for a browser that objects to these purposes: none is granted without a tick of its
        own (GDPR Art. 21(5))."""
        return self._refusing(self.granted.keys() & set(purposes) - self.express, self.services, {})

    def object_to(self, purposes: Iterable[str], services: Iterable[str], now: datetime) -> Consent:
        """The same after an objection to these purposes and all `services` that serve them: nothing of them
        stays granted, by whatever act it was (GDPR Art. 21(3))."""
        ended = self.granted.keys() & set(purposes)
        after = self._refusing(ended, self.services - set(services), {})._without_surplus(now)
        return replace(after, objected=now)

    def restrict(self, now: datetime) -> Consent:
        """Everything is blocked from now on; what was granted stays as it is (GDPR Art. 18)."""
        return replace(self, restricted=self.restricted or now)

    def lift(self) -> Consent:
        """What was blocked counts again as it did before."""
        return replace(self, restricted=None)

    def remember(self, service: str, now: datetime) -> Consent:
        """One service is always loaded from now on; nothing else changes."""
        return self._refusing((), self.services | {service}, {service: now})

    def switch_off(
        self, service: str, purposes: Iterable[str], others: Iterable[str], now: datetime
    ) -> Consent:
        """One service is not loaded any more (GDPR Art. 7(3)). Where it was released by its `purposes`, those
        are refused; the `others` they had released stay so, one by one, and for no longer than before."""
        ended = self.granted.keys() & set(purposes)
        since = min((self._times[id] for id in ended), default=now)
        kept = dict.fromkeys(set(others) - self.services, since) if ended else {}
        return self._refusing(ended, (self.services | kept.keys()) - {service}, kept)._without_surplus(now)

    def identified(self, receipt: str, handle: str, now: datetime, *, ends: bool = False) -> Consent:
        """With a receipt where something is granted, and a handle where analytics is; both are
        kept if they are there already, a handle as long as it outlives what was granted: it is never
        prolonged. The arguments are fresh random values; `ends` if older cookies are to count no more."""
        known = self
        if self.grants_anything:
            turn = next_thousand(self.turn) if ends and self.receipt else self.turn + 1
            known = replace(known, receipt=self.receipt or receipt, turn=min(turn, LAST_TURN))
        if "analytics" in self.granted and not self._has_lasting_handle(now):
            known = replace(known, handle=Handle(handle, now.date()))
        return known

    def _has_lasting_handle(self, now: datetime) -> bool:
        if self.handle is None:
            return False
        granted = self.time_of("analytics") or now
        return HANDLE_LIFE.after(_midnight(self.handle.born, now)) >= REMEMBERED.after(granted)

    @property
    def grants_anything(self) -> bool:
        return bool(self.granted or self.services)

    def answers(self, purpose: str, revision: str) -> bool:
        """Whether the visitor has decided on a purpose as it is described now."""
        return revision in (self.granted.get(purpose), self.refused.get(purpose))

    def agreed(self, purpose: str, revision: str) -> bool:
        """Whether a purpose was granted as it is described now, blocked or not."""
        return self.granted.get(purpose) == revision

    def grants(self, purpose: str, revision: str) -> bool:
        return self.restricted is None and self.agreed(purpose, revision)

    def time_of(self, id: str) -> datetime | None:
        """When a purpose was decided or a service granted; None for what is neither."""
        return self._times.get(id)

    @property
    def _times(self) -> dict[str, datetime]:
        latest = {
            **dict.fromkeys((*self.granted, *self.refused), self.decided),
            **dict.fromkeys(self.services, self.services_since),
        }
        return {id: time for id, last in latest.items() if (time := self.earlier.get(id, last))}

    def _refusing(
        self, purposes: Collection[str], services: Iterable[str], times: Mapping[str, datetime]
    ) -> Consent:
        """With some of what is granted refused instead, at the time it was decided."""
        return self._dated(
            {**self._times, **times},
            granted={id: revision for id, revision in self.granted.items() if id not in purposes},
            refused={**self.refused, **{id: self.granted[id] for id in purposes}},
            services=services,
        )

    def _dated(
        self,
        times: Mapping[str, datetime],
        *,
        granted: Mapping[str, str],
        refused: Mapping[str, str],
        services: Iterable[str],
    ) -> Consent:
        """With these answers and services, each of its own time."""
        released = frozenset(services)
        decided = max((times[id] for id in (*granted, *refused) if id in times), default=None)
        since = max((times[id] for id in released if id in times), default=None)
        latest = {**dict.fromkeys((*granted, *refused), decided), **dict.fromkeys(released, since)}
        return replace(
            self,
            decided=decided,
            granted=MappingProxyType(dict(granted)),
            refused=MappingProxyType(dict(refused)),
            earlier=MappingProxyType(
                {id: times[id] for id in latest if times.get(id) not in (None, latest[id])}
            ),
            express=self.express & granted.keys(),
            services=released,
            services_since=since,
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


def _expired(since: datetime | None, period: Period, now: datetime) -> bool:
    return since is not None and period.after(since) <= now


def _midnight(day: date, now: datetime) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=now.tzinfo)


def next_thousand(turn: int) -> int:
    """The turn of what ends all up to this one."""
    return (turn // TURNS + 1) * TURNS


NOTHING = Consent()
