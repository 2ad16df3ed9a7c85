"""Text of strangers in TOML."""

from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from consent_gateway.survey.toml_text import LONGEST_COMMENT, comment, key, table, text, texts

ANYTHING = st.text(st.characters(codec="utf-8"))


@given(ANYTHING)
def test_whatever_somebody_is_called_stays_one_string_on_one_line(said: str) -> None:
    line = f"a = {text(said)}"
    assert len(line.splitlines()) == 1
    assert tomllib.loads(line) == {"a": said}


@given(ANYTHING, ANYTHING)
def test_keys_and_tables_hold_it_too(name: str, said: str) -> None:
    assert tomllib.loads(f"[x.{key(name)}]\na = {table([(name, said)])}\nb = {texts([said, name])}\n") == {
        "x": {name: {"a": {name: said}, "b": [said, name]}}
    }


@given(ANYTHING)
def test_a_comment_ends_with_its_line_and_is_one_that_can_be_read(said: str) -> None:
    written = comment(said)
    assert tomllib.loads(f"a = 1 # {written}\nb = 2\n") == {"a": 1, "b": 2}
    assert len(written) <= LONGEST_COMMENT and len(f"# {written}".splitlines()) == 1


def test_nothing_in_it_moves_the_cursor_or_turns_the_direction_of_reading() -> None:
    said = "a\x1b[2J\u202eb\u2028c\x00\x7f\ud800"
    assert comment(said) == "a [2J b c"
    assert text(said).isprintable() and "\u202e" not in text(said)


def test_plain_names_are_bare_keys() -> None:
    assert (key("sid"), key("connect.sid"), key("")) == ("sid", '"connect.sid"', '""')
