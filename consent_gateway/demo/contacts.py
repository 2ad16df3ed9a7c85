"""The record of what has reached stand-ins, by the page that asked for it."""

from __future__ import annotations

from collections import Counter, deque
from typing import NamedTuple

KEPT = 5000  # requests


class Contact(NamedTuple):
    """One request. `page` is the host of the page that asked, empty where nothing tells it."""

    number: int
    page: str
    host: str


class Contacts:
    """What was asked for, numbered, so that a view can be shown what came after it began."""

    def __init__(self) -> None:
        self.latest = 0
        self._kept: deque[Contact] = deque(maxlen=KEPT)

    def record(self, page: str, host: str) -> None:
        self.latest += 1
        self._kept.append(Contact(self.latest, page, host))

    def of(self, page: str, since: int = 0) -> dict[str, int]:
        """How often each host was asked on behalf of a page after the number `since`. What cannot be attributed
        counts for every page: no number looks better than it is."""
        found = (one for one in self._kept if one.number > since and one.page in (page, ""))
        return dict(sorted(Counter(one.host for one in found).items()))
