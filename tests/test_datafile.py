"""Data files are checked when they are read, and every fault is named with its place."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest

from consent_gateway.datafile import Faulty, Field, PeriodField, Table, Unreadable, line_of, parse, read
from consent_gateway.periods import Period


class Inner(Table):
    names: tuple[str, ...] = ()
    kept: PeriodField = Period(1, "day")


class Outer(Table):
    inner: Inner = Inner()
    word: Literal["one", "two"] = "one"
    some: int = Field(default=5, ge=2, le=9)
    text: str = Field(default="x", min_length=1)
    many: dict[str, Inner] = Field(default_factory=dict)
    number: int = 3


def test_lists_become_tuples_and_periods_are_read() -> None:
    value = parse('number = 4\n[inner]\nnames = ["a"]\nkept = "2 months"', Outer, file="f")
    assert value == Outer(number=4, inner=Inner(names=("a",), kept=Period(2, "month")))


def test_every_fault_is_named_with_file_line_key_and_reason() -> None:
    text = 'number = "4"\nother = 1\n[inner]\nnames = ["a", 3]\n[many.x]\nkept = "2 moons"\n'
    with pytest.raises(Faulty) as raised:
        parse(text, Outer, file="site.toml")
    assert sorted(str(fault) for fault in raised.value.faults) == [
        "site.toml:1: number: must be a whole number",
        "site.toml:2: other: unknown key",
        "site.toml:4: inner.names.1: must be a string in quotes",
        "site.toml:6: many.x.kept: not a period: '2 moons'; write for example '1 day' or '6 months'",
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("word = 'three'", 'must be "one" or "two"'),
        ("word = 1", 'must be "one" or "two"'),
        ("some = 1", "must be 2 or more"),
        ("some = 10", "must be 9 or less"),
        ("some = 2.5", "must be a whole number"),
        ("text = ''", "must not be empty"),
        ("text = 2", "must be a string in quotes"),
        ("inner = 2", "must be a table"),
        ("many = []", "must be a table"),
    ],
)
def test_a_reason_is_in_words_for_whoever_wrote_the_file(line: str, reason: str) -> None:
    with pytest.raises(Faulty) as raised:
        parse(line, Outer, file="f")
    assert str(raised.value) == f"f:1: {line.partition(' ')[0]}: {reason}"


def test_faults_come_in_the_order_of_their_lines() -> None:
    with pytest.raises(Faulty) as raised:
        parse("text = ''\nother = 1\nword = 1\nsome = 1\n[inner]\nnames = 3\n", Outer, file="f")
    assert [fault.line for fault in raised.value.faults] == [1, 2, 3, 4, 6]


def test_a_name_with_a_dot_is_found_and_shown_as_it_is_written() -> None:
    with pytest.raises(Faulty, match=r'^f:3: many\."a\.b"\.names: must be a list'):
        parse('[many.a]\n[many."a.b"]\nnames = 3\n', Outer, file="f")


def test_what_is_not_toml_is_unreadable_and_says_where() -> None:
    with pytest.raises(Unreadable) as raised:
        parse("a = \n", Outer, file="site.toml")
    assert str(raised.value).startswith("site.toml:1: not TOML:")


def test_a_missing_file_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="No such file"):
        read(tmp_path / "none.toml", Outer)


def test_bytes_that_are_not_utf_8_are_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "latin.toml"
    path.write_bytes(b'a = "\xe4"')
    with pytest.raises(Unreadable, match="not UTF-8 at byte 5"):
        read(path, Outer)


def test_a_value_cannot_be_changed_after_it_was_read() -> None:
    with pytest.raises(Exception, match="frozen"):
        Outer().number = 5  # type: ignore[misc]


def test_the_line_of_a_missing_key_is_that_of_its_table() -> None:
    assert line_of("a = 1\n[t]\nb = 2\n", ["t", "missing"]) == 2
    assert line_of("a = 1\n", ["t"]) is None
