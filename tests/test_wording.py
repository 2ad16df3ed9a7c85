"""Every language has every sentence, or nothing starts."""

from __future__ import annotations

from pathlib import Path
from shutil import copyfile

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
    assert wording["error_titles"].keys() == wording["error"].keys() - {"detail", "framed"}


def changed(tmp_path: Path, old: str, new: str) -> Path:
    (tmp_path / "wording").mkdir()
    text = (FOLDER / "wording" / "de.toml").read_text("utf-8")
    assert old in text
    (tmp_path / "wording" / "de.toml").write_text(text.replace(old, new), "utf-8")
    copyfile(FOLDER / "wording" / "en.toml", tmp_path / "wording" / "en.toml")
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
        (
            "Alle ablehnen",
            "Alle ablehnen }",
            "notice.reject_all: has a brace that belongs to no blank",
        ),
        ('reject_all = "Alle ablehnen"', 'reject_all = "Nein"\nless = "x"', "notice.less: no such sentence"),
    ],
)
def test_a_sentence_that_is_missing_or_wrong_is_named(tmp_path: Path, old: str, new: str, fault: str) -> None:
    with pytest.raises(Faulty) as raised:
        load([changed(tmp_path, old, new)], ("en", "de"))
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


def test_a_number_of_things_is_said_in_every_form_of_the_language(tmp_path: Path) -> None:
    (tmp_path / "wording").mkdir()
    english = (FOLDER / "wording" / "en.toml").read_text("utf-8")
    for language in ("en", "pl"):
        (tmp_path / "wording" / f"{language}.toml").write_text(english, "utf-8")
    with pytest.raises(Faulty) as raised:
        load([tmp_path], ("pl",))
    assert "notice.more.few: this sentence is missing" in str(raised.value)


def test_an_operator_changes_single_sentences(tmp_path: Path) -> None:
    (tmp_path / "wording").mkdir()
    (tmp_path / "wording" / "en.toml").write_text('[notice]\nheading = "Our cookies"\n')
    wording = load([FOLDER, tmp_path], ("en",))["en"]
    assert wording["notice"]["heading"] == "Our cookies"
    assert wording["notice"]["reject_all"] == "Reject all"


def test_both_written_forms_of_norwegian_get_the_one_there_is() -> None:
    assert choose(("nn", "de"), ("de", "no")) == "no"
