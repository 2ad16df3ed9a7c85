"""The table of endpoints says what is passed on: hits and scripts of Analytics, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from consent_gateway.analytics.endpoints import Action, Endpoints, load
from consent_gateway.datafile import Faulty, parse

RECORDED = [
    json.loads(line) for line in (Path(__file__).parent / "hits.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize(
    ("path", "action"),
    [
        ("/g/collect", Action.FILTER), ("/ag/g/c", Action.FILTER), ("/gtag/js", Action.SCRIPT), ("/g/s/collect", Action.ANSWER),
        ("/x/stats.g.doubleclick.net/g/collect", Action.ANSWER), ("/x/www.google.com.au/ads/ga-audiences", Action.ANSWER),
        ("/x/region1.google-analytics.com/g/collect", Action.ANSWER), ("/x/", Action.ANSWER), ("/anything", Action.ANSWER),
    ],
)  # fmt: skip
def test_what_becomes_of_a_request_is_in_the_table(path: str, action: Action) -> None:
    assert load().find(path).action is action


def test_every_host_that_googles_scripts_were_seen_to_contact_is_named() -> None:
    analytics = ("www.googletagmanager.com", "www.google-analytics.com", "analytics.google.com")
    for hit in RECORDED:
        host = hit["host"]
        if host.endswith("example") or "." not in host:
            continue
        place = "" if host in analytics else f"/x/{host}"
        found = load().find(f"{place}{hit['path']}")
        assert found.meaning != "something else" or "/plugins/" in hit["path"], (host, hit["path"])


def test_the_scripts_of_the_page_are_those_of_the_table() -> None:
    assert load().scripts == {
        "/gtag/js": "google-analytics",
        "/gtag/destination": "google-analytics",
        "/gtm.js": "google-tag-manager",
    }


def test_advertising_cannot_be_passed_on_by_a_slip_of_the_table() -> None:
    row = '[[endpoint]]\nhost = "stats.g.doubleclick.net"\nmeaning = "x"\naction = "filter"\ntable = "ga4.toml"\n'
    with pytest.raises(Faulty, match="only Analytics itself"):
        parse(row, Endpoints, file="endpoints.toml")
