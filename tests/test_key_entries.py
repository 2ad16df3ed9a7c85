"""Which key signs, which verify, which are needed no more; and what is no secret."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from consent_gateway.consent import HANDLE_LIFE, OBJECTION_LIFE, REMEMBERED
from consent_gateway.key_entries import SETTLES, KeyEntry, encoded, in_order, superseded
from consent_gateway.periods import Period

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


def test_a_key_is_superseded_fourteen_months_after_the_next_was_made() -> None:
    entries = [
        entry("a", timedelta(days=500)),
        entry("b", timedelta(days=427)),
        entry("c", timedelta(days=420)),
        entry("d", OLD),
    ]
    assert [one.key.id for one in superseded(entries[:3], NOW)] == ["a"]
    assert superseded(entries[:1], NOW) == []


@pytest.mark.parametrize("life", [REMEMBERED, OBJECTION_LIFE, HANDLE_LIFE])
def test_prc_07_a_key_is_kept_as_long_as_anything_it_has_signed_is_remembered(life: Period) -> None:
    """Until its successor is settled a key still signs."""
    entries = [entry("a", OLD), entry("b", timedelta(0))]
    last_signed = NOW + SETTLES
    assert superseded(entries, life.after(last_signed)) == []


@pytest.mark.parametrize("secret", [bytes(32), b"secret" * 8, b"k" * 40])
def test_what_is_not_random_is_no_secret(secret: bytes) -> None:
    """CON-11"""
    with pytest.raises(ValueError, match="not random"):
        KeyEntry.of("a", encoded(secret))
