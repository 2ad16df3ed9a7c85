"""What was dropped, counted by name: bounded, and without names that could say something of a person."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

MOST = 500  # names; what comes beyond is counted together
OTHERS = "(others)"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,39}")


class Tally:
    """Counts names. `counts` is what was counted so far."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def add(self, found: Mapping[str, int]) -> list[str]:
        """Counts these; returns the names that were not known before."""
        new = []
        for name, number in found.items():
            known = name in self.counts
            if not known and (len(self.counts) >= MOST or not _NAME.fullmatch(name)):
                name = OTHERS
            elif not known:
                new.append(name)
            self.counts[name] += number
        return new
