"""What is printed on an answer says what it does, in every language."""

from __future__ import annotations

import tomllib
from xml.etree.ElementTree import fromstring

import pytest

from consent_gateway.fairness import labels
from consent_gateway.rendering import templates_folder
from consent_gateway.site_values import LANGUAGES
from tests.fairness.conftest import BOTH, Judge, changed


def refused(value: str, label: str, language: str, template: str = "notice.html") -> bool:
    return list(labels.faults(value, label, template=template, language=language)) != []


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_labels_say_what_they_do_and_not_what_the_other_does(language: str) -> None:
    """BAN-15"""
    texts = tomllib.loads((templates_folder() / "wording" / f"{language}.toml").read_text("utf-8"))
    accept, reject = texts["notice"]["accept_all"], texts["notice"]["reject_all"]
    withdraw = texts["preferences"]["withdraw_all"]
    assert not refused("accept_all", accept, language)
    assert not refused("reject_all", reject, language)
    assert not refused("reject_all", withdraw, language, "preferences.html")
    assert refused("accept_all", reject, language)
    assert refused("reject_all", accept, language)
    assert refused("accept_all", withdraw, language)
    assert refused("reject_all", texts["preferences"]["back"], language)


@pytest.mark.parametrize(
    ("value", "label", "language"),
    [
        ("reject_all", "Maybe later", "en"), ("reject_all", "Continue", "en"), ("accept_all", "OK", "en"),
        ("accept_all", "Do not accept, reject", "en"), ("reject_all", "Withdraw everything", "en"),
        ("reject_all", "Plus tard", "fr"), ("accept_all", "Continuer sans accepter", "fr"),
        ("accept_all", "Не приемам", "bg"), ("accept_all", "Nesouhlasím", "cs"), ("accept_all", "Μόνο τα απαραίτητα", "el"),
    ],
)  # fmt: skip
def test_a_label_that_says_something_else_is_refused(value: str, label: str, language: str) -> None:
    """BAN-15"""
    assert refused(value, label, language)


@pytest.mark.parametrize(
    ("value", "label", "language"),
    [
        ("reject_all", "Only necessary cookies", "en"), ("reject_all", "Continue without accepting", "en"),
        ("reject_all", "Continuer sans accepter", "fr"), ("accept_all", "J'autorise tout", "fr"),
        ("reject_all", "Solo necesarias", "es"), ("reject_all", "Alleen noodzakelijke cookies", "nl"),
    ],
)  # fmt: skip
def test_a_label_in_other_words_is_the_operators_affair(value: str, label: str, language: str) -> None:
    assert not refused(value, label, language)


def test_characters_that_are_not_seen_are_not_words() -> None:
    assert labels.seen(fromstring("<b>\u200b\u2060\ufeff</b>")) == ""
    assert labels.seen(fromstring("<b>Ab\u00adlehnen <i>alle</i></b>")) == "Ablehnen alle"


@pytest.mark.parametrize("name", ["notice.html", "preferences.html"])
def test_labels_that_are_swapped_in_a_template_are_found(name: str, judge: Judge) -> None:
    """BAN-15"""
    found = judge(changed(name, "w.notice.accept_all", "w.notice.reject_all"), languages=BOTH)
    assert any(f"{name}: as shown in de: 'Alle ablehnen' does not say that it agrees" in one for one in found)


def test_an_answer_whose_words_are_not_seen_is_found(judge: Judge) -> None:
    """BAN-01"""
    found = judge(changed("notice.html", "{{ w.notice.reject_all }}", "&#8203;&#8288;"))
    assert any("notice.html: as shown in en: reject_all has no words" in fault for fault in found)


def test_a_label_in_the_wording_of_a_language_without_other_words_is_judged_there(judge: Judge) -> None:
    """BAN-15"""
    own = {"wording/fr.toml": '[notice]\nreject_all = "Plus tard"\n'}
    assert judge(own, languages=("fr",)) == [
        "wording/fr.toml:2: notice.reject_all: 'Plus tard' does not say that it refuses (EDPB Cookie Banner Taskforce, no. 8)"
    ]
