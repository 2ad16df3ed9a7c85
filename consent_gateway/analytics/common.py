"""What many visitors of a period have in common, and may therefore pass (CNIL measures M5 and M7).

Nothing is kept of who they are but a number of their pseudonym, and that until the period ends. Every
worker counts by itself: the more there are, the more has to be common.
"""

from __future__ import annotations

from zlib import crc32

MOST_VALUES = 20_000  # of a kind in a period; what comes after is not common


class Common:
    """Counts visitors per value, up to `enough`."""

    def __init__(self, enough: int) -> None:
        self._enough = enough
        self._period = 0
        self._visitors: dict[str, dict[str, frozenset[int]]] = {}

    def has(self, kind: str, value: str, visitor: str, period: int) -> bool:
        """Whether a value has been seen with enough visitors of the period, this one included."""
        if period > self._period:
            self._period, self._visitors = period, {}
        of_kind = self._visitors.setdefault(kind, {})
        known = of_kind.get(value, frozenset())
        if len(known) < self._enough and (known or len(of_kind) < MOST_VALUES):
            known = of_kind[value] = known | {crc32(visitor.encode())}
        return len(known) >= self._enough

    def nearest(self, kind: str, number: int, visitor: str, period: int) -> int | None:
        """The number itself where it is common, else the nearest that is; None where none is yet."""
        if self.has(kind, str(number), visitor, period):
            return number
        counted = self._visitors[kind].items()
        common = [int(value) for value, visitors in counted if len(visitors) >= self._enough]
        return min(common, key=lambda one: abs(one - number), default=None)
