"""The answers of a replay: recorded ones, its own, and that there is none."""

from __future__ import annotations

import io
import json

from consent_gateway.messages import Headers, Request
from consent_gateway.replay.answers import Answers
from consent_gateway.replay.contacts import Contacted
from consent_gateway.replay.places import Places, Side
from consent_gateway.replay.recording import Recording
from tests.replay.leaky import RECORDED, SITE

PLACES = Places(Side.DIRECT, "localhost:1", (SITE, "cdn.shop.example"), 2)
LINKEDIN = "px.ads.linkedin.com.localhost:2"


def answers() -> tuple[Answers, list[Contacted]]:
    noted: list[Contacted] = []
    return Answers(Recording.of(RECORDED, io.BytesIO()), PLACES, noted.append), noted


def request(host: str, target: str, method: str = "GET", body: bytes = b"", **headers: str) -> Request:
    return Request(
        method=method, scheme="http", host=host, target=target, headers=Headers.of(**headers), body=body
    )


def test_the_site_answers_as_it_did_under_each_of_its_names() -> None:
    made, _ = answers()
    assert b"https://www.shop.example/style.css" in made.recorded(request("localhost:1", "/")).body
    assert b"<svg" in made.recorded(request("cdn.shop.example.localhost:1", "/logo.svg")).body


def test_a_third_party_answers_and_it_is_noted() -> None:
    made, noted = answers()
    asked = request(LINKEDIN, "/collect?pid=8", Sec_Fetch_Dest="image")
    response = made.third_party(asked, asked.host)
    assert b"<svg" in response.body
    assert "Domain=linkedin.com.localhost" in response.headers.get("set-cookie")
    assert noted == [
        Contacted(side=Side.DIRECT, host="px.ads.linkedin.com", target="/collect?pid=8", destination="image")
    ]


def test_a_page_says_what_is_not_in_the_recording_and_which_pages_are() -> None:
    made, noted = answers()
    missing = made.third_party(request("t.example.localhost:2", "/a<b>"), "t.example.localhost:2")
    text = missing.body.decode()
    assert missing.status == 404 and not noted[0].recorded
    assert "no answer to GET t.example/a&lt;b&gt;" in text
    assert 'href="http://localhost:1/about?from=mail"' in text


def test_it_says_when_the_path_is_there_by_another_method() -> None:
    made, _ = answers()
    text = made.recorded(request("localhost:1", "/", "POST")).body.decode()
    assert "no answer to POST www.shop.example/. It was asked for by GET" in text


def test_no_worker_stays_behind() -> None:
    made, _ = answers()
    assert made.recorded(request("localhost:1", "/site.js", Service_Worker="script")).status == 404


def test_a_preflight_is_allowed_and_is_no_contact() -> None:
    made, noted = answers()
    asked = request(
        LINKEDIN, "/", "OPTIONS", Origin="http://localhost:1", Access_Control_Request_Method="PUT"
    )
    response = made.third_party(asked, asked.host)
    assert response.headers.get("access-control-allow-methods") == "PUT"
    assert response.headers.get("access-control-allow-origin") == "http://localhost:1"
    assert noted == []


def reported(blocked: str, directive: str = "img-src") -> list[Contacted]:
    made, noted = answers()
    body = json.dumps({"csp-report": {"blocked-uri": blocked, "effective-directive": directive}})
    response = made.own(request("localhost:1", "/.replay/reports", "POST", body.encode()))
    assert response and response.status == 204
    return noted


def test_a_report_of_what_was_stopped_is_noted() -> None:
    assert reported("https://t.example/made?x=1") == [
        Contacted(side=Side.DIRECT, host="t.example", target="/made?x=1", destination="image", stopped=True)
    ]
    assert reported("inline", "script-src-elem") == []
    assert reported("http://a.localhost:2/") == []


def test_a_report_that_is_none_harms_nobody() -> None:
    made, noted = answers()
    for body in (b"", b"[]", b"{}", b'{"csp-report": 1}', b"\xff"):
        response = made.own(request("localhost:1", "/.replay/reports", "POST", body))
        assert response and response.status == 204
    assert noted == []
