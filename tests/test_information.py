"""What Art. 15(1) and (2) GDPR want to be told is told, from the values by which the gateway works."""

from __future__ import annotations

from datetime import datetime

from consent_gateway.information import information
from tests.asking import Asking, consented
from tests.conftest import MakeGateway

SITE = """
[controller]
name = "Example AG"
contact = "privacy@example.com"
supervisory_authority = "Musterbehörde"
[retention.consent]
period = "3 years"
ground = "Art. 7(1) GDPR"
[services.google-analytics]
[services.youtube]
[services.zoom]
transfer = "in our own words"
"""


def test_prc_02_everything_that_art_15_names_is_there(make_gateway: MakeGateway, now: datetime) -> None:
    gateway = make_gateway(SITE)
    cookie = consented(gateway, now, purpose=["analytics", "media", "webinars"])
    visit = gateway._visit(Asking(gateway, now, cookie=cookie).request("GET", "/"), now)
    told = information(gateway._rendering, visit, ["google-analytics", "youtube", "zoom"])
    assert (
        told["controller"]["name"] == "Example AG" and told["controller"]["contact"] == "privacy@example.com"
    )
    assert [text for text in told["purposes"] if text.startswith("Statistics: ")]
    assert "an identifier from which pseudonyms are made" in told["categories"]
    by_name = {one["service"]: one for one in told["recipients"]}
    assert by_name["Google Analytics"]["pseudonymous"] and not by_name["YouTube"]["pseudonymous"]
    assert (
        by_name["YouTube"]["country"] == "Ireland"
        and "United States" in by_name["YouTube"]["third_countries"]
    )
    assert "standard contractual clauses" in by_name["YouTube"]["transfer"]
    assert by_name["Zoom"]["transfer"] == "in our own words"
    periods = {row["what"]: (row["period"], row["ground"]) for row in told["storage"]}
    assert periods["records of your consent, after the consent has ended"] == ("3 years", "Art. 7(1) GDPR")
    assert [period for period, _ in periods.values()] == [
        "6 months",
        "13 months",
        "13 months",
        "1 day",
        "3 years",
    ]
    assert len(told["rights"]) == 7 and "or with Musterbehörde" in told["complaint"]
    assert told["source"] and "no automated" in told["automated_decisions"]


def test_prc_02_who_has_agreed_to_no_statistics_is_told_of_no_pseudonym(
    make_gateway: MakeGateway, now: datetime
) -> None:
    gateway = make_gateway()
    cookie = consented(gateway, now, purpose=["media"])
    visit = gateway._visit(Asking(gateway, now, cookie=cookie).request("GET", "/"), now)
    told = information(gateway._rendering, visit, [])
    assert not [text for text in told["categories"] if "pseudonym" in text]
    assert [row["period"] for row in told["storage"]] == ["6 months", "13 months", "4 years"]
    assert told["recipients"] == [] and "data protection authority" in told["complaint"]
