"""The terms in force: what a decision refers to, as a text."""

from __future__ import annotations

import json

from consent_gateway.catalogue import Catalogue
from consent_gateway.datafile import parse
from consent_gateway.offer import offer
from consent_gateway.site import Site
from consent_gateway.terms import terms

SITE = '[controller]\nname = "Example AG"\ncontact = "privacy@example.com"\n[services.youtube]\n'


def of(text: str, catalogue: Catalogue) -> str:
    site = parse(text, Site, file="site.toml")
    return terms(offer(site, catalogue), site)


def test_they_name_controller_purposes_and_recipients(catalogue: Catalogue) -> None:
    """CON-03"""
    read = json.loads(of(SITE, catalogue))
    assert read["controller"] == {"name": "Example AG", "contact": "privacy@example.com"}
    assert [purpose["id"] for purpose in read["purposes"]] == ["media"]
    assert read["purposes"][0]["revision"]
    youtube = read["purposes"][0]["services"][0]
    assert (youtube["id"], youtube["country"], youtube["third_countries"]) == ("youtube", "IE", ["US"])


def test_they_are_the_same_text_as_long_as_nothing_changes(catalogue: Catalogue) -> None:
    assert of(SITE, catalogue) == of(SITE, catalogue)
    assert of(SITE, catalogue) != of(f'{SITE}transfer = "By clauses."\n', catalogue)
