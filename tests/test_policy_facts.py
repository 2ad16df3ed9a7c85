"""The policy for machines: what a decision refers to, as a text."""

from __future__ import annotations

import json
from typing import Any

import pytest

from consent_gateway.catalogue import Catalogue
from consent_gateway.policy_facts import facts, text_of
from tests.policies import EXAMPLE, policy_of, without

SITE = '[controller]\nname = "Example AG"\ncontact = "privacy@example.com"\n[services.youtube]\n'


def of(text: str, catalogue: Catalogue, wording: str = "w") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        text_of(facts(policy_of(text, catalogue), scheme="https", wording=wording))
    )
    return found


def test_they_name_controller_purposes_and_recipients(catalogue: Catalogue) -> None:
    """CON-03"""
    read = of(SITE, catalogue)
    assert read["controller"] == {"name": "Example AG", "contact": "privacy@example.com"}
    assert [purpose["id"] for purpose in read["purposes"]] == ["media"]
    assert read["purposes"][0]["revision"]
    youtube = read["purposes"][0]["services"][0]
    assert (youtube["id"], youtube["country"], youtube["third_countries"]) == ("youtube", "IE", ["US"])
    assert youtube["role"] == "controller"
    assert "controller.address" in read["missing"]


def test_they_are_the_same_text_as_long_as_nothing_changes(catalogue: Catalogue) -> None:
    assert of(SITE, catalogue) == of(SITE, catalogue)
    assert of(SITE, catalogue) != of(f'{SITE}transfer = "By clauses."\n', catalogue)
    assert of(SITE, catalogue) != of(SITE, catalogue, wording="other sentences")


@pytest.mark.parametrize(
    "table",
    [
        "processing",
        "recipients.bank",
        "sources",
        "measures",
        "retention",
        "cookies",
        "services.zoom",
        "policy",
    ],
)
def test_whatever_the_policy_says_is_among_them(catalogue: Catalogue, table: str) -> None:
    whole, part = of(EXAMPLE, catalogue), of(without(table), catalogue)
    assert {key for key in whole if whole[key] != part[key]} - {"missing"}


def test_nothing_of_the_example_is_missing_and_every_class_of_data_is_told(catalogue: Catalogue) -> None:
    read = of(EXAMPLE, catalogue)
    assert read["missing"] == []
    assert read["analytics"] == {"rotation": "1 day"}
    assert {"data": "books", "period": "8 years", "counts_from": "year", "statutory": True}.items() <= next(
        one for one in read["retention"] if one["data"] == "books"
    ).items()
    assert read["measures"]["operator"]["backups"]["de"].startswith("Sicherungen")
