"""Sessions as the gateway counts them: the browser keeps no cookie of Google's that could."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

# What Google counts as one session ends after half an hour without a hit
# (https://support.google.com/analytics/answer/9191807).
INACTIVE = timedelta(minutes=30)
# A session keeps the pseudonym it began with; at some point it has to let go of the period before.
LONGEST = timedelta(hours=6)
ENGAGED = timedelta(seconds=10)
ENGAGED_PAGES = 2
MOST_COUNTED = 5  # sessions of a period: more would single out who comes often
MOST_PROPERTIES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A visit to the site. `period` is the start of the period it began in (Unix seconds), `number`
    counts the sessions of that period, `begun` names the properties that have had a hit in it."""

    start: datetime
    last: datetime
    period: int
    number: int = 1
    pages: int = 0
    engaged: bool = False
    begun: frozenset[str] = frozenset()

    def starts_for(self, property: str) -> bool:
        """Whether the hit at hand is the property's first in this session."""
        return property not in self.begun

    def counted(self, *, pages: int, engaged: bool) -> Session:
        """With the page views of a hit; `engaged` is what the browser says."""
        seen = self.pages + pages
        lasting = self.last - self.start >= ENGAGED
        return replace(self, pages=seen, engaged=self.engaged or engaged or lasting or seen >= ENGAGED_PAGES)

    def begun_for(self, property: str) -> Session:
        """After a hit of the property."""
        full = len(self.begun) >= MOST_PROPERTIES
        return self if full else replace(self, begun=self.begun | {property})


def follow(known: Session | None, now: datetime, *, period: int, previous: int) -> Session:
    """The session a hit belongs to: the known one while it lasts, else a new one. Over the change of
    a period it goes on under the pseudonym of the one before, and under none older."""
    if known and known.period in (period, previous) and _lasts(known, now):
        return replace(known, last=max(known.last, now))
    number = known.number + 1 if known and known.period == period else 1
    return Session(start=now, last=now, period=period, number=min(number, MOST_COUNTED))


def _lasts(known: Session, now: datetime) -> bool:
    # Workers' clocks differ by a little: a hit may seem to come from just before the last.
    return now - known.last < INACTIVE and -INACTIVE < now - known.start < LONGEST
