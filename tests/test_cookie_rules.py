"""Which cookies of the site's own host pass."""

from __future__ import annotations

import tracemalloc
from collections.abc import Mapping
from types import SimpleNamespace

import pytest

from consent_gateway.catalogue import Catalogue
from consent_gateway.cookie_rules import OWN, RULES, CookieRules, Verdict, fault_of, is_kept_out

DECLARED = {"sid": "necessary", "wp_*": "functional", "wp_stat_*": "analytics", "wp_lang": "necessary", "_fbc": "marketing"}  # fmt: skip
NOTHING: Mapping[str, str] = {}


def verdict(
    catalogue: Catalogue, name: str, *, loads: str = "", grants: str = "", unlisted: str = "hold"
) -> Verdict:
    visitor = SimpleNamespace(loads=loads.split().__contains__, grants=grants.split().__contains__)
    return CookieRules(catalogue, DECLARED, unlisted).of(visitor)(name)


def test_every_rule_names_its_article() -> None:
    assert all(reason and ("GDPR" in article or "TDDDG" in article) for _, _, reason, article in RULES)


@pytest.mark.parametrize("unlisted", ["hold", "load"])
@pytest.mark.parametrize("name", sorted(OWN))
def test_the_gateways_own_are_nobody_elses(catalogue: Catalogue, name: str, unlisted: str) -> None:
    """CON-05"""
    assert verdict(catalogue, name, unlisted=unlisted) is Verdict.OURS


@pytest.mark.parametrize(
    "name",
    ["_ga", "_ga_ABC123", "_gid", "_gat", "_gat_UA-1", "_gac_UA-1-1", "FPID", "FPLC", "__utma", "AMP_TOKEN"],
)
def test_those_of_measurement_are_held_even_when_it_is_released(catalogue: Catalogue, name: str) -> None:
    """ANA-11"""
    every = " ".join(catalogue.services)
    assert verdict(catalogue, name, loads=every, grants="analytics", unlisted="load") is Verdict.HOLD


@pytest.mark.parametrize(
    ("name", "service"), [("_fbp", "meta-pixel"), ("_gcl_au", "google-ads"), ("FPAU", "google-ads")]
)
def test_those_of_other_services_are_held_until_theirs_is_released(
    catalogue: Catalogue, name: str, service: str
) -> None:
    for unlisted in ("hold", "load"):
        assert verdict(catalogue, name, unlisted=unlisted) is Verdict.HOLD
    assert verdict(catalogue, name, loads=service) is Verdict.ADMIT


@pytest.mark.parametrize(
    ("name", "grants", "outcome"),
    [
        ("sid", "", Verdict.ADMIT),
        ("wp_x", "", Verdict.HOLD),
        ("wp_x", "functional", Verdict.ADMIT),
        ("wp_stat_1", "functional", Verdict.HOLD),
        ("wp_stat_1", "analytics", Verdict.ADMIT),
        ("wp_lang", "", Verdict.ADMIT),
        ("_fbc", "", Verdict.HOLD),
        ("_fbc", "marketing", Verdict.ADMIT),
        ("_fbp", "marketing", Verdict.HOLD),
    ],
)
def test_a_declared_name_follows_its_purpose_and_the_closest_declaration(
    catalogue: Catalogue, name: str, grants: str, outcome: Verdict
) -> None:
    for unlisted in ("hold", "load"):
        assert verdict(catalogue, name, grants=grants, unlisted=unlisted) is outcome


@pytest.mark.parametrize(
    "name", ["PHPSESSID", "_g", "ga", "_gallery", "_gateway", "session", "lang", "", "cart", "sidx"]
)
def test_any_other_passes_under_load_and_is_held_under_hold(catalogue: Catalogue, name: str) -> None:
    assert verdict(catalogue, name, unlisted="load") is Verdict.ADMIT
    assert verdict(catalogue, name) is Verdict.UNDECLARED


@pytest.mark.parametrize(
    ("name", "purpose", "reason"),
    [
        ("_fbp", "necessary", "is a cookie of Meta Pixel, which cannot be necessary; give it the purpose marketing"),
        ("_fb*", "necessary", "also stands for _fbc, a cookie of Meta Pixel"),
        ("_ga_XYZ", "necessary", "Google Analytics"),
        ("_fbp", "functional", "cannot be functional"),
        ("*id", "necessary", "name it more closely"),
        ("privacy", "necessary", "the gateway's own cookie"),
        ("__Host-*", "functional", "the gateway's own cookie"),
    ],
)  # fmt: skip
def test_a_known_trackers_cookie_cannot_be_declared_for_what_it_is_not(
    catalogue: Catalogue, name: str, purpose: str, reason: str
) -> None:
    """BAN-12"""
    assert reason in fault_of(name, purpose, catalogue)


@pytest.mark.parametrize(("name", "purpose"), [("sid", "necessary"), ("wp-settings-*", "necessary"), ("_fbp", "marketing"), ("ab", "analytics"), ("csrftoken", "necessary"), ("__Host-session", "necessary")])  # fmt: skip
def test_anything_else_can_be_declared(catalogue: Catalogue, name: str, purpose: str) -> None:
    assert fault_of(name, purpose, catalogue) == ""


def test_what_never_passes_is_known_before_it_is_listed(catalogue: Catalogue) -> None:
    assert is_kept_out("_ga", catalogue) and is_kept_out("_ga_*", catalogue)
    assert not is_kept_out("_fbp", catalogue)


def test_names_that_a_visitor_makes_up_take_up_no_memory(catalogue: Catalogue) -> None:
    rules = CookieRules(catalogue, DECLARED, "hold")
    judge = rules.of(SimpleNamespace(loads=lambda service: False, grants=lambda purpose: False))
    tracemalloc.start()
    for number in range(50):
        assert judge(f"{number}{'x' * 50_000}") is Verdict.UNDECLARED
        assert judge(f"_ga_{'x' * 50_000}{number}") is not Verdict.ADMIT
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 500_000
