"""What a class says of its fields."""

from __future__ import annotations

from consent_gateway.datafile import Table
from consent_gateway.reference.declared import said_of


class Above(Table):
    """Not of a field."""

    first: str = ""
    """What the first
    is for."""
    second: str = ""

    def third(self) -> str:
        """Not of a field."""
        return self.first


class Below(Above):
    second: str = ""
    """What the second is for."""


def test_it_is_the_text_below_each_field() -> None:
    assert said_of(Above) == {"first": "What the first is for."}


def test_inherited_fields_keep_theirs() -> None:
    assert said_of(Below) == {"first": "What the first is for.", "second": "What the second is for."}
