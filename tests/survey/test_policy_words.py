"""What links to a privacy policy are called."""

from __future__ import annotations

import pytest

from consent_gateway.site_values import LANGUAGES
from consent_gateway.survey.policy_words import BY_LANGUAGE, weight


def test_every_language_of_the_gateway_has_words_in_lower_case() -> None:
    assert BY_LANGUAGE.keys() == {*LANGUAGES}
    assert all(word == word.lower() for words in BY_LANGUAGE.values() for word in words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_is_known_in_each_of_them(language: str) -> None:
    assert all(weight(word.capitalize(), "/x") > 0 for word in BY_LANGUAGE[language])


def test_the_name_itself_tells_more_than_a_word_in_a_sentence_and_that_more_than_a_path() -> None:
    named = weight("Datenschutzerklärung", "/ds")
    spoken = weight("Was wir für Ihren Datenschutz tun", "/blog")
    pathed = weight("", "/de/datenschutz.html")
    assert named > spoken > pathed > 0


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("Impressum", "/impressum"),
        ("Data", "/data"),
        ("Our blog", "/privacy"),
        (
            "Ein langer Absatz, in dem auch einmal das Wort Datenschutz vorkommt, weil er von vielem handelt",
            "/",
        ),
    ],
)
def test_another_matter_is_none(words: str, path: str) -> None:
    assert weight(words, path) == 0
