"""Every language has every sentence, or nothing starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from consent_gateway.datafile import Faulty, Unreadable
from consent_gateway.rendering import templates_folder
from consent_gateway.site_values import LANGUAGES
from consent_gateway.wording import choose, load

FOLDER = templates_folder()


def test_every_language_that_can_be_chosen_is_complete() -> None:
    assert set(load([FOLDER], LANGUAGES)) == set(LANGUAGES)


def test_every_error_has_a_title_of_its_own() -> None:
    wording = load([FOLDER], ("en",))["en"]
    assert wording["error_titles"].keys() == wording["error"].keys() - {"detail"}


def changed(tmp_path: Path, old: str, new: str) -> Path:
    (tmp_path / "wording").mkdir()
    text = (FOLDER / "wording" / "de.toml").read_text("utf-8")
    assert old in text
    (tmp_path / "wording" / "de.toml").write_text(text.replace(old, new), "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('reject_all = "Alle ablehnen"', "", "notice.reject_all: this sentence is missing"),
        ('reject_all = "Alle ablehnen"', 'reject_all = " "', "notice.reject_all: this sentence is missing"),
        (
            "{service} laden",
            "Dienst laden",
            "placeholder.activate: must contain these blanks and no other: {service}",
        ),
        ('reject_all = "Alle ablehnen"', 'reject_all = "Nein"\nmore = "x"', "notice.more: no such sentence"),
    ],
)
def test_a_sentence_that_is_missing_or_wrong_is_named(tmp_path: Path, old: str, new: str, fault: str) -> None:
    with pytest.raises(Faulty) as raised:
        load([FOLDER, changed(tmp_path, old, new)], ("en", "de"))
    assert f"wording/de.toml: {fault}" in str(raised.value)


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(Unreadable, match=r"wording/xx\.toml"):
        load([FOLDER], ("xx",))


def test_the_first_language_wanted_that_there_is_is_chosen() -> None:
    assert choose(("fr", "de", "en"), ("en", "de")) == "de"
    assert choose(("fr",), ("en", "de")) == "en"
    assert choose((), ("de", "en")) == "de"


def test_labels_are_neutral_and_found_by_those_who_look_for_them() -> None:
    wordings = load([FOLDER], ("en", "de"))
    assert wordings["en"]["notice"]["reject_all"] == "Reject all"
    assert wordings["de"]["notice"]["reject_all"] == "Alle ablehnen"
