"""The record of processing activities."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest

from consent_gateway.catalogue import Catalogue
from consent_gateway.record_of_processing import RecordOfProcessing
from tests.policies import EXAMPLE, in_force, without

SCHEMA = json.loads(files("consent_gateway").joinpath("record_of_processing.schema.json").read_text("utf-8"))


def record(text: str, catalogue: Catalogue, language: str = "en") -> dict[str, Any]:
    current = in_force(text, catalogue)
    made = RecordOfProcessing(current.policy, current.rendering.wording(language)).as_json(hash=current.hash)
    return dict(json.loads(json.dumps(made)))


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(
    "text", [EXAMPLE, without("services"), ""], ids=["example", "without services", "bare"]
)
def test_it_validates_against_its_schema(catalogue: Catalogue, text: str, language: str) -> None:
    """POL-08"""
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(SCHEMA)
    if not text and language == "de":
        text = '[site]\nlanguages = ["de"]\n'
    assert [
        error.message for error in Draft202012Validator(SCHEMA).iter_errors(record(text, catalogue, language))
    ] == []


def test_of_the_example_nothing_is_left_open(catalogue: Catalogue) -> None:
    """POL-08"""
    found = record(EXAMPLE, catalogue)
    assert found["controller"]["name"] == "Morgenrot Solar GmbH"
    for one in found["activities"]:
        assert one["legal_basis"] and one["data_subjects"] and one["data"] and one["erasure"], one["id"]
        for recipient in one["recipients"]:
            assert not recipient["third_countries"] or recipient["safeguard"], recipient
    assert any(measure.startswith("Backups are encrypted") for measure in found["measures"])


def test_it_is_said_in_the_words_of_the_policy(catalogue: Catalogue) -> None:
    found = {one["id"]: one for one in record(EXAMPLE, catalogue, "de")["activities"]}
    assert found["contracts"]["purpose"] == "Verträge schließen und erfüllen"
    assert found["contracts"]["data_subjects"][0] == "Kundinnen und Kunden"
    assert found["contracts"]["erasure"].startswith("8 Jahre nach dem Ende des Kalenderjahrs")
    assert found["credit"]["legitimate_interest"] == "keine Ware zu liefern, die nie bezahlt wird"
    assert found["media"]["recipients"] == [
        {
            "name": "Google Ireland Limited", "category": "YouTube", "role": "controller", "third_countries": ["US"],
            "safeguard": found["media"]["recipients"][0]["safeguard"],
        }
    ]  # fmt: skip
    assert "Vereinigte Staaten" in found["media"]["recipients"][0]["safeguard"]


def test_what_the_file_does_not_say_is_empty_and_not_made_up(catalogue: Catalogue) -> None:
    found = record('[processing.a]\npurpose = "contract"\n', catalogue)["activities"][0]
    assert (found["legal_basis"], found["data"], found["erasure"]) == ([], [], "")


def test_a_page_on_the_web_is_no_record_what_is_left_to_it_is_still_missing(catalogue: Catalogue) -> None:
    assert record(EXAMPLE, catalogue)["missing"] == []
    named = record('[policy]\nown_page = "/privacy"\n', catalogue)["missing"]
    assert "processing" in named and "controller.name" in named
