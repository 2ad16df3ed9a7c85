"""The values of a key in words."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest

from consent_gateway.datafile import Field, PeriodField, Table, Written
from consent_gateway.own_words import NOTHING_SAID, WordsField
from consent_gateway.periods import Period
from consent_gateway.reference.values import allowed, default, named, without_article

Host = Annotated[str, Written("host", "hosts")]


class Example(Table):
    flag: bool = True
    number: int = Field(default=5, ge=1, le=9)
    least: int = Field(default=5, ge=1)
    any_number: int = 3
    text: str
    word: Literal["", "a", "b", "c"] = "a"
    maybe: Literal["a"] | None = None
    period: PeriodField = Period(1, "day")
    narrower: Annotated[PeriodField, Written("a day")] = Period(1, "day")
    hosts: tuple[Host, ...] = ("a", "b", "c", "d", "e")
    texts: tuple[str, ...] = ()
    words: WordsField = NOTHING_SAID
    wordless: bytes = b""
    several_wordless: tuple[int, ...] = ()


@pytest.mark.parametrize(
    ("key", "what", "unsaid"),
    [
        ("flag", "`true` or `false`", "`true`"),
        ("number", "whole number, 1 to 9", "`5`"),
        ("least", "whole number, 1 or more", "`5`"),
        ("any_number", "whole number", "`3`"),
        ("text", "text", ""),
        ("word", '`"a"`, `"b"` or `"c"`', '`"a"`'),
        ("maybe", '`"a"`', ""),
        ("period", 'period such as `"6 months"`', '`"1 day"`'),
        ("narrower", "a day", '`"1 day"`'),
        ("hosts", "list of hosts", '`["a", "b", …, "e"]`'),
        ("texts", "list of texts", "`[]`"),
        ("words", "[words](#words)", ""),
    ],
)
def test_a_type_and_its_default_are_told_as_one_writes_them(key: str, what: str, unsaid: str) -> None:
    field = Example.model_fields[key]
    assert (allowed(field), default(field)) == (what, unsaid)


@pytest.mark.parametrize("key", ["wordless", "several_wordless"])
def test_a_type_without_words_is_an_error(key: str) -> None:
    with pytest.raises(LookupError, match="no words for"):
        allowed(Example.model_fields[key])


def test_a_name_of_a_table_is_told_where_it_cannot_be_any() -> None:
    assert (named(Host), named(str)) == ("host", "")


def test_an_article_at_the_end_stands_by_itself() -> None:
    assert without_article("Name (in full), and why (GDPR Art. 13(1)(a), (b)).") == (
        "Name (in full), and why.",
        "GDPR Art. 13(1)(a), (b)",
    )
    assert without_article("Name (in full).") == ("Name (in full).", "")
