"""Values grouped and counted."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

Item = TypeVar("Item")
Key = TypeVar("Key", bound=Hashable)


def grouped(items: Iterable[Item], key: Callable[[Item], Key]) -> dict[Key, list[Item]]:
    """The items by their keys, each in the order of its first."""
    groups: dict[Key, list[Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups


def distinct(items: Iterable[Item]) -> tuple[Item, ...]:
    """Each once, in the order of their first time; nothing that is empty."""
    return tuple(dict.fromkeys(one for one in items if one))
