"""The story: what becomes of a page for a visitor who has not decided, refused, agreed, clicked."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest

from consent_gateway.gateway import Gateway
from consent_gateway.messages import Headers, Response
from consent_gateway.page.charset import Undecodable
from consent_gateway.reports import MOST_TOLD, held_hosts
from tests.asking import Asking, consented, cookie_of
from tests.conftest import MakeGateway

PAGE = """<!doctype html>
<html lang="en">
<head><title>Page</title>
<script async src="https://www.googletagmanager.com/gtag/js?id=G-TEST123"></script>
<script>window.dataLayer=window.dataLayer||[];function gtag(){dataLayer.push(arguments);}gtag('config','G-TEST123');</script>
</head>
<body>
<iframe src="https://www.linkedin.com/embed/feed/update/urn:li:share:1" width="504" height="400"></iframe>
<iframe src="https://www.youtube.com/embed/abcdefghijk" width="560" height="315"></iframe>
</body>
</html>
"""
PLAIN = "<!doctype html>\n<html lang='de'><head><title>x</title></head><body>text</body></html>\n"


def bare(html: bytes) -> bytes:
    """The page without its three insertions."""
    html = re.sub(rb'<script src="[^"]*guard[^>]*></script>', b"", html, count=1)
    html = re.sub(rb'<div data-privacy="notice".*?</form>\n</div>', b"", html, count=1, flags=re.S)
    return re.sub(rb'<a data-privacy="settings".*?</a>', b"", html, count=1, flags=re.S)


def test_without_its_three_insertions_a_page_is_the_origins(fresh: Asking) -> None:
    assert bare(fresh.page(PLAIN).body) == PLAIN.encode()


def test_a_visitor_who_has_not_decided_gets_nothing_foreign_and_is_asked(fresh: Asking) -> None:
    html = fresh.page(PAGE).body
    assert b"googletagmanager" not in html and b"youtube.com/embed" not in html
    assert html.count(b'data-privacy="placeholder"') == 2
    assert html.index(b"<body>") + len(b"<body>") == html.index(b'<div data-privacy="notice"')
    assert html.index(b"<head>") + len(b"<head>") == html.index(b"<script src=")
    assert b'data-privacy="settings"' in html


@pytest.mark.parametrize("state", ["fresh", "refused", "withdrawn", "expired", "tampered"])
def test_whoever_has_no_valid_consent_gets_the_same_footprint_none(
    fresh: Asking, now: datetime, state: str
) -> None:
    gateway = fresh.gateway
    granted = consented(gateway, now, decision=["accept_all"])
    tampered = granted[:-9] + ("A" if granted[-9] != "A" else "B") + granted[-8:]
    withdrawn = cookie_of(
        Asking(gateway, now, cookie=granted).post("/.privacy/choice", {"decision": ["reject_all"]}).response
    )
    cookie, at = {
        "fresh": ("", now),
        "refused": (consented(gateway, now, decision=["reject_all"]), now),
        "withdrawn": (withdrawn, now),
        "expired": (granted, now + timedelta(days=200)),
        "tampered": (tampered, now),
    }[state]
    html = Asking(gateway, at, cookie=cookie).page(PAGE).body
    assert not re.search(
        rb'(?:src|href)="(?:https?:)?//[^"]*(?:google|youtube|linkedin)[^"]*"[^>]*>(?!Open|Privacy)',
        html.replace(b"<a ", b"<z "),
    )
    assert b"gtag/js" not in html and html.count(b'data-privacy="placeholder"') == 2


def test_a_visitor_who_has_decided_gets_no_byte_of_the_notice(fresh: Asking, now: datetime) -> None:
    for decision in ("accept_all", "reject_all"):
        cookie = consented(fresh.gateway, now, decision=[decision])
        html = Asking(fresh.gateway, now, cookie=cookie).page(PAGE).body
        assert b'data-privacy="notice"' not in html and b"notice." not in html


def test_what_was_agreed_to_loads_and_nothing_else(fresh: Asking, now: datetime) -> None:
    cookie = consented(fresh.gateway, now, purpose=["media"])
    html = Asking(fresh.gateway, now, cookie=cookie).page(PAGE).body
    assert b'<iframe src="https://www.youtube.com/embed/abcdefghijk"' in html
    assert html.count(b'data-privacy="placeholder"') == 1
    assert b"gtag/js" not in html


def test_googles_script_loads_by_way_of_the_gateway_and_the_pages_own_code_stays(
    fresh: Asking, now: datetime
) -> None:
    cookie = consented(fresh.gateway, now, purpose=["analytics"])
    html = Asking(fresh.gateway, now, cookie=cookie).page(PAGE).body
    assert b'<script async src="/.privacy/ga/gtag/js?id=G-TEST123"></script>' in html
    assert b"gtag('config','G-TEST123');</script>" in html
    assert b"googletagmanager" not in html


def test_a_click_without_script_loads_one_instance_for_one_view(fresh: Asking, now: datetime) -> None:
    form = {"service": ["youtube"], "instance": ["2"], "return": ["/"]}
    once = cookie_of(fresh.post("/.privacy/activate", form).response, "__Host-privacy-once")
    clicked = Asking(fresh.gateway, now, cookie=once)
    response = clicked.page(PAGE)
    assert b'<iframe src="https://www.youtube.com/embed/abcdefghijk"' in response.body
    assert response.body.count(b'data-privacy="placeholder"') == 1
    assert "Max-Age=0" in response.headers.get("set-cookie")
    assert b"youtube.com/embed" not in clicked.page(PAGE, "/other").body
    assert b"youtube.com/embed" not in fresh.page(PAGE).body


def test_the_notice_names_what_is_on_the_very_first_page(fresh: Asking) -> None:
    html = fresh.page(PAGE).body.decode()
    notice = html[html.index('data-privacy="notice"') : html.index("</form>")]
    assert "Google Analytics" in notice and "LinkedIn" in notice and "YouTube" in notice


def test_the_language_is_that_of_the_page_then_that_of_the_browser(fresh: Asking) -> None:
    assert 'lang="de"' in fresh.page(PLAIN, Accept_Language="en").body.decode()
    unmarked = fresh.page("<body>", Accept_Language="de")
    assert b'role="dialog" aria-labelledby="privacy-notice-heading" lang="de"' in unmarked.body
    assert "Accept-Language" in unmarked.headers.get("vary")
    assert "Accept-Language" not in fresh.page(PLAIN).headers.get("vary")


def test_a_page_is_private_has_no_foreign_validator_and_varies_with_what_it_depends_on(fresh: Asking) -> None:
    headers = fresh.page(PAGE).headers
    assert headers.get("etag") == ""
    assert headers.get("cache-control") == "private, no-cache"
    assert headers.get("vary") == "Cookie, Sec-GPC, DNT"


@pytest.mark.parametrize(
    ("site", "name"),
    [
        ("", "content-security-policy-report-only"),
        ('[third_parties]\nunlisted = "hold"\n', "content-security-policy"),
    ],
)
def test_the_second_policy_names_what_is_released_and_the_sites_own_stays(
    make_gateway: MakeGateway,
    now: datetime,
    site: str,
    name: str,
) -> None:
    """HTTP-03"""
    gateway = make_gateway(site)
    fresh = Asking(gateway, now).page(PAGE).headers.all(name)
    assert len(fresh) == 1 and "youtube" not in fresh[0]
    agreed = (
        Asking(gateway, now, cookie=consented(gateway, now, purpose=["media"])).page(PAGE).headers.get(name)
    )
    assert "*.youtube.com" in agreed and "linkedin" not in agreed


def test_the_policy_of_the_site_itself_is_kept_beside_ours(fresh: Asking) -> None:
    own = Headers((("Content-Type", "text/html"), ("Content-Security-Policy", "script-src 'nonce-abc123'")))
    request = fresh.request("GET", "/", Sec_Fetch_Dest="document")
    response, _ = fresh.gateway.rewrite(
        request, Response(status=200, headers=own, body=PAGE.encode()), fresh.now
    )
    assert response.headers.all("content-security-policy") == ["script-src 'nonce-abc123'"]
    assert b'data-privacy="guard" nonce="abc123"' in response.body


def test_a_frame_is_guarded_but_not_asked_in(fresh: Asking) -> None:
    html = fresh.page(PAGE, Sec_Fetch_Dest="iframe").body
    assert b'data-privacy="guard"' in html
    assert b'data-privacy="notice"' not in html and b'data-privacy="settings"' not in html


def test_a_fragment_without_services_is_untouched_to_the_last_header(fresh: Asking) -> None:
    response = fresh.page("<li>one</li>", Sec_Fetch_Dest="empty")
    assert response.body == b"<li>one</li>"
    assert response.headers.get("etag") == '"x"'


def test_a_fragment_with_a_service_is_held_all_the_same(fresh: Asking) -> None:
    response = fresh.page('<img src="https://px.ads.linkedin.com/x">', Sec_Fetch_Dest="empty")
    assert b"ads.linkedin.com" not in response.body and b"guard" not in response.body


def test_other_types_pass_byte_for_byte(fresh: Asking) -> None:
    for content_type in ("application/json", "image/png", "text/plain", "application/javascript"):
        response = fresh.page(PAGE, content_type=content_type)
        assert response.body == PAGE.encode() and response.headers.get("etag") == '"x"'


def test_style_sheets_lose_what_is_held_and_keep_the_rest(fresh: Asking) -> None:
    css = "@import url(https://static.ads-twitter.com/a.css); a{b:url(own.png)}"
    response = fresh.page(css, content_type="text/css", Sec_Fetch_Dest="style")
    assert response.body == b"@import url(data:text/css,); a{b:url(own.png)}"
    assert response.headers.get("cache-control") == "private, no-cache"
    plain = fresh.page("a{b:url(own.png)}", content_type="text/css", Sec_Fetch_Dest="style")
    assert plain.headers.get("etag") == '"x"'


WORKER = "importScripts('https://cdn.onesignal.com/sdks/OneSignalSDKWorker.js');\nimportScripts('/own.js');"


@pytest.mark.parametrize("destination", ["worker", "sharedworker", "serviceworker"])
def test_the_code_of_a_worker_loses_what_is_held(fresh: Asking, destination: str) -> None:
    response = fresh.page(WORKER, content_type="text/javascript", Sec_Fetch_Dest=destination)
    assert b"onesignal" not in response.body and b"importScripts('/own.js')" in response.body
    assert response.headers.get("cache-control") == "private, no-cache"
    nothing = re.findall(rb"'(/[.]privacy/static/nothing[^?']+)", response.body)[0].decode()
    assert fresh.reply("GET", nothing).response.status == 200
    as_script = fresh.page(WORKER, content_type="text/javascript", Sec_Fetch_Dest="script")
    assert as_script.body == WORKER.encode()


def test_a_worker_without_a_held_address_is_untouched(fresh: Asking) -> None:
    code = "// https://cdn.onesignal.com\nimportScripts('https://cdn.jsdelivr.net/npm/x.js');"
    response = fresh.page(code, content_type="text/javascript", Sec_Fetch_Dest="worker")
    assert response.body == code.encode() and response.headers.get("etag") == '"x"'


def test_a_worker_brings_the_policy_where_it_is_enforced(make_gateway: MakeGateway, now: datetime) -> None:
    asking = Asking(make_gateway('[third_parties]\nunlisted = "hold"\n'), now)
    response = asking.page("fetch(x)", content_type="text/javascript", Sec_Fetch_Dest="serviceworker")
    assert response.body == b"fetch(x)"
    assert "default-src 'self'" in response.headers.get("content-security-policy")


XHTML = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head>
  <title>A &lt;b&gt;</title><script src="https://snap.licdn.com/li.lms-analytics/insight.min.js"/>
</head>
<body><p>one</p><iframe src="https://www.youtube.com/embed/abcdefghijk" width="560" height="315"/><p>two</p>
<iframe src="https://www.linkedin.com/embed/feed/update/urn:li:share:1"></iframe></body>
</html>
"""


def test_xhtml_stays_well_formed_with_notice_placeholders_and_settings_in_the_body(fresh: Asking) -> None:
    body = fresh.page(XHTML, content_type="application/xhtml+xml").body
    namespace = "{http://www.w3.org/1999/xhtml}"
    root = ElementTree.fromstring(body)
    head, inside = root
    assert [child.get("data-privacy") for child in head] == ["guard", None, None]
    marked = [child.get("data-privacy") for child in inside if child.tag != f"{namespace}form"]
    assert marked == ["notice", None, "placeholder", None, "placeholder", "settings"]
    assert b"licdn.com" not in body and b"youtube.com/embed" not in body.partition(b"data-original")[0]


def test_xml_that_is_no_page_gets_nothing_inserted(fresh: Asking) -> None:
    feed = '<feed xmlns="http://www.w3.org/2005/Atom"><x:div xmlns:x="http://www.w3.org/1999/xhtml"/></feed>'
    assert fresh.page(feed, content_type="application/xml").body == feed.encode()


def test_a_page_in_utf_16_is_read_and_written_back(fresh: Asking) -> None:
    answer = Response(status=200, headers=Headers.of(Content_Type="text/html"), body=PAGE.encode("utf-16"))
    request = fresh.request("GET", "/", Sec_Fetch_Dest="document")
    response, _ = fresh.gateway.rewrite(request, answer, fresh.now)
    text = response.body.decode("utf-16")
    assert 'data-privacy="placeholder"' in text and "youtube.com/embed" not in text


def test_a_page_that_cannot_be_decoded_is_refused(fresh: Asking) -> None:
    answer = Response(
        status=200, headers=Headers.of(Content_Type="text/html; charset=iso-2022-jp"), body=b"<p>\x80"
    )
    with pytest.raises(Undecodable):
        fresh.gateway.rewrite(fresh.request("GET", "/", Sec_Fetch_Dest="document"), answer, fresh.now)


def test_a_charset_that_the_insertions_move_out_of_sight_is_declared(fresh: Asking) -> None:
    page = f"<!doctype html><head>{' ' * 930}<meta charset='iso-8859-2'><body>ä".encode("iso-8859-2")
    answer = Response(status=200, headers=Headers.of(Content_Type="text/html"), body=page)
    response, _ = fresh.gateway.rewrite(
        fresh.request("GET", "/", Sec_Fetch_Dest="document"), answer, fresh.now
    )
    assert response.headers.get("content-type") == "text/html; charset=iso-8859-2"
    assert "ä".encode("iso-8859-2") in response.body


def test_an_objection_signal_is_told_in_the_notice(fresh: Asking) -> None:
    assert b"objects to advertising" in fresh.page(PAGE, Sec_GPC="1").body
    assert b"objects to advertising" not in fresh.page(PAGE).body


def test_the_origin_is_asked_under_our_name_where_that_is_public(
    make_gateway: MakeGateway, now: datetime
) -> None:
    bare_run, public = make_gateway(), make_gateway('[site]\nhosts = ["www.example.com"]\n')
    assert bare_run.forwarded(Asking(bare_run, now).request("GET", "/"), now).host == "127.0.0.1:9000"
    assert public.forwarded(Asking(public, now).request("GET", "/"), now).host == "www.example.com"


@pytest.mark.parametrize(("host", "served"), [("www.example.com", True), ("www.example.com:8443", True), ("shop.example.com:81", True), ("shop.example.com", False), ("example.com", False)])  # fmt: skip
def test_only_the_public_names_are_served(
    make_gateway: MakeGateway, now: datetime, host: str, served: bool
) -> None:
    gateway = make_gateway('[site]\nhosts = ["www.example.com", "shop.example.com:81"]\n')
    reply = gateway.answer(replace(Asking(gateway, now).request("GET", "/"), host=host), now)
    assert (reply is None) if served else (reply is not None and reply.response.status == 421)


@pytest.mark.parametrize("host", ['a";script-src', "a b", "", "a,b", "[::1"])
def test_a_host_that_is_none_is_refused(make_gateway: MakeGateway, now: datetime, host: str) -> None:
    gateway = make_gateway()
    asked = replace(Asking(gateway, now).request("GET", "/"), host=host)
    reply = gateway.answer(asked, now)
    assert reply is not None and reply.response.status == 400


def test_ids_of_properties_are_learnt_from_pages_with_the_service_only(fresh: Asking) -> None:
    fresh.page("<body>G-NOTHING1")
    assert fresh.gateway.seen.properties == frozenset()
    fresh.page(PAGE)
    assert fresh.gateway.seen.properties == {"G-TEST123"}


def test_html_of_a_page_cannot_reach_into_ours(fresh: Asking) -> None:
    html = fresh.page(
        '<body><iframe src="https://www.youtube.com/embed/abcdefghijk" width="&quot;><script>alert(1)</script>" height="300"></iframe>',
        '/"><script>alert(2)</script>',
    ).body
    assert b"<script>alert" not in html


def passed(asking: Asking, answer: Response, **headers: str) -> Response:
    return asking.gateway.rewrite(asking.request("GET", "/x", **headers), answer, asking.now)[0]


def test_a_part_of_a_page_is_not_led_to_what_is_held_and_a_visitor_is(
    gateway: Gateway, fresh: Asking, now: datetime
) -> None:
    fields = Headers.of(
        Location="https://www.youtube.com/embed/a", Set_Cookie="seen=1", Content_Type="text/html"
    )
    answer = Response(status=302, headers=fields, body=b"see there")
    held = passed(fresh, answer, Sec_Fetch_Dest="iframe")
    assert (held.status, held.body) == (204, b"")
    assert held.headers.fields == (("Cache-Control", "no-store"), ("Set-Cookie", "seen=1"))
    assert (
        passed(fresh, answer, Sec_Fetch_Dest="document")
        .headers.get("location")
        .startswith("https://www.youtube")
    )
    fresh.cookie = consented(gateway, now, service=["youtube"])
    assert passed(fresh, answer, Sec_Fetch_Dest="iframe").status == 302


def test_a_redirect_to_an_unlisted_host_depends_on_the_site_file(
    make_gateway: MakeGateway, now: datetime
) -> None:
    answer = Response(status=302, headers=Headers.of(Location="https://x.example/i.png"))
    holding = Asking(make_gateway('[third_parties]\nunlisted = "hold"\n'), now)
    assert passed(holding, answer, Sec_Fetch_Dest="image").status == 204
    assert passed(Asking(make_gateway(), now), answer, Sec_Fetch_Dest="image").status == 302


def test_reports_to_others_are_not_asked_for_until_their_service_is_released(
    gateway: Gateway, fresh: Asking, now: datetime
) -> None:
    endpoints = 'a="https://www.youtube.com/r", b="https://unlisted.example/r", c="/own"'
    answer = Response(status=200, headers=Headers.of(Content_Type="image/png", Reporting_Endpoints=endpoints))
    assert passed(fresh, answer).headers.get("reporting-endpoints") == 'c="/own"'
    fresh.cookie = consented(gateway, now, service=["youtube"])
    assert (
        passed(fresh, answer).headers.get("reporting-endpoints") == 'a="https://www.youtube.com/r", c="/own"'
    )


def test_speculation_rules_of_the_site_lose_what_is_held(fresh: Asking) -> None:
    text = b'{"prefetch": [{"urls": ["/a", "https://www.youtube.com/"]}]}'
    fields = Headers.of(Content_Type="application/speculationrules+json", ETag='"x"')
    page = passed(fresh, Response(status=200, headers=fields, body=text))
    assert page.body == b'{"prefetch":[{"urls":["/a"]}]}' and not page.headers.get("etag")
    harmless = Response(status=200, headers=fields, body=b'{"prefetch": [{"urls": ["/a"]}]}')
    assert passed(fresh, harmless) == harmless


def test_a_policy_that_would_keep_our_files_out_lets_them_in_and_nothing_else(fresh: Asking) -> None:
    fields = Headers.of(
        Content_Type="text/html", Content_Security_Policy="script-src 'strict-dynamic' 'sha256-x='"
    )
    page = passed(fresh, Response(status=200, headers=fields, body=b"<p>"), Sec_Fetch_Dest="document")
    integrity = re.search(rb'data-privacy="guard" integrity="([^"]+)"', page.body)
    assert integrity
    assert (
        page.headers.get("content-security-policy")
        == f"script-src 'strict-dynamic' 'sha256-x=' '{integrity[1].decode()}'"
    )


def test_where_no_script_can_run_there_is_no_guard(fresh: Asking) -> None:
    fields = Headers.of(Content_Type="text/html", Content_Security_Policy="default-src 'none'")
    page = passed(fresh, Response(status=200, headers=fields, body=b"<p>"), Sec_Fetch_Dest="document")
    assert b"<script" not in page.body and b'data-privacy="notice"' in page.body
    assert page.headers.get("content-security-policy") == (
        "default-src 'none'; style-src-elem https://www.example.com/.privacy/"
    )


class TestCookiesOfServices:
    """Cookies that services put on the site's own host, on both ways."""

    def test_the_origin_does_not_get_those_of_measurement_whatever_was_granted(
        self, gateway: Gateway, now: datetime
    ) -> None:
        """ANA-11"""
        sent = "sid=1; _ga=GA1.1.5.6; _ga_ABC=GS2; _gid=x; FPID=y; _gcl_au=z"
        for decision in ("reject_all", "save"):
            own = consented(gateway, now, decision=[decision], purpose=["analytics"])
            request = Asking(gateway, now, cookie=f"{sent}; {own}").request("GET", "/")
            assert gateway.forwarded(request, now).headers.get("cookie") == "sid=1"

    def test_what_the_origin_sets_of_them_does_not_arrive(self, fresh: Asking) -> None:
        answer = Response(
            status=200,
            headers=Headers(
                (("Content-Type", "text/plain"), ("Set-Cookie", "_ga=1; Path=/"), ("set-cookie", "sid=2"))
            ),
            body=b"x",
        )
        passed, _ = fresh.gateway.rewrite(fresh.request("GET", "/"), answer, fresh.now)
        assert passed.headers.all("set-cookie") == ["sid=2"]

    def test_what_a_page_finds_of_them_is_expired_on_every_host_and_folder_it_may_be_on(
        self, gateway: Gateway, now: datetime
    ) -> None:
        """ANA-11, CON-09"""
        asking = Asking(gateway, now, cookie="sid=1; _ga=GA1.1.5.6", host="www.shop.example")
        fields = asking.page("<p>Kept.</p>", "/a/b?c").headers.all("set-cookie")
        assert len(fields) == 4 * 3 * 2  # paths, domains, partitioned or not
        assert "_ga=; Max-Age=0; Path=/; Domain=shop.example; Secure" in fields
        assert "_ga=; Max-Age=0; Path=/a; Secure" in fields
        assert not any(field.startswith("sid") for field in fields)

    def test_those_of_another_service_stay_while_it_is_released(
        self, gateway: Gateway, now: datetime
    ) -> None:
        granted = consented(gateway, now, decision=["accept_all"])
        assert Asking(gateway, now, cookie=f"_fbp=1; {granted}").page("<p>x").headers.all("set-cookie") == []
        refused = Asking(gateway, now, cookie="_fbp=1").page("<p>x").headers.all("set-cookie")
        assert refused and refused[0].startswith("_fbp=; Max-Age=0")

    def test_a_page_without_them_sets_nothing(self, fresh: Asking) -> None:
        fresh.cookie = "sid=1; lang=de"
        assert fresh.page("<p>Kept.</p>").headers.all("set-cookie") == []

    def test_a_withdrawal_clears_them_away_in_its_own_answer(self, gateway: Gateway, now: datetime) -> None:
        """CON-09"""
        granted = consented(gateway, now, decision=["accept_all"])
        asking = Asking(gateway, now, cookie=f"sid=1; _fbp=1; {granted}", host="www.shop.example")
        for form in (
            {"decision": ["reject_all"]},
            {"decision": ["save"], "purpose": ["media"], "in_page": ["on"]},
        ):
            fields = asking.post("/.privacy/choice", form).response.headers.all("set-cookie")
            assert "_fbp=; Max-Age=0; Path=/; Domain=shop.example; Secure" in fields
            assert not any(field.startswith("sid") for field in fields)
        kept = asking.post("/.privacy/choice", {"decision": ["accept_all"]}).response
        assert not any(field.startswith("_fbp") for field in kept.headers.all("set-cookie"))


DECLARED = """
[third_parties]
unlisted = "hold"
[services.youtube]
[cookies.sid]
purpose = "necessary"
reason = "keeps the visitor logged in"
[cookies."ab_*"]
purpose = "analytics"
reason = "remembers which variant of a page was shown"
duration = "30 days"
"""


class TestCookiesOfTheSite:
    """Cookies of the site's own, by what its file says of them."""

    def test_both_ways_only_what_is_declared_passes_and_only_while_it_may(
        self, make_gateway: MakeGateway, now: datetime
    ) -> None:
        gateway = make_gateway(DECLARED)
        set_by_origin = Headers(
            (("Content-Type", "text/plain"), *(("Set-Cookie", f"{name}=1") for name in ("sid", "ab_x", "other", "privacy")))
        )  # fmt: skip
        for own, passing in (
            ("", ["sid"]),
            (consented(gateway, now, purpose=["analytics"]), ["sid", "ab_x"]),
        ):
            request = Asking(gateway, now, cookie=f"sid=1; ab_x=2; other=3; {own}").request("GET", "/a.txt")
            sent = gateway.forwarded(request, now).headers.get("cookie")
            assert [pair.partition("=")[0] for pair in sent.split("; ")] == passing
            for status in (101, 200, 204, 302, 304, 404, 500):
                answer = Response(status=status, headers=set_by_origin, body=b"")
                passed, _ = gateway.rewrite(request, answer, now)
                assert passed.headers.all("set-cookie") == [f"{name}=1" for name in passing]

    def test_a_bare_gateway_lets_what_nobody_declared_pass(self, gateway: Gateway, now: datetime) -> None:
        request = Asking(gateway, now, cookie="PHPSESSID=1; _fbp=2; x=3").request("GET", "/")
        assert gateway.forwarded(request, now).headers.get("cookie") == "PHPSESSID=1; x=3"
        assert gateway.undeclared(request, None, now) == []

    def test_what_is_held_for_want_of_a_word_is_named_and_left_where_it_is(
        self, make_gateway: MakeGateway, now: datetime
    ) -> None:
        gateway = make_gateway(DECLARED)
        asking = Asking(gateway, now, cookie="sid=1; ab_x=2; other=3; _fbp=4")
        request = asking.request("GET", "/")
        assert [(held.host, held.directive) for held in gateway.undeclared(request, None, now)] == [
            ("other", "cookie")
        ]
        answer = Headers(
            (("Set-Cookie", "csrf=1"), ("Set-Cookie", "gone=; Max-Age=0"), ("Set-Cookie", "sid=1"))
        )
        assert [held.host for held in gateway.undeclared(request, answer, now)] == ["csrf"]
        cleared = {field.partition("=")[0] for field in asking.page("<p>x").headers.all("set-cookie")}
        assert cleared == {"ab_x", "_fbp"}

    def test_names_that_browsers_make_up_leave_room_for_those_that_the_site_sets(
        self, make_gateway: MakeGateway, now: datetime
    ) -> None:
        gateway = make_gateway(DECLARED)
        asking = Asking(gateway, now)
        made_up = [f"made-up-{number}" for number in range(MOST_TOLD)]
        asking.cookie = "; ".join(f"{name}=1" for name in (*made_up, "one-more", *made_up))
        told = gateway.undeclared(asking.request("GET", "/"), None, now)
        assert [held.host for held in told] == made_up
        report = json.dumps([{"type": "cookie", "name": name} for name in ("another", "made-up-1")])
        given = {"Content_Type": "application/reports+json", "Sec_Fetch_Site": "same-origin"}
        reply = asking.reply("POST", "/.privacy/reports", report.encode(), **given)
        assert [held.host for held in reply.blocked] == ["made-up-1"]
        answer = Headers.of(Set_Cookie="one-more=1")
        set_by_site = gateway.undeclared(asking.request("GET", "/"), answer, now)
        assert [held.host for held in set_by_site] == ["one-more"]

    def test_a_purpose_that_only_a_cookie_serves_is_asked_about_with_its_reason(
        self, make_gateway: MakeGateway, now: datetime
    ) -> None:
        asking = Asking(make_gateway(DECLARED), now)
        notice = asking.page("<p>x").body.decode()
        assert "(cookies of this website)" in notice and "ab_" not in notice
        shown = asking.reply("GET", "/.privacy/preferences").response.body.decode()
        assert "<code>ab_*</code>, 30 days: remembers which variant of a page was shown" in shown
        policy = asking.reply("GET", "/.privacy/policy").response.body.decode()
        assert re.search("<code>ab_\\*</code></th><td[^>]*>Statistics: remembers", policy)
        assert re.search("<code>sid</code></th><td[^>]*>necessary: keeps the visitor logged in", policy)


class TestClickIdentifiers:
    """What advertisers put into addresses, on the way to the site."""

    def test_the_site_gets_them_only_while_marketing_is_granted(
        self, gateway: Gateway, now: datetime
    ) -> None:
        asked = {"Referer": "https://www.example.com/x?gclid=1"}
        for form, kept in (
            ({}, False),
            ({"decision": ["reject_all"]}, False),
            ({"purpose": ["analytics"]}, False),
            ({"purpose": ["marketing"]}, True),
        ):
            own = consented(gateway, now, **form) if form else ""
            for method in ("GET", "HEAD", "POST"):
                request = Asking(gateway, now, cookie=own).request(
                    method, "/a?b=%2F&fbclid=2&c", b"gclid=3", **asked
                )
                passed = gateway.forwarded(request, now)
                assert passed.target == ("/a?b=%2F&fbclid=2&c" if kept else "/a?b=%2F&c")
                assert passed.headers.get("referer").endswith("?gclid=1") is kept
                assert passed.body == b"gclid=3"

    def test_the_way_back_keeps_them_for_the_address_bar_is_the_visitors(self, fresh: Asking) -> None:
        assert 'name="return" value="/a?gclid=1"' in fresh.page("<p>x", "/a?gclid=1").body.decode()


HOLD = '[third_parties]\nunlisted = "hold"\n'
HELD_IN_PAGE = """<!doctype html><script src="https://cdn.unknown.example:8443/x.js?who=jane"></script>
<script src="https://cdn.unknown.example/y.js"></script><img src="//pictures.unknown.example/a.png">
<style>body { background: url(https://style.unknown.example/b.png) }</style>
<iframe srcdoc="<img src='https://inner.unknown.example/c.png'>"></iframe>
<a href="https://linked.example/">x</a><script src="https://px.owneriq.net/t.js"></script>"""


def test_of_unknown_hosts_that_a_page_loses_each_is_told_once_and_of_nothing_else(
    make_gateway: MakeGateway, now: datetime
) -> None:
    for site, told in ((HOLD, True), ("", False)):
        asking = Asking(make_gateway(site), now)
        answer = Response(
            status=200, headers=Headers.of(Content_Type="text/html"), body=HELD_IN_PAGE.encode()
        )
        request = asking.request("GET", "/", Sec_Fetch_Dest="document")
        _, seen = asking.gateway.rewrite(request, answer, now)
        held = [(one.host, one.directive, one.owner) for one in held_hosts(seen.unlisted, now.date())]
        wanted = [
            ("cdn.unknown.example", "script-src-elem", "unlisted"),
            ("inner.unknown.example", "img-src", "unlisted"),
            ("pictures.unknown.example", "img-src", "unlisted"),
            ("style.unknown.example", "style-src", "unlisted"),
        ]
        assert held == (wanted if told else [])
        asking.gateway.learn(seen)
        assert asking.gateway.seen.unlisted == frozenset()


def test_of_a_style_sheet_and_a_worker_too(make_gateway: MakeGateway, now: datetime) -> None:
    for kind, dest, code in (
        ("text/css", "style", "@import 'https://a.unknown.example/a.css'"),
        ("text/javascript", "worker", "importScripts('https://a.unknown.example/a.js')"),
    ):
        asking = Asking(make_gateway(HOLD), now)
        answer = Response(status=200, headers=Headers.of(Content_Type=kind), body=code.encode())
        _, seen = asking.gateway.rewrite(asking.request("GET", "/x", Sec_Fetch_Dest=dest), answer, now)
        assert [host for host, _ in seen.unlisted] == ["a.unknown.example"]
