"""How long requests are kept is the site file's word, or a stated default."""

from __future__ import annotations

from consent_gateway.datafile import parse
from consent_gateway.site import Site
from consent_gateway.subject_requests.retention import retention


def test_without_a_word_it_is_three_years_and_why() -> None:
    rule = retention(Site())
    assert str(rule.period) == "3 years" and "Art. 5(2)" in rule.ground


def test_the_site_file_says_otherwise() -> None:
    site = parse('[retention.requests]\nperiod = "1 year"\nground = "our rule"', Site, file="f")
    assert (str(retention(site).period), retention(site).ground) == ("1 year", "our rule")
