"""What a strict check refuses although it can be served."""

from __future__ import annotations

import pytest

from consent_gateway import strictness
from consent_gateway.catalogue import Catalogue
from tests.policies import site_of

STRICT = """
[site]
hosts = ["www.solarhof.de"]
[controller]
name = "Solarhof"
contact = "info@solarhof.de"
[third_parties]
unlisted = "hold"
[analytics]
properties = ["G-9XK2V7QW1"]
[services.google-analytics]
"""
OPEN = """
[policy]
draft = true
[third_parties]
local_stand_ins = true
[analytics]
script_url = "http://127.0.0.1:1"
collect_url = "http://127.0.0.1:1"
[notify]
smtp = "smtp://mail.solarhof.de"
to = "info@solarhof.de"
plain = true
"""


def keys(text: str, catalogue: Catalogue) -> list[str]:
    return [".".join(one.key) for one in strictness.warned(site_of(text, catalogue))]


def test_a_strict_file_has_nothing_and_an_open_one_each_row(catalogue: Catalogue) -> None:
    assert keys(STRICT, catalogue) == []
    rows = [".".join(row[0]) for row in strictness.OF_SITE]
    rows.remove("third_parties.services")  # of a file beside it: test_own_services.py
    assert keys(OPEN, catalogue) == rows


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("www.solarhof.de", "www.example.com", "site.hosts"),
        ("info@solarhof.de", "privacy@solarhof.example", "controller.contact"),
        ("G-9XK2V7QW1", "G-DEMO2026", "analytics.properties"),
        ('name = "Solarhof"', 'name = "Hof, 00000 Musterstadt"', "controller.name"),
    ],
)
def test_what_was_copied_from_an_example_is_named(catalogue: Catalogue, old: str, new: str, key: str) -> None:
    assert keys(STRICT.replace(old, new), catalogue) == [key]


def test_of_a_copied_fact_it_is_said_once_what_gives_it_away(catalogue: Catalogue) -> None:
    text = STRICT.replace('"www.solarhof.de"', '"a.solarhof.example", "b.solarhof.example", "example.com"')
    (only,) = strictness.warned(site_of(text, catalogue))
    assert only.reason == (
        "`.example` is a reserved domain (RFC 2606), `example.com` is reserved for examples (RFC 2606)"
    )


def test_names_that_only_look_like_examples_are_left_alone(catalogue: Catalogue) -> None:
    assert (
        keys(STRICT.replace("solarhof.de", "example-solar.de").replace("Solarhof", "Test GmbH"), catalogue)
        == []
    )


@pytest.mark.parametrize(
    ("hosts", "first_party", "named"),
    [
        ('["www.shop.co.uk"]', '["cdn.shop.co.uk", "*.shop.co.uk", "static"]', []),
        ('["www.shop.co.uk"]', '["other.co.uk"]', ["other.co.uk"]),
        ('["www.shop.de", "shop.com:8443"]', '["img.shop.com"]', []),
        ("[]", '["other.co.uk"]', []),
    ],
)
def test_hosts_of_other_domains_are_named_where_the_sites_domains_are_known(
    catalogue: Catalogue, hosts: str, first_party: str, named: list[str]
) -> None:
    site = site_of(f"[site]\nhosts = {hosts}\n[third_parties]\nfirst_party = {first_party}\n", catalogue)
    assert [one.reason.split()[0] for one in strictness.on_other_domains(site)] == named
