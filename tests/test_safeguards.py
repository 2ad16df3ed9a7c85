"""Why data may go abroad is said alike on the policy page, in "your data" and in the record of processing."""

from __future__ import annotations

import html

import pytest

from consent_gateway import safeguards
from consent_gateway.catalogue import Catalogue
from consent_gateway.offer import offer
from consent_gateway.record_of_processing import RecordOfProcessing
from tests.policies import EXAMPLE, in_force, site_of


@pytest.mark.parametrize("language", ["en", "de"])
def test_of_every_service_page_and_values_say_the_same(catalogue: Catalogue, language: str) -> None:
    rendering = in_force(EXAMPLE, catalogue).rendering
    every = offer(site_of("", catalogue), catalogue, catalogue.services).services.values()
    said = {}
    for one in every:
        page = html.unescape(rendering.render("_transfer.html", language, offered=one)).strip()
        said[one.id] = safeguards.of_service(one, rendering.wording(language)["transfers"], language)
        assert page == said[one.id], one.id
    assert len({*said.values()}) > 3 and said["telegram"]


def test_the_record_of_processing_says_it_too(catalogue: Catalogue) -> None:
    current = in_force(f"{EXAMPLE}\n[services.accessibe]\n[services.telegram]\n", catalogue)
    wording = current.rendering.wording("en")
    record = RecordOfProcessing(current.policy, wording).as_json(hash="")
    recorded = {
        one["category"]: one["safeguard"]
        for activity in record["activities"]
        for one in activity["recipients"]
    }
    for one in current.policy.offer.services.values():
        assert recorded[one.service.name] == safeguards.of_service(one, wording["transfers"], "en")


def test_who_gets_data_within_the_eea_only_is_recorded_without_a_safeguard(catalogue: Catalogue) -> None:
    text = EXAMPLE.replace("[recipients.hosting]", '[recipients.hosting]\ntransfer = "adequacy"', 1)
    current = in_force(text, catalogue)
    record = RecordOfProcessing(current.policy, current.rendering.wording("en")).as_json(hash="")
    names = current.policy.recipients["hosting"].name
    (found,) = {
        one["safeguard"]
        for activity in record["activities"]
        for one in activity["recipients"]
        if one["name"] == names
    }
    assert found == ""
