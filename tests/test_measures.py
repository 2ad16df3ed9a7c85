"""What the gateway itself does to protect data, as far as it is configured."""

from __future__ import annotations

import pytest

from consent_gateway.catalogue import Catalogue
from consent_gateway.measures import MEASURES, measures
from consent_gateway.site import Site
from tests.policies import EXAMPLE, site_of


def test_the_example_has_all_of_them(catalogue: Catalogue) -> None:
    assert measures(site_of(EXAMPLE, catalogue)) == [id for id, _ in MEASURES]


@pytest.mark.parametrize(
    ("text", "lacking"),
    [
        ("", {"listed", "cookies", "https"}),
        ('[third_parties]\nunlisted = "hold"\n', {"https"}),
        ('[site]\nscheme = "https"\n[services.youtube]\n', {"listed", "cookies", "pseudonyms"}),
    ],
)
def test_none_is_promised_that_is_not_switched_on(catalogue: Catalogue, text: str, lacking: set[str]) -> None:
    """POL-07"""
    site = site_of(text, catalogue) if text else Site()
    assert {id for id, _ in MEASURES} - set(measures(site)) == lacking
