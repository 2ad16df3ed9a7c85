"""Whether the site behind answers, told by what became of visitors' requests to it: nothing else is asked for."""

from __future__ import annotations

MANY = 3  # failures in a row: one path at which the site breaks is not the site
LASTING = 10.0  # seconds without an answer
RECENT = 60.0  # seconds: of what was longer ago nothing is known

FAULT = "origin unreachable: the last requests to the site behind failed"


class OriginHealth:
    """Of the requests of one process; each `now` is in seconds of one clock that never goes back."""

    def __init__(self, now: float) -> None:
        self._failures = 0
        self._failed = self._answered = now

    def answered(self, now: float) -> None:
        self._failures, self._answered = 0, now

    def failed(self, now: float) -> None:
        self._failures, self._failed = self._failures + 1, now

    def is_failing(self, now: float) -> bool:
        """Whether only failures came of late. Ends by itself where nobody asks for anything."""
        if self._failures < MANY or now - self._failed > RECENT:
            return False
        return now - self._answered > LASTING
