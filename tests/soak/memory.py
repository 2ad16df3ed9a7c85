"""Whether a process that answers for long keeps more and more of it."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FEWEST = 5000  # pages in the second half of a run, below which nothing is said of it
MOST = 500.0  # bytes that a process may keep of each page, whoever answered it; 7 were measured, and a page has 9000
NOISE = 32e6  # bytes that it may grow whatever the pages: a heap does not grow evenly
_COMPARED = 100  # samples


@dataclass(frozen=True)
class Sample:
    """What was answered until then, and what each process (by its number) has for itself: its unique set size in bytes."""

    pages: int
    sizes: Mapping[int, int]

    @property
    def total(self) -> int:
        return sum(self.sizes.values())


def growth(samples: Sequence[Sample]) -> dict[int, float]:
    """Bytes a page by which each process grew that was there for the whole second half; none for a run that is too short.

    The median of the slopes between any two samples (Theil-Sen): a backlog that comes and goes does not count."""
    half = samples[len(samples) // 2 :]
    if len(half) < 2 or half[-1].pages - half[0].pages < FEWEST:
        return {}
    some = half[:: -(-len(half) // _COMPARED)]
    there = set.intersection(*(set(sample.sizes) for sample in half))
    return {process: _slope([(one.pages, one.sizes[process]) for one in some]) for process in there}


def _slope(points: Sequence[tuple[int, int]]) -> float:
    pairs = itertools.combinations(points, 2)
    return statistics.median([(b - a) / (x - w) for (w, a), (x, b) in pairs if x > w] or [0.0])


def grows(samples: Sequence[Sample]) -> bool:
    """Whether one keeps more than it may."""
    found = growth(samples)
    pages = samples[-1].pages - samples[len(samples) // 2].pages if found else 0
    return any(slope > MOST and slope * pages > NOISE for slope in found.values())
