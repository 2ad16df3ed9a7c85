"""The third parties of the demo, as a table and as servers."""

from __future__ import annotations

from importlib import resources

import pytest

from consent_gateway.demo.stand_ins import STAND_INS, find, find_google
from tests.demo.conftest import Demo, embedded

FILES = resources.files("consent_gateway.demo")
TEXTS = [
    file.read_text(encoding="utf-8")
    for folder in ("site", "third_parties")
    for file in FILES.joinpath(folder).iterdir()
    if file.is_file()
]
ADDRESSES = sorted(set().union(*map(embedded, TEXTS)))


@pytest.mark.parametrize(("host", "path"), ADDRESSES)
def test_everything_a_page_refers_to_has_a_stand_in(host: str, path: str) -> None:
    assert find(host, "GET", path).what != "something else"


def test_every_stand_in_answers(demo: Demo) -> None:
    for row in STAND_INS:
        answer = demo.third_party(row.host, row.path, method=row.method)
        assert answer.status == (200 if row.file else 204), row
        assert len(answer.headers.get_all("Set-Cookie") or ()) == len(row.cookies), row


def test_what_nobody_expected_is_recorded_all_the_same(demo: Demo) -> None:
    demo.third_party("www.linkedin.com", "/surprise", Referer=f"{demo.protected}/")
    [company] = demo.view("protected")["companies"]
    assert (company["name"], company["lines"][0]["what"]) == ("LinkedIn", "something else")


def test_the_side_is_told_by_referrer_or_origin_or_by_the_frame(demo: Demo) -> None:
    demo.third_party("snap.licdn.com", "/li.lms-analytics/insight.min.js", Referer=f"{demo.protected}/")
    demo.third_party("www.linkedin.com", "/countserv/count/share", Origin=demo.unprotected)
    demo.third_party("i.ytimg.com", "/vi/sunrise/hqdefault.svg?side=unprotected")
    typed = f"http://localhost:{demo.addresses.gateway.port}/"
    demo.third_party("www.youtube.com", "/embed/sunrise", Referer=typed)
    assert demo.view("protected")["count"] == 2
    assert demo.view("unprotected")["count"] == 2


def test_a_request_is_known_by_what_it_carries(demo: Demo) -> None:
    page = f"http%3A%2F%2F{demo.addresses.gateway}%2Fnews%3Femail%3Danna%2540example.org"
    demo.third_party(
        "px.ads.linkedin.com", f"/collect?url={page}", Referer=f"{demo.protected}/", Cookie="a=b"
    )
    [company] = demo.view("protected")["companies"]
    assert company["lines"][0]["carried"] == ["cookie", "page address", "e-mail address"]


def test_the_gateway_is_known_by_the_number_it_calls() -> None:
    script, hit = find_google("/gtag/js"), find_google("/g/collect")
    assert script and script.file == "gtag.js"
    assert hit and not hit.file
    assert find_google("/surprise") is None


def test_google_s_host_names_are_put_together_at_run_time() -> None:
    script = FILES.joinpath("third_parties/gtag.js").read_text(encoding="utf-8")
    assert "google-analytics.com" not in script
    assert "doubleclick.net" not in script
