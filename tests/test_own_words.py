"""What the operator says in words of his own."""

from __future__ import annotations

import pytest

from consent_gateway.own_words import NOTHING_SAID, OwnWords

BOTH = {"en": "Backups", "de": "Sicherungen"}


def test_one_text_is_for_every_language() -> None:
    said = OwnWords.of(" Backups ")
    assert said.in_language("de") == ("Backups", "")
    assert said.lacks(("en", "de")) == ()
    assert (said.word, said.as_json(), str(said)) == ("Backups", "Backups", "Backups")


def test_each_language_has_its_own_and_another_is_named_where_there_is_none() -> None:
    said = OwnWords.of(BOTH)
    assert said.in_language("de") == ("Sicherungen", "")
    assert said.in_language("fr") == ("Backups", "en")
    assert said.lacks(("en", "de", "fr")) == ("fr",)
    assert (said.word, said.as_json()) == ("", BOTH)


def test_nothing_is_nothing() -> None:
    assert not NOTHING_SAID
    assert (NOTHING_SAID.in_language("de"), NOTHING_SAID.lacks(("de",))) == (("", ""), ())
    assert (NOTHING_SAID.as_json(), str(NOTHING_SAID)) == ("", "")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("  ", "must be a text in quotes, or one for each language"),
        (5, "must be a text in quotes, or one for each language"),
        ({}, "must be a text in quotes, or one for each language"),
        ({"xx": "a"}, "no wording for 'xx'"),
        ({"de": ""}, "de: must be a text in quotes"),
        ({"de": 1}, "de: must be a text in quotes"),
    ],
)
def test_anything_else_is_refused_with_the_reason(value: object, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        OwnWords.of(value)


def test_words_are_taken_as_they_are() -> None:
    assert OwnWords.of(OwnWords.of(BOTH)) == OwnWords.of(BOTH)
