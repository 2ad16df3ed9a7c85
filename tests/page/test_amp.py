"""An AMP component is known by its name, and goes where its service is."""

from __future__ import annotations

import pytest

from consent_gateway.catalogue import Catalogue
from consent_gateway.page.amp import COMPONENTS, address_of, named_by
from consent_gateway.urls import resolve
from tests.services_pages import rewritten


def test_a_component_is_looked_up_by_name() -> None:
    assert address_of(" AMP-YouTube ") == "https://www.youtube.com/embed/"
    assert address_of("amp-carousel") is None


@pytest.mark.parametrize("component", sorted(COMPONENTS))
def test_every_address_is_one(component: bytes) -> None:
    assert resolve(COMPONENTS[component], "https://www.example.com/")


def test_the_script_of_a_component_is_its_services(catalogue: Catalogue) -> None:
    script = (
        b'<script async custom-element="amp-youtube" src="https://cdn.example/v0/amp-youtube.js"></script>'
    )
    assert b'data-privacy-service="youtube"' in rewritten(catalogue, script)
    assert rewritten(catalogue, script, released=frozenset(("youtube",))) == script
    carousel = script.replace(b"amp-youtube", b"amp-carousel")
    assert rewritten(catalogue, carousel) == carousel


def test_statistics_of_amp_go_straight_to_google_and_are_never_loaded(catalogue: Catalogue) -> None:
    script = b'<script async custom-element="amp-analytics" src="https://cdn.example/v0/a.js"></script>'
    released = rewritten(catalogue, script, released=frozenset(("google-analytics",)))
    assert b"https://cdn.example" not in released


@pytest.mark.parametrize(
    ("element", "attributes", "goes"),
    [
        (b"amp-analytics", {"type": " GTAG "}, True),
        (b"amp-analytics", {"type": "googleanalytics"}, True),
        (b"amp-analytics", {"type": "matomo"}, False),
        (b"meta", {"name": "amp-google-client-id-api", "content": "googleanalytics"}, True),
        (b"meta", {"name": "keywords", "content": "googleanalytics"}, False),
    ],
)
def test_an_element_may_name_google_by_a_word(element: bytes, attributes: dict[str, str], goes: bool) -> None:
    assert (named_by(element, lambda name: attributes.get(name, "")) is not None) is goes
