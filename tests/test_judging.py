"""Addresses in headers: held until their owner is released, and measurement always."""

from __future__ import annotations

from datetime import datetime

import pytest

from consent_gateway.catalogue import Catalogue
from consent_gateway.consent import NOTHING, Consent
from consent_gateway.contacts import Judge
from consent_gateway.judging import judge
from consent_gateway.messages import Headers, Request
from consent_gateway.offer import offer
from consent_gateway.policy import Policy
from consent_gateway.policy_in_force import PolicyInForce
from consent_gateway.recognition import Recogniser
from consent_gateway.rendering import Rendering, templates_folder
from consent_gateway.site import Site
from consent_gateway.visit import Visit
from consent_gateway.visitor import Visitor

ALL = Consent(services=frozenset(("linkedin", "google-analytics")))


def judged(catalogue: Catalogue, now: datetime, consent: Consent) -> Judge:
    request = Request(
        method="GET", scheme="https", host="www.example.com", target="/a/", headers=Headers(), body=b""
    )
    known = offer(Site(), catalogue)
    rendering = Rendering(templates_folder(), ("en",), prefix="/.privacy")
    visit = Visit(
        request=request,
        visitor=Visitor.of(request),
        consent=consent,
        offer=known,
        site=Site(),
        catalogue=catalogue,
        language="en",
        now=now,
        policy=PolicyInForce(Policy(Site(), known, catalogue), "https", rendering),
    )
    return judge(visit, Recogniser(Site(), catalogue, ()))


@pytest.mark.parametrize(
    ("address", "before", "after"),
    [
        ("https://platform.linkedin.com/in.js", True, False),
        ("https://www.google-analytics.com/g/collect", True, True),
        ("//cdn.branch.io/x", True, True),
        ("/metrics/gtag/js?id=G-ABC123", True, True),
        ("/own.js", False, False),
        ("https://widgets.example.org/", False, False),
        ("https://[", False, False),
    ],
)
def test_what_is_released_is_held_no_more_but_measurement(
    catalogue: Catalogue, now: datetime, address: str, before: bool, after: bool
) -> None:
    assert judged(catalogue, now, NOTHING).held(address) is before
    assert judged(catalogue, now, ALL).held(address) is after


def test_reports_go_to_the_site_and_to_what_is_released_only(catalogue: Catalogue, now: datetime) -> None:
    before, after = judged(catalogue, now, NOTHING), judged(catalogue, now, ALL)
    assert not before.unreportable("/reports")
    assert before.unreportable("https://widgets.example.org/reports")
    assert before.unreportable("https://www.linkedin.com/r") and not after.unreportable(
        "https://www.linkedin.com/r"
    )
