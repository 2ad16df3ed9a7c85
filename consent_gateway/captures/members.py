"""Members of JSON that somebody else wrote: read as what they should be, or as nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


class Members:
    """The members of a JSON object, whatever stands there."""

    def __init__(self, value: object) -> None:
        self._members: dict[str, Any] = value if isinstance(value, dict) else {}

    def text(self, name: str) -> str:
        """The member if it is a text, else an empty one."""
        value = self._members.get(name)
        return value if isinstance(value, str) else ""

    def has_text(self, name: str) -> bool:
        return isinstance(self._members.get(name), str)

    def has_number(self, name: str) -> bool:
        value = self._members.get(name)
        return isinstance(value, int | float) and not isinstance(value, bool)

    def number(self, name: str) -> int:
        """The member as an integer; 0 for none, and for what is no number."""
        try:
            return int(self._members.get(name) or 0)
        except (TypeError, ValueError, OverflowError):
            return 0

    def within(self, name: str) -> Members:
        return Members(self._members.get(name))

    def each(self, name: str) -> Iterator[Members]:
        values = self._members.get(name)
        return (Members(value) for value in values) if isinstance(values, list) else iter(())

    def pairs(self, name: str) -> Iterator[tuple[str, str]]:
        """A list of objects with name and value, or of pairs."""
        values = self._members.get(name)
        for value in values if isinstance(values, list) else ():
            if isinstance(value, list) and len(value) == 2 and all(isinstance(one, str) for one in value):
                yield value[0], value[1]
            elif isinstance(value, dict) and isinstance(value.get("name"), str):
                text = value.get("value")
                yield value["name"], text if isinstance(text, str) else ""
