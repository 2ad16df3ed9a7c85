"""Which key signs, which verify, which are needed no more; and what is no secret."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from consent_gateway.key_entries import KeyEntry, encoded, in_order, superseded

NOW = datetime(2026, 11, 29, tzinfo=UTC)
SECRET = encoded(bytes(range(32)))


def entry(id: str, age: timedelta | None) -> KeyEntry:
    return KeyEntry.of(id, SECRET, None if age is None else NOW - age)


OLD = timedelta(days=400)


@pytest.mark.parametrize(
    ("ages", "order"),
    [
        ([None], "0"),
        ([None, None], "01"),
        ([OLD, timedelta(minutes=5)], "01"),
        ([OLD, timedelta(seconds=5)], "10"),
        ([timedelta(seconds=5)], "0"),
        ([timedelta(seconds=9), timedelta(seconds=5)], "10"),
        ([OLD, OLD, timedelta(seconds=5), timedelta(seconds=2)], "0231"),
    ],
)
def test_the_newest_settled_key_signs(ages: list[timedelta | None], order: str) -> None:
    """CON-11"""
    entries = [entry(str(number), age) for number, age in enumerate(ages)]
    assert "".join(key.id for key in in_order(entries, NOW)) == order


def test_a_key_is_superseded_seven_months_after_the_next_was_made() -> None:
    entries = [
        entry("a", OLD),
        entry("b", timedelta(days=214)),
        entry("c", timedelta(days=200)),
        entry("d", OLD),
    ]
    assert [one.key.id for one in superseded(entries[:3], NOW)] == ["a"]
    assert superseded(entries[:1], NOW) == []


@pytest.mark.parametrize("secret", [bytes(32), b"secret" * 8, b"k" * 40])
def test_what_is_not_random_is_no_secret(secret: bytes) -> None:
    """CON-11"""
    with pytest.raises(ValueError, match="not random"):
        KeyEntry.of("a", encoded(secret))
