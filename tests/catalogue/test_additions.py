"""A service that is added to the catalogue has an id and addresses of its own, and says what a built-in one says."""

from __future__ import annotations

import pytest

from consent_gateway.catalogue import Catalogue, Service
from consent_gateway.catalogue.additions import owner_of, wrong, wrong_id
from consent_gateway.datafile import parse
from tests.acme import SERVICE


def faults(catalogue: Catalogue, old: str = "", new: str = "") -> list[str]:
    assert old in SERVICE
    service = parse(SERVICE.replace(old, new) if old else SERVICE, Service, file="acme-reviews.toml")
    return [f"{'.'.join(key)}: {reason}" for key, reason in wrong(service, catalogue)]


def test_one_that_nobody_knows_fits(catalogue: Catalogue) -> None:
    assert faults(catalogue) == []
    assert wrong_id("acme-reviews", catalogue) == ""


def test_every_service_of_the_catalogue_would_fit_but_for_being_there_already(catalogue: Catalogue) -> None:
    own = ("purposes: must be one", "treatment: is for Google's measurement", "urls: ", "hosts: ")
    for id, service in catalogue.services.items():
        found = [".".join(key) + f": {reason}" for key, reason in wrong(service, catalogue)]
        assert [one for one in found if not one.startswith(own)] == [], id
        assert any("urls: " in one and " belongs to " in one for one in found), id


@pytest.mark.parametrize(
    ("id", "reason"),
    [
        ("youtube", "the catalogue has a service youtube already: YouTube"),
        ("audience-measurement", "the catalogue has a group audience-measurement: chartbeat"),
        ("media", "media is a purpose"),
        ("Acme", "not an id of small letters"),
        ("../acme", "not an id"),
    ],
)
def test_an_id_that_is_taken_or_none_is_refused(catalogue: Catalogue, id: str, reason: str) -> None:
    assert wrong_id(id, catalogue).startswith(reason)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('urls = ["*.acme', 'urls = ["www.youtube.com", "*.acme', "urls: www.youtube.com belongs to YouTube (youtube): *.youtube.com"),
        ('urls = ["*.acme', 'urls = ["*.youtube.com/embed/", "*.acme', "urls: *.youtube.com/embed/ belongs to YouTube (youtube)"),
        ('urls = ["*.acme', 'urls = ["cdn.accertify.com", "*.acme', "urls: cdn.accertify.com belongs to Accertify, a known tracker: *.accertify.com"),
        ('hosts = ["*.acme', 'hosts = ["*.accertify.com", "*.acme', "hosts: *.accertify.com would let through Accertify, a known tracker"),
        ('["functional"]', '["reviews"]', "purposes: not a purpose: reviews; there is analytics, media"),
        ('["functional"]', '["analytics_linking"]', "purposes: not a purpose: analytics_linking"),
        ('["functional"]', '["functional", "media"]', "purposes: must be one"),
        ('"placeholder"', '"measurement"', "treatment: is for Google's measurement"),
        ('"LV"', '"XX"', "controller.country: no country has the code 'XX'"),
        ('hosts = ["*.acme.example"]', "", "hosts: must name whom it contacts"),
        ('selectors = ["div.acme-reviews"]', "", "mounts.0.selectors: missing"),
        ("capture = '/frame/([0-9]+)'", "", "mounts.1.alternative: takes {1}"),
    ],
)  # fmt: skip
def test_what_does_not_go_with_the_catalogue_is_named_by_its_key(
    catalogue: Catalogue, old: str, new: str, fault: str
) -> None:
    [found] = faults(catalogue, old, new)
    assert found.startswith(fault)


def test_a_placeholder_needs_a_place(catalogue: Catalogue) -> None:
    bare = SERVICE.partition("[[mounts]]")[0]
    [(key, reason)] = wrong(parse(bare, Service, file="acme.toml"), catalogue)
    assert key == ("mounts",) and "floats" in reason
    floating = bare.replace('"placeholder"', '"placeholder"\nfloats = "chat"')
    assert list(wrong(parse(floating, Service, file="acme.toml"), catalogue)) == []


def test_fonts_of_others_may_be_needed_by_what_is_loaded(catalogue: Catalogue) -> None:
    assert faults(catalogue, 'hosts = ["', 'hosts = ["fonts.gstatic.com", "') == []


def test_a_pattern_is_somebodys_where_it_takes_an_address_of_his(catalogue: Catalogue) -> None:
    assert owner_of("www.google.com/recaptcha/", catalogue).startswith("Google reCAPTCHA")
    assert owner_of("www.google.com/search", catalogue) == ""
    assert owner_of("acme.example", catalogue) == ""
