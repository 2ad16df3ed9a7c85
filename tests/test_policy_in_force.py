"""The policy that is in force, by its hash."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from consent_gateway import policy_page
from consent_gateway.catalogue import Catalogue
from consent_gateway.rendering import OF_POLICY
from tests.policies import EXAMPLE, in_force, without


def test_it_goes_by_the_hash_of_its_facts(catalogue: Catalogue) -> None:
    """POL-03"""
    current = in_force(EXAMPLE, catalogue)
    assert current.hash == hashlib.sha256(current.text.encode()).hexdigest()
    assert current.hash == in_force(EXAMPLE, catalogue).hash
    assert current.hash != in_force(EXAMPLE.replace("14 days", "15 days"), catalogue).hash


def test_without_a_list_of_services_it_is_no_version_by_itself(catalogue: Catalogue) -> None:
    assert in_force(EXAMPLE, catalogue).is_to_be_kept
    assert not in_force(without("services"), catalogue).is_to_be_kept


def test_only_words_that_stand_in_it_make_another(catalogue: Catalogue) -> None:
    """POL-03"""
    digests = {}
    for section in ("transfers", "request_mail"):
        current = in_force(EXAMPLE, catalogue)
        for language, wording in current.rendering.wordings.items():
            words = {**wording.texts, section: {**wording[section], next(iter(wording[section])): "Other."}}
            current.rendering.wordings[language] = replace(wording, texts=words)
        digests[section] = current.rendering.policy_digest
    digest = in_force(EXAMPLE, catalogue).rendering.policy_digest
    assert digests["request_mail"] == digest != digests["transfers"]


class Asked(dict[str, Any]):
    """The sections of a wording, and which of them are asked for."""

    def __init__(self, texts: Mapping[str, Any]) -> None:
        super().__init__(texts)
        self.sections: set[str] = set()

    def __getitem__(self, section: str) -> Any:
        self.sections.add(section)
        return super().__getitem__(section)


@pytest.mark.parametrize("text", [EXAMPLE, without("services"), ""])
def test_every_word_that_stands_in_it_makes_another(catalogue: Catalogue, text: str) -> None:
    """POL-03"""
    current = in_force(text, catalogue)
    rendering = current.rendering
    wording = rendering.wording("en")
    asked = Asked(wording.texts)
    rendering.wordings["en"] = replace(wording, texts=asked)
    policy_page.text(current.policy, rendering, "en", scheme="https")
    assert "policy" in asked.sections and asked.sections <= {*OF_POLICY}
