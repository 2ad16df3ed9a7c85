"""Whom an address belongs to, and what was decided, in a line that can be read."""

from __future__ import annotations

from datetime import datetime

import pytest

from consent_gateway.third_parties import ThirdParty, third_party
from consent_gateway.urls import resolve
from tests.asking import Asking, consented
from tests.conftest import MakeGateway

HOLD = '[third_parties]\nunlisted = "hold"\nfirst_party = ["cdn.example.net"]'


def found(make: MakeGateway, now: datetime, url: str, site: str = "", **form: list[str]) -> ThirdParty | None:
    gateway = make(site, own_list="||listed.example^")
    cookie = consented(gateway, now, **form) if form else ""
    asking = Asking(gateway, now, cookie=cookie)
    address = resolve(url, "https://www.example.com/")
    assert address
    return third_party(gateway.visit(asking.request("GET", "/"), now), gateway.recogniser, address)


@pytest.mark.parametrize(
    ("url", "site", "said"),
    [
        ("https://www.linkedin.com/embed/feed/1", "", "LinkedIn (social_media): hold, nothing was decided, TDDDG § 25(1)"),
        ("https://www.youtube.com/embed/a", "[services.linkedin]", "YouTube (media): hold, not in the operator's list of services, GDPR Art. 25(2)"),
        ("https://listed.example/a", "", "listed.example: hold, in a list of the operator's, GDPR Art. 25(2)"),
        ("https://a.test/x", HOLD, "a.test: hold, not in the operator's list of services, GDPR Art. 25(2)"),
        ("https://a.test/x", "", "a.test: load, nobody has declared it, and the site file lets that pass, GDPR Art. 24"),
    ],
)  # fmt: skip
def test_it_is_named_with_purpose_decision_reason_and_article(
    make_gateway: MakeGateway, now: datetime, url: str, site: str, said: str
) -> None:
    assert str(found(make_gateway, now, url, site)) == said


def test_a_known_tracker_is_named_by_its_company(make_gateway: MakeGateway, now: datetime) -> None:
    known = make_gateway().catalogue.known.hosts
    pattern, tracker = next(one for one in known if not one[0].rest)
    one = found(make_gateway, now, f"https://{pattern.host}/x")
    assert one and (one.kind, one.name) == ("tracker", tracker.company)
    assert "a known tracker loads for nobody" in str(one)


def test_a_choice_decides(make_gateway: MakeGateway, now: datetime) -> None:
    one = found(make_gateway, now, "https://www.youtube.com/embed/a", purpose=["media"])
    assert one and one.decision.loads and one.decision.reason == "the visitor has granted its purpose"


def test_the_site_itself_is_nobody_else(make_gateway: MakeGateway, now: datetime) -> None:
    assert found(make_gateway, now, "https://www.example.com/a", HOLD) is None
    assert found(make_gateway, now, "https://cdn.example.net/a", HOLD) is None
