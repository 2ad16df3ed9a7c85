"""A rule of fairness: what is looked for, and where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, ParamSpec

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Rule(Generic[P]):
    """`find` gives each reason for which something must not be shown, `article` is what the rule comes from."""

    find: Callable[P, Iterator[str]]
    article: str

    def broken(self, *args: P.args, **kwargs: P.kwargs) -> Iterator[str]:
        """Each reason, with its article."""
        for reason in self.find(*args, **kwargs):
            yield f"{reason} ({self.article})"
