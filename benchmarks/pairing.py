"""Two things measured in turn, and how they compare: the machine's weather of a round is on both alike."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True)
class Pair:
    """Measures of both, round by round."""

    ours: Sequence[float]
    other: Sequence[float]

    @property
    def ratios(self) -> list[float]:
        """NaN where the other is nothing."""
        return [one / two if two else math.nan for one, two in zip(self.ours, self.other, strict=True)]


def paired(ours: Callable[[], float], other: Callable[[], float], rounds: int) -> Pair:
    """Both in every round, in turn first; a round before the first is not counted."""
    measures: tuple[list[float], list[float]] = ([], [])
    for number in range(-1, rounds):
        found = {}
        for which in (0, 1) if number % 2 else (1, 0):
            found[which] = (ours, other)[which]()
        if number >= 0:
            measures[0].append(found[0])
            measures[1].append(found[1])
    return Pair(*measures)


def spread(measures: Sequence[float]) -> tuple[float, float, float]:
    """Median, lower and upper quartile."""
    if len(measures) < 2:
        return (measures[0],) * 3
    lower, _, upper = quantiles(measures, n=4, method="inclusive")
    return median(measures), lower, upper


def table(unit: str, names: tuple[str, str], rows: Iterable[tuple[str, Pair]]) -> str:
    """A row for each pair: median and quartiles of both, and of the ratio within each round."""
    heads = (*(f"{name}, {unit}" if unit else name for name in names), "ratio")
    lines = [f"{'median (quartiles)':<28}" + "".join(f"{head:>30}" for head in heads)]
    for name, pair in rows:
        cells = (_cell(measures) for measures in (pair.ours, pair.other, pair.ratios))
        lines.append(f"{name:<28}" + "".join(f"{cell:>30}" for cell in cells))
    return "\n".join(lines)


def _cell(measures: Sequence[float]) -> str:
    if any(math.isnan(one) for one in measures):
        return "–"
    middle, lower, upper = spread(measures)
    return f"{middle:.3f} ({lower:.3f}–{upper:.3f})"
