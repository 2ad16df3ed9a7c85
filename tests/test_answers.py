"""The gateway's own paths: what they answer, what they refuse, what they record."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from consent_gateway.gateway import Gateway
from consent_gateway.messages import Headers
from consent_gateway.reports import MOST_A_MINUTE
from consent_gateway.visit import Reply
from tests.asking import Asking, consented, cookie_of
from tests.conftest import MakeGateway

CHOICE, ACTIVATE = "/.privacy/choice", "/.privacy/activate"


def test_a_choice_leads_back_sets_the_cookie_and_is_recorded_with_what_was_shown(fresh: Asking) -> None:
    reply = fresh.post(
        CHOICE, {"decision": ["accept_all"], "return": ["/news?p=1"], "layer": ["notice"], "language": ["de"]}
    )
    assert reply.response.status == 303
    assert reply.response.headers.get("location") == "/news?p=1"
    assert cookie_of(reply.response)
    assert reply.record is not None
    record, shown = reply.record
    assert (record.kind, record.layer, record.language, record.host) == (
        "grant",
        "notice",
        "de",
        "www.example.com",
    )
    assert "Auf dieser Website" in shown
    assert record.receipt and record.receipt not in shown
    assert reply.unrecorded is not None and reply.unrecorded.status == 503


def test_a_refusal_is_recorded_to_the_day_without_a_receipt_and_takes_effect_in_any_case(
    fresh: Asking,
) -> None:
    reply = fresh.post(CHOICE, {"decision": ["reject_all"]})
    assert reply.record is not None
    record, _ = reply.record
    assert (record.kind, record.time, record.receipt) == ("refusal", "2026-11-24", "")
    assert reply.unrecorded is None


def test_two_visitors_who_refuse_get_the_same_cookie(gateway: Gateway, now: datetime) -> None:
    first, second = (consented(gateway, now, decision=["reject_all"]) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "", "Origin": "https://evil.example"}]
)
@pytest.mark.parametrize("decision", ["accept_all", "reject_all"])
def test_another_website_cannot_choose(fresh: Asking, headers: dict[str, str], decision: str) -> None:
    """SEC-01"""
    reply = fresh.post(CHOICE, {"decision": [decision]}, **headers)
    assert (reply.response.status, reply.record) == (403, None)
    assert not cookie_of(reply.response)


def test_where_nothing_says_where_a_post_came_from_only_a_refusal_counts(fresh: Asking) -> None:
    """SEC-01"""
    assert fresh.post(CHOICE, {"decision": ["accept_all"]}, **{"Sec-Fetch-Site": ""}).response.status == 403
    assert fresh.post(CHOICE, {"decision": ["reject_all"]}, **{"Sec-Fetch-Site": ""}).response.status == 303
    assert (
        fresh.post(
            ACTIVATE, {"service": ["zoom"], "instance": ["1"]}, **{"Sec-Fetch-Site": ""}
        ).response.status
        == 403
    )


ZOOM = {"service": ["zoom"], "instance": ["1"]}
GRANTING = (
    (CHOICE, {"decision": ["accept_all"]}), (CHOICE, {"decision": ["save"], "purpose": ["media"]}),
    (CHOICE, {"decision": ["save"], "service": ["zoom"]}), (ACTIVATE, ZOOM), (ACTIVATE, ZOOM | {"remember": ["on"]}),
)  # fmt: skip
TAKING_BACK = (
    (CHOICE, {"decision": ["reject_all"]}),
    (CHOICE, {"decision": ["save"]}),
    (ACTIVATE, {"service": ["zoom"], "undo": ["on"]}),
)


@pytest.mark.parametrize("destination", ["iframe", "frame", "embed", "object", "fencedframe", " IFrame "])
def test_in_a_frame_nothing_is_agreed_to_and_everything_taken_back(fresh: Asking, destination: str) -> None:
    """SEC-07"""
    for path, form in GRANTING:
        reply = fresh.post(path, form, Sec_Fetch_Dest=destination, Accept_Language="de")
        assert (reply.response.status, reply.record) == (403, None), form
        assert reply.response.headers.all("set-cookie") == []
        # The browser shows no page of ours in a frame, but these words: and there is nothing in them to click on.
        assert "einem eigenen Tab" in reply.response.body.decode()
        assert reply.response.headers.get("content-type") == "text/plain; charset=utf-8"
        assert not reply.response.headers.all("x-frame-options")
    granted = cookie_of(fresh.post(CHOICE, {"decision": ["accept_all"]}).response)
    for path, form in TAKING_BACK:
        reply = replace(fresh, cookie=granted).post(path, form, Sec_Fetch_Dest=destination)
        assert reply.response.status == 303 and reply.record is not None, form
        assert cookie_of(reply.response) not in ("", granted)


@pytest.mark.parametrize("destination", ["", "document", "empty"])
def test_by_itself_or_by_script_a_page_is_agreed_in(fresh: Asking, destination: str) -> None:
    """SEC-07"""
    for path, form in (*GRANTING, *TAKING_BACK):
        reply = fresh.post(path, form, Sec_Fetch_Dest=destination)
        assert reply.response.status == 303 and reply.record is not None


@pytest.mark.parametrize(
    ("path", "form", "field"),
    [
        (CHOICE, {}, "decision"),
        (CHOICE, {"decision": ["x"]}, "decision"),
        (CHOICE, {"decision": ["save"], "purpose": ["x"]}, "purpose"),
        (CHOICE, {"decision": ["save"], "layer": ["x"]}, "layer"),
        (CHOICE, {"decision": ["save"], "language": ["xx"]}, "language"),
        (CHOICE, {"decision": ["save"], "return": ["/a", "/b"]}, "return"),
        (ACTIVATE, {}, "service"),
        (ACTIVATE, {"service": ["none"], "instance": ["1"]}, "service"),
        (ACTIVATE, {"service": ["google-analytics"], "instance": ["1"]}, "service"),
        (ACTIVATE, {"service": ["zoom"]}, "instance"),
        (ACTIVATE, {"service": ["zoom"], "instance": ["0"]}, "instance"),
        (ACTIVATE, {"service": ["zoom"], "instance": ["-1"]}, "instance"),
        (ACTIVATE, {"service": ["zoom"], "instance": ["one"]}, "instance"),
        (ACTIVATE, {"service": ["zoom"], "instance": ["٣"]}, "instance"),
    ],
)
def test_a_bad_field_is_answered_with_400_and_named(
    fresh: Asking, path: str, form: dict[str, list[str]], field: str
) -> None:
    reply = fresh.post(path, form)
    assert (reply.response.status, reply.record) == (400, None)
    assert f"{field}: ".encode() in reply.response.body


def test_what_is_no_form_is_a_bad_request(fresh: Asking) -> None:
    sent = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
    assert fresh.reply("POST", CHOICE, b"{}", **sent).response.status == 400


def test_what_is_wrong_with_a_form_is_said_in_the_visitors_language_and_the_detail_is_marked_as_english(
    fresh: Asking,
) -> None:
    body = fresh.post(CHOICE, {"decision": ["x"]}, Accept_Language="de").response.body.decode()
    assert "<h1>Das wurde nicht ausgeführt</h1>" in body and "stimmt etwas nicht" in body
    assert '<code lang="en">decision: must be one of accept_all, reject_all, save</code>' in body


@pytest.mark.parametrize(
    "bad", ["//evil.example", "https://evil.example", "/\\evil", "/a\r\nSet-Cookie: x=y"]
)
def test_nobody_is_led_to_another_website(fresh: Asking, bad: str) -> None:
    """SEC-02"""
    reply = fresh.post(CHOICE, {"decision": ["reject_all"], "return": [bad]})
    assert reply.response.headers.get("location") == "/"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", CHOICE, "POST"),
        ("HEAD", ACTIVATE, "POST"),
        ("PUT", CHOICE, "POST"),
        ("POST", "/.privacy/preferences", "GET, HEAD"),
        ("DELETE", "/.privacy/your-data", "GET, HEAD"),
        ("OPTIONS", "/.privacy/policy", "GET, HEAD"),
        ("POST", "/.privacy/static/guard.js", "GET, HEAD"),
    ],
)
def test_a_wrong_method_is_405_and_says_the_right_one(
    fresh: Asking, method: str, path: str, allowed: str
) -> None:
    response = fresh.reply(method, path).response
    assert (response.status, response.headers.get("allow")) == (405, allowed)


def test_fifty_gets_grant_nothing(fresh: Asking) -> None:
    for number in range(50):
        reply = fresh.reply("GET", f"{CHOICE}?decision=accept_all&n={number}")
        assert reply.response.status == 405 and not cookie_of(reply.response)


def test_activating_once_leads_back_with_a_short_lived_cookie(fresh: Asking) -> None:
    reply = fresh.post(
        ACTIVATE, {"service": ["linkedin"], "instance": ["2"], "return": ["/news#privacy-scroll=40"]}
    )
    assert reply.response.headers.get("location") == "/news#privacy-scroll=40"
    assert cookie_of(reply.response, "__Host-privacy-once") and not cookie_of(reply.response)
    assert reply.record is not None and reply.record[0].kind == "activation"
    assert reply.record[0].services == ["linkedin"]
    assert "LinkedIn Ireland Unlimited Company" in reply.record[1]


def test_a_browser_that_has_loaded_it_itself_gets_no_such_cookie(fresh: Asking) -> None:
    reply = fresh.post(ACTIVATE, {"service": ["linkedin"], "instance": ["2"], "in_page": ["on"]})
    assert reply.response.status == 204 and reply.record is not None
    assert reply.response.headers.all("set-cookie") == []


def test_always_loading_is_remembered_and_recorded(fresh: Asking, now: datetime) -> None:
    boxes = ["on", "on"]  # one at each of two placeholders
    reply = fresh.post(ACTIVATE, {"service": ["linkedin"], "instance": ["1"], "remember": boxes})
    assert reply.record is not None and reply.record[0].services == ["linkedin"]
    remembered = Asking(fresh.gateway, now, cookie=cookie_of(reply.response))
    page = remembered.page('<body><iframe src="https://www.linkedin.com/embed/x"></iframe>').body
    assert b'<iframe src="https://www.linkedin.com/embed/x">' in page


def test_a_service_that_is_not_listed_cannot_be_activated(make_gateway: MakeGateway, now: datetime) -> None:
    listed = Asking(make_gateway("[services.youtube]\n"), now)
    assert listed.post(ACTIVATE, {"service": ["zoom"], "instance": ["1"]}).response.status == 400


def test_unknown_paths_below_the_prefix_are_never_the_sites(fresh: Asking) -> None:
    for path in ("/.privacy/x", "/.privacy/../x", "/.privacy//choice"):
        assert fresh.reply("GET", path).response.status == 404
    assert fresh.gateway.answer(fresh.request("GET", "/.privacyx"), fresh.now) is None


def test_the_prefix_itself_leads_to_the_preferences(fresh: Asking) -> None:
    for path in ("/.privacy", "/.privacy/"):
        response = fresh.reply("GET", path).response
        assert (response.status, response.headers.get("location")) == (303, "/.privacy/preferences")


def test_the_prefix_can_be_changed(make_gateway: MakeGateway, now: datetime) -> None:
    moved = Asking(make_gateway('[site]\nprefix = "/datenschutz"\n'), now)
    assert moved.reply("GET", "/datenschutz/healthz").response.body == b"ok\n"
    assert moved.gateway.answer(moved.request("GET", "/.privacy/healthz"), now) is None
    assert b'action="/datenschutz/choice"' in moved.page("<body>").body


def test_a_foreign_host_is_misdirected(make_gateway: MakeGateway, now: datetime) -> None:
    gateway = make_gateway('[site]\nhosts = ["www.example.com"]\n')
    assert gateway.answer(Asking(gateway, now).request("GET", "/"), now) is None
    reply = Asking(gateway, now, host="evil.example").reply("GET", "/")
    assert reply.response.status == 421


def test_static_files_are_served_under_names_that_change_with_them(fresh: Asking) -> None:
    page = fresh.page("<head></head><body>").body.decode()
    path = page.split('src="')[1].split('"')[0]
    reply = fresh.reply("GET", path).response
    assert (reply.status, reply.media_type) == (200, "text/javascript")
    assert reply.headers.get("cache-control") == "public, max-age=31536000, immutable"
    assert fresh.reply("GET", "/.privacy/static/guard.js").response.status == 404


def test_a_static_file_is_sent_zipped_to_who_takes_it(fresh: Asking) -> None:
    page = fresh.page("<head></head><body>").body.decode()
    path = page.split('src="')[1].split('"')[0]
    plain = fresh.reply("GET", path).response
    zipped = fresh.reply("GET", path, Accept_Encoding="br, gzip").response
    assert plain.headers.get("content-encoding") == ""
    assert zipped.headers.get("content-encoding") == "gzip"
    assert plain.headers.get("vary") == zipped.headers.get("vary") == "Accept-Encoding"
    assert gzip.decompress(zipped.body) == plain.body
    assert len(zipped.body) < len(plain.body) / 2


def reported(asking: Asking, *hosts: str, **headers: str) -> Reply:
    bundle = [
        {
            "type": "csp-violation",
            "body": {"blockedURL": f"https://{host}/x?y", "effectiveDirective": "img-src"},
        }
        for host in hosts
    ]
    given = {"Content_Type": "application/reports+json", "Sec_Fetch_Site": "same-origin"} | headers
    return asking.reply("POST", "/.privacy/reports", json.dumps(bundle).encode(), **given)


def test_of_reports_host_and_owner_are_counted_and_nothing_else(fresh: Asking) -> None:
    """SEC-13"""
    reply = reported(
        fresh,
        "cdn.example.net",
        "www.google-analytics.com",
        "px.owneriq.net",
        "www.example.com",
    )
    assert (reply.response.status, reply.response.body, reply.record) == (204, b"", None)
    assert [(one.host, one.owner) for one in reply.blocked] == [
        ("cdn.example.net", "unlisted"),
        ("www.google-analytics.com", "google-analytics"),
        ("px.owneriq.net", "Inmar (OwnerIQ)"),
        ("www.example.com", "the site itself"),
    ]
    assert {(one.directive, one.day) for one in reply.blocked} == {("img-src", "2026-11-24")}


def test_what_a_click_loads_in_place_is_counted_only_where_the_policy_is_enforced(
    make_gateway: MakeGateway, now: datetime
) -> None:
    assert reported(Asking(make_gateway(), now), "www.youtube.com").blocked == ()
    holding = make_gateway('[third_parties]\nunlisted = "hold"\n')
    assert [one.owner for one in reported(Asking(holding, now), "www.youtube.com").blocked] == ["youtube"]
    unlisted = make_gateway("[services.zoom]")
    assert [one.owner for one in reported(Asking(unlisted, now), "www.youtube.com").blocked] == ["youtube"]


def test_what_the_visitor_has_released_is_not_counted_while_the_old_page_is_open(
    make_gateway: MakeGateway, now: datetime
) -> None:
    gateway = make_gateway("[services.hotjar]")
    cookie = consented(gateway, now, service=["hotjar"])
    assert reported(Asking(gateway, now, cookie=cookie), "static.hotjar.com").blocked == ()
    assert [one.owner for one in reported(Asking(gateway, now), "static.hotjar.com").blocked] == ["hotjar"]


def test_another_website_cannot_report(fresh: Asking) -> None:
    reply = reported(fresh, "x.example", Sec_Fetch_Site="cross-site")
    assert (reply.response.status, reply.blocked) == (403, ())
    other = reported(fresh, "x.example", Sec_Fetch_Site="", Origin="https://other.example")
    assert (other.response.status, other.blocked) == (403, ())


def test_what_is_no_report_is_a_bad_request(fresh: Asking) -> None:
    assert reported(fresh, Content_Type="text/plain").response.status == 400
    assert fresh.reply("GET", "/.privacy/reports").response.status == 405


def test_while_reports_are_plenty_pages_ask_for_none(make_gateway: MakeGateway, now: datetime) -> None:
    for site, left in (("", []), ('[third_parties]\nunlisted = "hold"\n', [""])):
        asking = Asking(make_gateway(site), now)
        for _ in range(MOST_A_MINUTE // 50):
            reported(asking, *["x.example"] * 50)
        fields = asking.page("<p>").headers
        policies = fields.all("content-security-policy") + fields.all("content-security-policy-report-only")
        assert [policy.partition("report-uri")[1] for policy in policies] == left
        asking.now += timedelta(minutes=1)
        assert "report-uri /.privacy/reports" in str(asking.page("<p>").headers)


def test_our_own_pages_are_never_stored_or_framed(fresh: Asking) -> None:
    """SEC-07"""
    for path in ("/.privacy/preferences", "/.privacy/policy", "/.privacy/your-data", "/.privacy/none"):
        headers: Headers = fresh.reply("GET", path).response.headers
        assert headers.get("cache-control") == "no-store, no-transform"
        assert "frame-ancestors 'none'" in headers.get("content-security-policy")
        assert headers.get("x-frame-options") == "DENY"
        assert headers.all("set-cookie") == []


def test_a_second_click_keeps_what_the_first_one_loaded(make_gateway: MakeGateway, now: datetime) -> None:
    film, post = (
        "https://www.youtube.com/embed/abcdefghijk",
        "https://www.linkedin.com/embed/feed/update/urn:li:share:1",
    )
    html = f'<body><iframe src="{film}"></iframe><iframe src="{post}"></iframe>'
    asking = Asking(
        make_gateway('[third_parties]\nunlisted = "hold"\n[services.youtube]\n[services.linkedin]'), now
    )
    loaded: list[str] = []
    page = ""
    for service, number in (("youtube", "1"), ("linkedin", "2")):
        form = {"service": [service], "instance": [number], "return": ["/"], "loaded": loaded}
        asking.cookie = cookie_of(asking.post(ACTIVATE, form).response, "__Host-privacy-once")
        page = asking.page(html).body.decode()
        loaded = re.findall(r'name="loaded" value="([^"]+)"', page)
    assert film in page and post in page
    assert 'data-privacy="placeholder"' not in page


@pytest.mark.parametrize("value", ["zoom 1", "youtube", "youtube 0", "youtube x", "youtube 1 2", ""])
def test_what_was_not_loadable_cannot_be_kept_loaded(
    make_gateway: MakeGateway, now: datetime, value: str
) -> None:
    asking = Asking(make_gateway("[services.youtube]"), now)
    form = {"service": ["youtube"], "instance": ["1"], "loaded": [value]}
    response = asking.post(ACTIVATE, form).response
    assert response.status == 400 and b"loaded" in response.body


def test_an_answer_in_the_page_says_what_may_load_there(make_gateway: MakeGateway, now: datetime) -> None:
    fresh = Asking(make_gateway("[services.youtube]\n[services.google-analytics]\n"), now)
    given = {"layer": ["notice"], "in_page": ["on"]}
    some = fresh.post("/.privacy/choice", given | {"decision": ["save"], "service": ["youtube"]})
    assert some.response.status == 200 and json.loads(some.response.body) == {"load": ["youtube"]}
    assert cookie_of(some.response) and some.record
    linked = {"decision": ["save"], "purpose": ["analytics", "analytics_linking"]}
    both = json.loads(fresh.post("/.privacy/choice", given | linked).response.body)
    assert both == {"load": ["google-analytics", "analytics_linking"]}
    none = fresh.post("/.privacy/choice", given | {"decision": ["reject_all"]})
    assert json.loads(none.response.body) == {"load": []}


UNDO = {"service": ["linkedin"], "undo": ["on"], "return": ["/news"]}
POST_OF_LINKEDIN = '<body><iframe src="https://www.linkedin.com/embed/x"></iframe>'


@pytest.mark.parametrize("granted", [{"service": ["linkedin"]}, {"purpose": ["social_media"]}], ids=str)
def test_a_plug_in_is_switched_off_where_it_stands(
    fresh: Asking, now: datetime, granted: dict[str, list[str]]
) -> None:
    """PLH-05"""
    fresh.page(POST_OF_LINKEDIN)
    loaded = Asking(fresh.gateway, now, cookie=consented(fresh.gateway, now, **granted))
    assert b'data-privacy="undo"' in loaded.page(POST_OF_LINKEDIN).body
    reply = loaded.post(ACTIVATE, UNDO)
    assert (reply.response.status, reply.response.headers.get("location")) == (303, "/news")
    assert reply.record is not None and reply.record[0].kind == "withdrawal"
    assert reply.unrecorded is None  # it takes effect whatever becomes of the record
    loaded.cookie = cookie_of(reply.response)
    page = loaded.page(POST_OF_LINKEDIN).body
    assert b'data-privacy="placeholder"' in page and b'<iframe src="https://' not in page


def test_switching_off_needs_no_sign_of_where_it_comes_from_but_no_foreign_one(fresh: Asking) -> None:
    """PLH-05"""
    assert fresh.post(ACTIVATE, UNDO, Sec_Fetch_Site="").response.status == 303
    assert fresh.post(ACTIVATE, UNDO, Sec_Fetch_Site="cross-site").response.status == 403
    assert fresh.post(ACTIVATE, UNDO | {"service": ["nobody"]}).response.status == 400


def test_taking_back_part_of_a_consent_waits_for_nothing(fresh: Asking) -> None:
    """CON-08"""
    granted = cookie_of(fresh.post(CHOICE, {"decision": ["accept_all"]}).response)
    for form in (
        {"decision": ["reject_all"], "asked": ["media"], "layer": ["notice"]},
        {"decision": ["save"], "purpose": ["media"]},
    ):
        reply = replace(fresh, cookie=granted).post(CHOICE, form, **{"Sec-Fetch-Site": ""})
        assert reply.response.status == 303 and cookie_of(reply.response) != granted
        assert reply.unrecorded is None and reply.record is not None and reply.record[0].ends


def test_what_is_kept_of_the_second_layer_is_the_same_for_everybody(gateway: Gateway, now: datetime) -> None:
    """PRC-06: texts are kept in clear, and outlive what is erased."""
    cookies = [
        "",
        consented(gateway, now, decision=["accept_all"]),
        consented(gateway, now, service=["zoom"]),
    ]
    form = {"decision": ["save"], "purpose": ["media"]}
    replies = [Asking(gateway, now, cookie=cookie).post(CHOICE, form) for cookie in cookies]
    texts = {reply.record[1] for reply in replies if reply.record}
    assert len(texts) == 1
    text = texts.pop()
    assert "checked" not in text and 'data-part="state"' not in text and 'value="media"' in text
