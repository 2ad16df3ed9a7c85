"""Wording that sways, hides its purpose or claims an interest is refused; ours passes."""

from __future__ import annotations

import re
import tomllib

import pytest

from consent_gateway.fairness import words
from consent_gateway.rendering import templates_folder
from tests.fairness.conftest import BOTH, Judge, changed

REFUSED = {
    "BAN-15 en agreeing that is not called so": ("en", 'accept_all = "Accept all"', 'accept_all = "Continue"', "notice.accept_all: 'Continue' does not say that it agrees"),
    "BAN-15 en shaming": ("en", 'reject_all = "Reject all"', "reject_all = \"No thanks, I don't like good websites\"", "notice.reject_all: "),
    "BAN-15 en praise": ("en", 'accept_all = "Accept all"', 'accept_all = "Accept all (recommended)"', "'recommended' is not neutral"),
    "BAN-07 en vague": ("en", 'text = "Advertising networks learn', 'text = "To improve your user experience. Advertising networks learn', "purposes.marketing.text: 'improve your user experience' names no purpose"),
    "BAN-12 en interest": ("en", 'intro = "On this website', 'intro = "On the ground of our legitimate interests, on this website', "'legitimate interests' is no ground"),
    "BAN-15 de refusing that is not called so": ("de", None, "Weiter", "notice.reject_all: 'Weiter' does not say that it refuses"),
    "BAN-15 de feelings": ("de", None, "Schade, alles ablehnen", "notice.reject_all: 'Schade' is not neutral"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_wording_that_is_not_neutral_is_refused_with_its_line(name: str, judge: Judge) -> None:
    language, old, new, reason = REFUSED[name]
    file = f"wording/{language}.toml"
    if old is None:
        label = tomllib.loads((templates_folder() / file).read_text("utf-8"))["notice"]["reject_all"]
        old, new = f'reject_all = "{label}"', f'reject_all = "{new}"'
    found = judge(changed(file, old, new), languages=BOTH)
    assert any(reason in fault for fault in found), found
    assert all(re.match(rf"{file}:\d+: ", fault) for fault in found), found


@pytest.mark.parametrize("file", sorted(words.FOLDER.glob("*.toml")), ids=lambda file: file.stem)
def test_our_own_wording_is_neutral(file: str) -> None:
    """BAN-07, BAN-12, BAN-15"""
    language = words.FOLDER.joinpath(file).stem
    texts = tomllib.loads((templates_folder() / "wording" / f"{language}.toml").read_text("utf-8"))
    assert list(words.faults(texts, language)) == []


def test_a_language_without_words_is_not_judged() -> None:
    assert list(words.faults({"notice": {"accept_all": "Tout accepter !"}}, "fr")) == []


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_list_is_of_regular_expressions_and_not_empty(language: str) -> None:
    for name, patterns in words.load(language):
        assert patterns, name
        for pattern in patterns:
            assert re.compile(pattern, re.I).search("x" * 40) is None, pattern


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "We use cookies for marketing purposes."), ("en", "To personalise content"), ("en", "Statistics and more"),
        ("de", "Zur Verbesserung des Nutzererlebnisses"), ("de", "Um unsere Website zu verbessern"), ("de", "Marketingzwecke"),
    ],
)  # fmt: skip
def test_purposes_that_supervisory_authorities_call_vague_are(language: str, sentence: str) -> None:
    """BAN-07"""
    assert list(words.faults({"purposes": {"marketing": {"text": sentence}}}, language))
