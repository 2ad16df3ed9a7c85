"""How long classes of data are kept, and why."""

from __future__ import annotations

from consent_gateway.catalogue import Catalogue
from consent_gateway.periods import Period
from consent_gateway.retention import DEFAULTS, kept, rule_of
from consent_gateway.site import Site
from tests.policies import EXAMPLE, site_of


def test_period_and_ground_are_those_of_the_site_file_or_stated_here(catalogue: Catalogue) -> None:
    """CON-13, POL-05"""
    site = site_of('[retention.consent]\nperiod = "2 years"\nground = "why"\n', catalogue)
    assert (rule_of(site, "consent").period, str(rule_of(site, "consent").ground)) == (
        Period(2, "year"),
        "why",
    )
    assert rule_of(site, "requests") == DEFAULTS["requests"]
    assert "Art. 7(1)" in str(rule_of(Site(), "consent").ground)


def test_the_gateways_own_come_first_and_say_whether_they_are_defaults(catalogue: Catalogue) -> None:
    found = kept(site_of(EXAMPLE, catalogue))
    assert [(one.id, one.is_default) for one in found[:4]] == [
        ("consent", False), ("requests", False), ("reports", True), ("books", False),
    ]  # fmt: skip
    assert [one.counts_from for one in found[:4]] == ["consent", "answer", "day", "year"]
    assert found[3].rule.statutory


def test_every_class_has_a_period_and_a_ground(catalogue: Catalogue) -> None:
    """POL-05"""
    for site in (Site(), site_of(EXAMPLE, catalogue)):
        assert all(one.rule.period.number and one.rule.ground for one in kept(site))
