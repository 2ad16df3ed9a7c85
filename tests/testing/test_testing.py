"""A project's own tests see what its pages would send, to whom and why, and contact nobody by looking."""

from __future__ import annotations

import http.client
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import flask  # comes with mitmproxy
import pytest

from consent_gateway.datafile import Faulty
from consent_gateway.testing import STATES, SiteUnderTest, gateway
from tests.testing.applications import wsgi

SITE = """
[site]
hosts = ["www.example.com"]
scheme = "https"

[third_parties]
unlisted = "hold"
first_party = ["assets.example.org"]

[analytics]
properties = ["G-ABCDEFG1"]

[services.youtube]
[services.google-analytics]

[notify]
webhook = "http://127.0.0.1:9/never"
"""
HIT = {"v": "2", "tid": "G-ABCDEFG1", "cid": "12.34", "sid": "5", "en": "page_view", "dl": "https://www.example.com/?mail=a@b.c"}  # fmt: skip


@pytest.fixture(scope="module")
def site() -> Iterator[SiteUnderTest]:
    """Without a site file."""
    with gateway(wsgi=wsgi) as under_test:
        yield under_test


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SiteUnderTest]:
    """With one that holds what it does not name."""
    file = tmp_path_factory.mktemp("strict") / "site.toml"
    file.write_text(SITE)
    with gateway(wsgi=wsgi, site=file) as under_test:
        yield under_test


def test_what_is_held_is_told_with_service_purpose_decision_and_reason(site: SiteUnderTest) -> None:
    page = site.get("/")
    assert page.status == 200 and "<h1>Welcome</h1>" in page.text and page.contacts == ()
    told = {
        (one.service, one.purpose, one.carrier, one.decision, one.reason, one.article) for one in page.held
    }
    undecided = ("hold", "nothing was decided", "TDDDG § 25(1)")
    assert told == {
        ("youtube", "media", "iframe", *undecided),
        ("google-analytics", "analytics", "script", *undecided),
    }


def test_no_query_is_in_what_is_told(site: SiteUnderTest) -> None:
    [video] = [one for one in site.get("/").held if one.service == "youtube"]
    assert (video.host, video.path) == ("www.youtube.com", "/embed/abcdefghijk")
    assert "secret" not in repr(video)


def test_who_has_agreed_is_let_through_and_that_is_no_leak(strict: SiteUnderTest) -> None:
    page = strict.get("/", state="all")
    assert [(one.service, one.decision, one.allowed) for one in page.contacts] == [("youtube", "load", True)]
    assert page.held == ()  # measurement goes by way of the gateway
    strict.assert_sends_nothing("/", state="all")


@pytest.mark.parametrize("state", [one.id for one in STATES if not one.agrees])
def test_before_and_without_consent_nothing_is_sent_in_any_state(strict: SiteUnderTest, state: str) -> None:
    strict.assert_sends_nothing("/", "/plain", "/font", "/framed", "/own", "/tracked", "/old", state=state)
    held = strict.get("/", state=state).held
    assert {one.service for one in held} == {"youtube", "google-analytics"}
    assert {one.state for one in held} == {state}


def test_each_state_says_why(strict: SiteUnderTest) -> None:
    why = {one.id: {held.reason for held in strict.get("/", state=one.id).held} for one in STATES}
    assert why["refused"] == why["withdrawn"] == {"the visitor has refused its purpose"}
    assert why["fresh"] == why["expired"] == why["tampered"] == {"nothing was decided"}
    assert why["blocked"] == {"the visitor has blocked processing"}
    assert why["analytics"] == {"the visitor has refused its purpose"} and why["all"] == set()
    with pytest.raises(ValueError, match="no state 'drunk': one of fresh, refused"):
        strict.as_visitor("drunk")


def test_the_assertion_says_page_host_service_carrier_reason_and_what_to_do(site: SiteUnderTest) -> None:
    with pytest.raises(AssertionError) as failed:
        site.assert_sends_nothing("/", "/framed")
    message = str(failed.value)
    for part in ("1 contact that nobody has agreed to", "/framed", "'fresh'", "cdn.example.net/inner.js", "unlisted", "by script", "nobody has declared it", 'unlisted = "hold"', "first_party"):  # fmt: skip
        assert part in message
    assert "youtube" not in message


def test_style_sheets_and_frames_of_the_site_belong_to_the_page(site: SiteUnderTest) -> None:
    page = site.get("/font")
    assert [(one.host, one.carrier) for one in page.held] == [("fonts.googleapis.com", "css")]
    assert [(one.host, one.carrier) for one in page.contacts] == [("cdn.example.net", "css")]
    assert [one.host for one in site.get("/framed").contacts] == ["cdn.example.net"]


def test_trackers_and_images_that_nobody_sees_are_told_apart(site: SiteUnderTest) -> None:
    known, unseen = site.get("/tracked").held
    assert (known.kind, known.service, known.reason) == (
        "tracker",
        "Accertify",
        "a known tracker loads for nobody",
    )
    assert (unseen.kind, unseen.reason) == ("unlisted", "an image that nobody is meant to see")


def test_what_code_asks_for_is_held_by_the_guard_or_is_a_contact(
    site: SiteUnderTest, strict: SiteUnderTest
) -> None:
    loose, tight = site.get("/code"), strict.get("/code")
    assert [(one.host, one.carrier) for one in loose.contacts] == [("api.example.net", "run time")]
    assert [one.service for one in loose.held] == ["meta-pixel"]
    assert tight.contacts == () and {one.service for one in tight.held} == {"meta-pixel", "unlisted"}


def test_the_sites_own_hosts_are_no_third_parties(strict: SiteUnderTest) -> None:
    page = strict.get("/own")
    assert (page.held, page.contacts) == ((), ())


def test_a_page_that_is_none_proves_nothing(site: SiteUnderTest) -> None:
    for path, said in (
        ("/gone", "404"), ("/data", "200, application/json"), ("/away", "302"), ("/round", "302"),
        ("/nothing", "204, .* nothing in it"), ("/empty", "200, .* nothing in it"),
    ):  # fmt: skip
        with pytest.raises(AssertionError, match=f"{path} is no page to look at: {said}"):
            site.assert_sends_nothing(path)


@pytest.mark.parametrize(
    "path", ["", "contact", "https://staging.example.com/", "//staging.example.com/", "?a"]
)
def test_what_is_no_path_of_the_site_is_refused(site: SiteUnderTest, path: str) -> None:
    with pytest.raises(ValueError, match="is no path of the site, such as /contact"):
        site.assert_sends_nothing(path)


def test_a_path_is_asked_for_as_a_browser_writes_it(site: SiteUnderTest) -> None:
    assert site.get("/a page/ä?q=ü#part").path == "/a%20page/%C3%A4?q=%C3%BC"


def test_a_packed_page_is_unpacked_and_looked_at(site: SiteUnderTest) -> None:
    page = site.get("/packed")
    assert "<p>packed</p>" in page.text and [one.service for one in page.held] == ["youtube"]


def test_what_is_let_in_at_the_first_visit_is_told_as_such() -> None:
    with gateway(wsgi=wsgi) as new:
        assert [one.service for one in new.get("/", state="all").contacts] == ["youtube"]


def test_a_framework_is_put_behind_it_as_it_is() -> None:
    app = flask.Flask("shop")
    app.add_url_rule(
        "/", "front", lambda: '<!doctype html><iframe src="https://player.vimeo.com/video/1"></iframe>'
    )
    with gateway(wsgi=app) as shop:
        shop.assert_sends_nothing()
        assert [one.service for one in shop.get().held] == ["vimeo"]


def test_redirects_within_the_site_are_followed(site: SiteUnderTest) -> None:
    page = site.get("/old")
    assert (page.path, page.status) == ("/plain", 200) and "words: ä" in page.text


def test_what_went_to_google_is_shown_as_it_was_sent_and_nothing_before_consent(
    strict: SiteUnderTest,
) -> None:
    path = f"/.privacy/ga/g/collect?{urlencode(HIT)}"
    assert strict.as_visitor("fresh").get(path).status == 204
    assert strict.as_visitor("refused").post(path).status == 204
    assert strict.forwarded() == ()
    assert strict.as_visitor("analytics").post(path).status == 204
    [hit] = strict.forwarded()
    assert (hit.path, hit.parameters["tid"], hit.parameters["en"]) == (
        "/g/collect",
        "G-ABCDEFG1",
        "page_view",
    )
    assert hit.parameters["cid"] != "12.34" and "mail" not in hit.parameters["dl"]
    assert hit.headers["Host"].startswith("127.0.0.1:")


def test_googles_script_is_a_stand_in_after_consent_and_refused_before(strict: SiteUnderTest) -> None:
    path = "/.privacy/ga/gtag/js?id=G-ABCDEFG1"
    assert strict.get(path).status == 403
    assert "document.currentScript" in strict.get(path, state="analytics").text


def test_a_browser_is_put_into_a_state_by_cookies_and_headers(site: SiteUnderTest) -> None:
    [cookie] = site.as_visitor("refused").cookies
    assert (cookie["name"], cookie["url"]) == ("privacy", site.url)
    assert site.as_visitor("gpc").headers == {"Sec-GPC": "1"} and site.as_visitor("gpc").cookies == []
    there = urlsplit(site.url)
    connection = http.client.HTTPConnection(there.hostname or "", there.port, timeout=10)
    connection.request("GET", "/", headers={"Cookie": f"privacy={cookie['value']}"})
    body = connection.getresponse().read()
    connection.close()
    assert b'data-privacy="notice"' not in body and 'data-privacy="notice"' in site.get("/").text


def test_several_sites_are_tested_at_once_and_nothing_of_them_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    file = tmp_path / "site.toml"
    file.write_text('[site]\nprefix = "/-/other"\n')
    with gateway(wsgi=wsgi) as one, gateway(wsgi=wsgi, site=str(file)) as other:
        assert "/.privacy/choice" in one.get("/").text and "/-/other/choice" in other.get("/").text
        assert len(list(folder.iterdir())) >= 2
    assert list(folder.iterdir()) == []
    with pytest.raises(OSError, match="refused"):
        one.get("/")


def test_what_cannot_be_tested_is_an_error_that_says_why(tmp_path: Path) -> None:
    for given, reason in (
        ({}, "one application is needed"),
        ({"wsgi": wsgi, "origin": "http://127.0.0.1:8000"}, "one application is needed"),
        ({"origin": "127.0.0.1:8000"}, "no address of a server"),
        ({"origin": "http://127.0.0.1:8000/path"}, "no address of a server"),
    ):
        with pytest.raises(ValueError, match=reason), gateway(**given):
            pass
    file = tmp_path / "site.toml"
    file.write_text("[site]\nhost = 'x'\n")
    with pytest.raises(Faulty, match="host"), gateway(wsgi=wsgi, site=file):
        pass


def test_an_application_elsewhere_is_put_behind_it_by_its_address(site: SiteUnderTest) -> None:
    with gateway(site.url) as outer:
        assert outer.get("/plain").status == 200
