"""Periods as the site file writes them: "1 day", "6 months", "3 years"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dateutil.relativedelta import relativedelta

UNITS = ("second", "minute", "hour", "day", "week", "month", "year")


@dataclass(frozen=True, slots=True)
class Period:
    """A number of calendar units; months and years follow the calendar."""

    number: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> Period:
        """Raises ValueError for anything but a positive number and a unit."""
        match = re.fullmatch(r"(\d{1,6}) (\w+?)s?", text.strip())
        if not match or match[2] not in UNITS or int(match[1]) == 0:
            raise ValueError(f"not a period: {text!r}; write for example '1 day' or '6 months'")
        return cls(int(match[1]), match[2])

    def after(self, moment: datetime) -> datetime:
        return moment + self._delta()

    def before(self, moment: datetime) -> datetime:
        return moment - self._delta()

    def seconds_from(self, moment: datetime) -> int:
        return int((self.after(moment) - moment).total_seconds())

    def _delta(self) -> relativedelta:
        arguments: dict[str, Any] = {f"{self.unit}s": self.number}
        return relativedelta(**arguments)

    def __str__(self) -> str:
        return f"{self.number} {self.unit}{'' if self.number == 1 else 's'}"
