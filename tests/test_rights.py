"""The rights on what the gateway holds: what each changes, what it needs, and what it leaves alone."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from consent_gateway.consent import Consent
from consent_gateway.gateway import Gateway
from consent_gateway.holding import Holding
from consent_gateway.seen import Seen
from consent_gateway.visit import Reply
from tests.asking import CHROME, Asking, cookie_of
from tests.conftest import MakeGateway

SITE = "[services.google-analytics]\n[services.hotjar]\n[services.youtube]\n[services.zoom]\n"
RIGHTS, CHOICE, ACTIVATE = "/.privacy/rights", "/.privacy/choice", "/.privacy/activate"
PAGE = (
    '<!doctype html><html lang="en"><body><script src="https://static.hotjar.com/c/hotjar-1.js"></script>'
    '<iframe src="https://www.youtube.com/embed/abcdefghijk" width="560" height="315"></iframe></body></html>'
)
VIDEO, ADVERTISING = b'src="https://www.youtube.com/embed/', b'src="https://static.hotjar.com'
HIT = "/.privacy/ga/g/collect?v=2&tid=G-TEST123&en=page_view"


@pytest.fixture
def gateway(make_gateway: MakeGateway) -> Gateway:
    return make_gateway(SITE, seen=Seen(properties=frozenset(("G-TEST123",))))


@pytest.fixture
def agreed(gateway: Gateway, now: datetime) -> Asking:
    """A browser that has agreed to everything by ticks, and to Hotjar by name besides."""
    asking = Asking(gateway, now, signals={"User-Agent": CHROME})
    form = {"purpose": ["analytics", "media", "webinars", "marketing"], "service": ["hotjar"]}
    take(asking, asking.post(CHOICE, {"decision": ["save"], **form}))
    assert consent(asking).receipt and VIDEO in asking.page(PAGE).body
    return asking


def take(asking: Asking, reply: Reply, status: int = 303) -> Reply:
    """The browser with the cookie that a reply sets."""
    assert reply.response.status == status, reply.response.body.decode()
    asking.cookie = cookie_of(reply.response) or asking.cookie
    return reply


def act(asking: Asking, action: str, status: int = 303, /, **fields: list[str]) -> Reply:
    return take(asking, asking.post(RIGHTS, {"action": [action], **fields}), status)


def consent(asking: Asking) -> Consent:
    return asking.gateway._cookie.read(asking.request("GET", "/"), asking.now)


def page(asking: Asking, query: str = "") -> str:
    return asking.reply("GET", f"/.privacy/your-data?{query}").response.body.decode()


def token(asking: Asking, action: str) -> list[str]:
    """From the form that a page has for it."""
    html = page(asking, f"confirm={action}")
    found = re.search(r'name="token" value="([^"]+)"', html)
    assert found, html
    return [found[1]]


def where(reply: Reply) -> str:
    return reply.response.headers.get("location")


# ---- what every form is held to ---------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_prc_11_nothing_happens_but_by_post(agreed: Asking, method: str) -> None:
    reply = agreed.reply(method, f"{RIGHTS}?action=revoke")
    assert (reply.response.status, reply.response.headers.get("allow")) == (405, "POST")


@pytest.mark.parametrize("action", ["rectify", "restrict", "lift", "erase", "object", "revoke"])
def test_prc_11_another_website_can_exercise_nothing(agreed: Asking, action: str) -> None:
    form = {"action": [action], "confirm": ["yes"], "token": token(agreed, "erase")}
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
    ):
        reply = agreed.post(RIGHTS, form, **headers)
        assert (reply.response.status, reply.record, reply.erasure) == (403, None, None)
        assert not cookie_of(reply.response)


@pytest.mark.parametrize(
    ("form", "field"),
    [({}, "action"), ({"action": ["x"]}, "action"), ({"action": ["object"], "layer": ["x"]}, "layer"),
     ({"action": ["revoke"], "language": ["xx"]}, "language")],
)  # fmt: skip
def test_a_bad_field_is_named(agreed: Asking, form: dict[str, list[str]], field: str) -> None:
    reply = agreed.post(RIGHTS, form)
    assert reply.response.status == 400 and f"{field}: ".encode() in reply.response.body


@pytest.mark.parametrize("action", ["restrict", "object", "revoke"])
def test_nobody_is_led_to_another_website(agreed: Asking, action: str) -> None:
    reply = act(agreed, action, **{"return": ["https://evil.example/"]})
    assert where(reply) == f"/.privacy/your-data?done={action}&language=en"


@pytest.mark.parametrize("action", ["restrict", "object", "revoke"])
def test_prc_08_what_protects_the_visitor_needs_no_token_and_no_word_of_where_it_came_from(
    agreed: Asking, action: str
) -> None:
    reply = agreed.post(RIGHTS, {"action": [action]}, **{"Sec-Fetch-Site": ""})
    assert (reply.response.status, reply.unrecorded) == (303, None)
    assert reply.record and reply.record[0].layer == "your_data" and reply.record[0].ends


# ---- blocking ---------------------------------------------------------------------------------


def test_prc_05_a_block_holds_everything_and_changes_nothing_of_what_is_stored(agreed: Asking) -> None:
    before = consent(agreed)
    reply = act(agreed, "restrict")
    assert consent(agreed) == replace(before, restricted=agreed.now, turn=1000)
    body = agreed.page(PAGE).body
    assert VIDEO not in body and ADVERTISING not in body and b'data-privacy="notice"' not in body
    assert b'data-privacy="placeholder"' in body and b'data-load="' not in body
    assert agreed.reply("POST", HIT).outbound is None
    assert agreed.reply("GET", "/.privacy/ga/gtag/js?id=G-TEST123").response.status == 403
    assert reply.record is not None
    record, shown = reply.record
    assert (record.kind, record.granted.keys(), record.receipt) == (
        "restriction",
        before.granted.keys(),
        before.receipt,
    )
    assert "no service that you agreed to loads, and nothing is passed on" in shown and "token" not in shown


def test_prc_05_a_server_of_the_site_is_told_nothing_to_report_with(
    make_gateway: MakeGateway, now: datetime
) -> None:
    own = '[analytics]\nservers = ["192.0.2.1"]\n[services.google-analytics]\n'
    asking = Asking(make_gateway(own), now)
    take(asking, asking.post(CHOICE, {"decision": ["accept_all"]}))
    told = [asking.gateway.forwarded(asking.request("GET", "/"), now).headers.get("privacy-analytics")]
    act(asking, "restrict")
    told.append(asking.gateway.forwarded(asking.request("GET", "/"), now).headers.get("privacy-analytics"))
    assert told[0] and not told[1]


def test_prc_05_what_services_have_stored_is_neither_handed_on_nor_deleted_while_it_is_blocked(
    make_gateway: MakeGateway, now: datetime
) -> None:
    own = '[cookies.seat]\npurpose = "functional"\nreason = "remembers your seat"\n[services.zoom]\n'
    asking = Asking(make_gateway(own), now)
    take(asking, asking.post(CHOICE, {"decision": ["save"], "purpose": ["functional"]}))
    asking.cookie += "; seat=12"
    assert "seat=12" in asking.gateway.forwarded(asking.request("GET", "/"), now).headers.get("cookie")
    reply = asking.post(RIGHTS, {"action": ["restrict"]})
    asking.cookie = f"{cookie_of(reply.response)}; seat=12"
    assert "seat" not in asking.gateway.forwarded(asking.request("GET", "/"), now).headers.get("cookie")
    for response in (reply.response, asking.page(PAGE)):
        assert not any(value.startswith("seat=") for value in response.headers.all("set-cookie"))


def test_prc_05_nothing_can_be_switched_on_while_it_is_blocked_and_the_answer_says_how(
    agreed: Asking,
) -> None:
    act(agreed, "revoke")
    act(agreed, "restrict")
    posts = (
        (CHOICE, {"decision": ["accept_all"]}),
        (CHOICE, {"decision": ["accept_all"], "layer": ["notice"], "in_page": ["on"]}),
        (CHOICE, {"decision": ["save"], "purpose": ["media"]}),
        (ACTIVATE, {"service": ["youtube"], "instance": ["1"]}),
        (ACTIVATE, {"service": ["youtube"], "instance": ["1"], "remember": ["on"], "in_page": ["on"]}),
        (RIGHTS, {"action": ["rectify"], "asked": ["media"], "purpose": ["media"]}),
    )
    for path, form in posts:
        reply = agreed.post(path, form)
        assert (reply.response.status, reply.record) == (409, None), form
        assert b"Lift the block first" in reply.response.body and not cookie_of(reply.response)
        assert b'href="/.privacy/your-data?language=en"' in reply.response.body


@pytest.mark.parametrize("action", ["restrict", "revoke", "object"])
def test_prc_08_what_was_just_activated_once_is_not_any_more(agreed: Asking, action: str) -> None:
    for browser in (agreed, Asking(agreed.gateway, agreed.now)):
        reply = act(browser, action)
        assert cookie_of(reply.response, "__Host-privacy-once") == "__Host-privacy-once="


def test_prc_05_what_was_just_activated_once_is_blocked_as_well(agreed: Asking) -> None:
    act(agreed, "revoke")
    once = take(agreed, agreed.post(ACTIVATE, {"service": ["youtube"], "instance": ["1"], "return": ["/"]}))
    act(agreed, "restrict")
    agreed.cookie += f"; {cookie_of(once.response, '__Host-privacy-once')}"
    assert VIDEO not in agreed.page(PAGE).body


@pytest.mark.parametrize("how", ["rectify", "save", "undo", "revoke"])
def test_prc_08_withdrawing_works_while_everything_is_blocked(agreed: Asking, how: str) -> None:
    act(agreed, "restrict")
    before = consent(agreed)
    form = {"asked": ["media"], "service": ["hotjar"]}
    if how == "rectify":
        act(agreed, "rectify", **form)
    elif how == "save":
        take(agreed, agreed.post(CHOICE, {"decision": ["save"], **form}))
    elif how == "undo":
        take(agreed, agreed.post(ACTIVATE, {"service": ["youtube"], "undo": ["on"]}))
    else:
        act(agreed, "revoke")
    after = consent(agreed)
    assert after.restricted and "media" not in after.granted
    if how != "revoke":
        assert set(before.granted) - set(after.granted) == {"media"} and after.services == {"hotjar"}


def test_prc_05_the_visitor_is_told_what_runs_again_before_the_block_is_lifted(agreed: Asking) -> None:
    act(agreed, "restrict")
    asked = act(agreed, "lift")
    assert (where(asked), asked.record) == ("/.privacy/your-data?confirm=lift&language=en", None)
    html = page(agreed, "confirm=lift")
    assert "Lift the block?" in html
    for name in ("YouTube", "Zoom", "Google Analytics", "Hotjar"):
        assert f"<li>{name}</li>" in html
    reply = act(agreed, "lift", confirm=["yes"], token=token(agreed, "lift"))
    assert reply.record and (reply.record[0].kind, reply.record[0].ends) == ("lifting", False)
    assert "YouTube" not in reply.record[1] and "youtube" in reply.terms, "the record says what runs again"
    assert {*reply.record[0].granted, *reply.record[0].services} >= {"media", "hotjar"}
    assert reply.unrecorded and reply.unrecorded.status == 503, "without a record nothing runs again"
    assert VIDEO in agreed.page(PAGE).body and consent(agreed).restricted is None
    lifted = agreed.reply("GET", "/.privacy/your-data?done=lift").lookup
    assert lifted
    said = lifted.answer([Holding(number=3, record=reply.record[0])]).response.body.decode()
    assert "The block is lifted" in said


def test_prc_11_a_block_is_lifted_only_with_a_token(agreed: Asking) -> None:
    act(agreed, "restrict")
    for bad in ([], [""], ["x~y"], token(agreed, "erase")):
        reply = act(agreed, "lift", 403, confirm=["yes"], **({"token": bad} if bad else {}))
        assert reply.record is None and not cookie_of(reply.response)
    assert consent(agreed).restricted


def test_a_block_of_a_browser_that_nothing_is_known_of_is_remembered_without_an_id(
    gateway: Gateway, now: datetime
) -> None:
    """PRC-05"""
    one, other = Asking(gateway, now), Asking(gateway, now + timedelta(hours=1))
    records = [act(asking, "restrict").record for asking in (one, other)]
    assert one.cookie == other.cookie != ""
    assert [record and (record[0].time, record[0].receipt, record[0].granted) for record in records] == [
        ("2026-11-24", "", {})
    ] * 2
    assert b'data-privacy="notice"' not in one.page(PAGE).body
    act(one, "lift", confirm=["yes"], token=token(one, "lift"))
    assert b'data-privacy="notice"' in one.page(PAGE).body


def test_who_blocks_twice_or_lifts_nothing_changes_nothing(agreed: Asking) -> None:
    reply = act(agreed, "lift", confirm=["yes"])
    assert (where(reply), reply.record) == ("/.privacy/your-data?language=en", None)
    act(agreed, "restrict")
    again = act(agreed, "restrict")
    assert (again.record, cookie_of(again.response)) == (None, "")


# ---- objecting --------------------------------------------------------------------------------


def test_prc_07_an_objection_takes_back_all_advertising_at_once_and_nothing_else(agreed: Asking) -> None:
    agreed.cookie += "; _hjSessionUser_1=x"
    reply = agreed.post(RIGHTS, {"action": ["object"]})
    cleared = [value for value in reply.response.headers.all("set-cookie") if value.startswith("_hj")]
    assert cleared, "what Hotjar has left goes with it"
    before = consent(agreed)
    take(agreed, reply)
    after = consent(agreed)
    assert set(before.granted) - set(after.granted) == {"marketing"} and after.services == frozenset()
    body = agreed.page(PAGE).body
    assert ADVERTISING not in body and VIDEO in body
    assert reply.record is not None
    record = reply.record[0]
    assert (record.kind, record.receipt, record.turn) == ("objection", before.receipt, 1000)
    assert "without giving a reason" in reply.record[1]
    assert "You have objected" in page(agreed, "done=object")


def test_prc_07_it_works_without_any_cookie_and_is_stored_without_an_id(
    gateway: Gateway, now: datetime
) -> None:
    one, other = Asking(gateway, now), Asking(gateway, now + timedelta(hours=2))
    replies = [act(asking, "object") for asking in (one, other)]
    assert one.cookie == other.cookie != ""
    for reply in replies:
        assert reply.record is not None and reply.unrecorded is None
        record = reply.record[0]
        assert (record.kind, record.time, record.receipt, record.granted) == (
            "objection",
            "2026-11-24",
            "",
            {},
        )
        assert record.refused.keys() == {"marketing"}
    body = one.page(PAGE).body
    assert b'data-privacy="notice"' in body, "everything else is still asked about"
    assert b"You have objected to advertising." in body
    assert b"Something has changed here" not in body


def test_prc_07_accept_all_does_not_bring_advertising_back_and_a_tick_of_its_own_does(
    gateway: Gateway, now: datetime
) -> None:
    asking = Asking(gateway, now)
    act(asking, "object")
    take(asking, asking.post(CHOICE, {"decision": ["accept_all"]}))
    body = asking.page(PAGE).body
    assert ADVERTISING not in body and VIDEO in body
    html = asking.reply("GET", "/.privacy/preferences").response.body.decode()
    assert "You have objected to advertising. It stays off unless you tick it here." in html
    take(asking, asking.post(CHOICE, {"decision": ["save"], "purpose": ["marketing"]}))
    assert ADVERTISING in asking.page(PAGE).body
    asking.now += timedelta(days=200)
    assert consent(asking).objected and ADVERTISING not in asking.page(PAGE).body


def test_prc_07_from_the_policy_page_one_comes_back_to_it(gateway: Gateway, now: datetime) -> None:
    asking = Asking(gateway, now)
    html = asking.reply("GET", "/.privacy/policy").response.body.decode()
    form = re.search(r'<section data-part="objection".*?</section>', html, re.S)
    assert form and 'name="layer" value="policy"' in form[0] and "<h2" in form[0]
    reply = act(asking, "object", layer=["policy"])
    assert where(reply) == "/.privacy/policy?done=object&language=en#objection"
    assert reply.record and reply.record[0].layer == "policy"
    there = asking.reply("GET", "/.privacy/policy?done=object").response.body.decode()
    assert "You have objected to advertising. It is off from now on." in there


def test_an_objection_ends_also_what_the_browsers_signal_had_only_covered(agreed: Asking) -> None:
    """PRC-07: with Sec-GPC a swept grant is not seen, but would be back without the signal."""
    fresh = Asking(agreed.gateway, agreed.now)
    take(fresh, fresh.post(CHOICE, {"decision": ["accept_all"]}))
    signalling = replace(fresh, signals={"Sec-GPC": "1"})
    reply = act(signalling, "object")
    assert reply.record and reply.record[0].ends and reply.record[0].signal


def test_prc_07_who_objects_after_refusing_stays_one_of_many(gateway: Gateway, now: datetime) -> None:
    asking = Asking(gateway, now)
    take(asking, asking.post(CHOICE, {"decision": ["reject_all"]}))
    reply = act(asking, "object")
    assert reply.record and (reply.record[0].receipt, reply.record[0].time) == ("", "2026-11-24")
    assert len(consent(asking).refused) == 5 and not consent(asking).receipt


def test_prc_07_where_nothing_of_advertising_was_agreed_the_rest_stays_and_what_other_tabs_agree_to_ends(
    gateway: Gateway, now: datetime
) -> None:
    asking = Asking(gateway, now)
    take(asking, asking.post(CHOICE, {"decision": ["save"], "purpose": ["media"]}))
    before = consent(asking)
    reply = act(asking, "object")
    after = consent(asking)
    assert replace(after, objected=None, turn=before.turn) == before
    assert reply.record and reply.record[0].ends and reply.record[0].least_turn == after.turn == 1000
    assert (reply.record[0].receipt, reply.record[0].granted) == (before.receipt, before.granted)


# ---- changing and withdrawing -----------------------------------------------------------------


def test_prc_04_what_was_agreed_to_can_be_set_right(agreed: Asking) -> None:
    html = page(agreed)
    form = re.search(r'<section data-part="wide" aria-labelledby="rectify-heading">.*?</section>', html, re.S)
    assert form
    asked = re.findall(r'name="asked" value="(\w+)"', form[0])
    assert set(re.findall(r'value="([\w-]+)" checked', form[0])) == {
        "analytics",
        "media",
        "webinars",
        "marketing",
        "hotjar",
    }
    reply = act(agreed, "rectify", asked=asked, purpose=["media"], service=["hotjar"])
    after = consent(agreed)
    assert set(after.granted) == {"media"} and set(after.services) == {"hotjar"}
    assert reply.record and (reply.record[0].kind, reply.record[0].layer) == ("change", "your_data")
    assert "Saved" in page(agreed, "done=rectify")
    grants = agreed.post(
        RIGHTS, {"action": ["rectify"], "asked": asked, "purpose": asked}, **{"Sec-Fetch-Site": ""}
    )
    assert grants.response.status == 403, "what grants has to come from here"


def test_prc_04_what_changes_nothing_is_no_change_and_nobody_is_told(agreed: Asking) -> None:
    before = consent(agreed)
    form = {"asked": [*before.granted, *before.refused], "purpose": [*before.granted], "service": ["hotjar"]}
    agreed.now += timedelta(days=1)
    reply = act(agreed, "rectify", **form)
    assert where(reply) == "/.privacy/your-data?done=rectify&language=en"
    assert (reply.record, reply.noticing, reply.lookup, cookie_of(reply.response)) == (None, None, None, "")
    assert consent(agreed) == before, "nor is it remembered for longer"
    assert act(agreed, "rectify", **{**form, "service": []}).record


def test_prc_04_without_a_form_of_ours_the_settings_are_where_it_goes(agreed: Asking) -> None:
    reply = act(agreed, "rectify", purpose=["media"])
    assert (where(reply), reply.record) == ("/.privacy/preferences?language=en", None)


def test_prc_08_one_post_withdraws_everything(agreed: Asking) -> None:
    receipt = consent(agreed).receipt
    reply = act(agreed, "revoke")
    assert not consent(agreed).grants_anything and not consent(agreed).handle
    assert reply.record and (reply.record[0].kind, reply.record[0].receipt) == ("withdrawal", receipt)
    assert "You have withdrawn everything" in page(agreed, "done=revoke")


# ---- erasing ----------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", ["", "x~y", "other host", "old", "lift", "another"])
def test_prc_11_without_a_token_of_this_form_nothing_is_erased(agreed: Asking, bad: str) -> None:
    """SEC-01"""
    good = token(agreed, "erase")
    other = replace(agreed, host="www.example.org", cookie="")
    stranger = replace(agreed, cookie="")
    tokens = {
        "other host": token(other, "erase"),
        "another": token(stranger, "erase"),
        "old": good,
        "lift": good,
    }
    if bad == "old":
        agreed.now += timedelta(minutes=61)
    if bad == "lift":
        act(agreed, "restrict")
        tokens["lift"] = token(agreed, "lift")
    form = {"token": tokens.get(bad, [bad])} if bad else {}
    for confirm in ({}, {"confirm": ["yes"]}):
        reply = act(agreed, "erase", 403, **form, **confirm)
        assert (reply.erasure, cookie_of(reply.response)) == (None, "")
        assert b"This form is too old" in reply.response.body


def test_prc_11_erasing_is_shown_before_it_happens_and_asks_once(agreed: Asking) -> None:
    first = act(agreed, "erase", token=token(agreed, "erase"))
    assert (where(first), first.erasure) == ("/.privacy/your-data?confirm=erase&language=en", None)
    html = page(agreed, "confirm=erase")
    assert (
        "Erase for good?" in html
        and "cannot be brought back" in html
        and 'name="confirm" value="yes"' in html
    )


def test_prc_06_erasing_asks_for_the_end_of_all_that_is_held_and_expires_every_cookie(agreed: Asking) -> None:
    receipt, good = consent(agreed).receipt, token(agreed, "erase")
    agreed.cookie += "; __Host-privacy-session=x; _hjSessionUser_1=x"
    reply = agreed.post(RIGHTS, {"action": ["erase"], "confirm": ["yes"], "token": good})
    assert where(reply) == "/.privacy/your-data?done=erase&language=en"
    assert reply.erasure is not None and (reply.erasure.receipt, reply.erasure.retained) == (receipt, "")
    assert reply.unrecorded is not None and reply.unrecorded.status == 503
    assert not list(reply.unrecorded.headers.all("set-cookie")), "he can try again"
    expired = [
        value.partition("=")[0]
        for value in reply.response.headers.all("set-cookie")
        if "max-age=0" in value.lower()
    ]
    assert {"__Host-privacy", "__Host-privacy-once", "__Host-privacy-saved", "__Host-privacy-session"} <= set(
        expired
    )
    assert "_hjSessionUser_1" in expired


def test_prc_06_where_the_law_demands_to_keep_records_the_visitor_is_told(
    make_gateway: MakeGateway, now: datetime
) -> None:
    duty = '[retention.consent]\nperiod = "6 years"\nground = "HGB § 257"\nstatutory = true\n'
    asking = Asking(make_gateway(SITE + duty), now)
    take(asking, asking.post(CHOICE, {"decision": ["accept_all"]}))
    reply = act(asking, "erase", confirm=["yes"], token=token(asking, "erase"))
    assert reply.erasure is not None and reply.erasure.retained == "HGB § 257"
    asking.cookie = ""
    said = page(asking, "done=erase")
    assert "the law demands that they are kept for 6 years after the consent has ended (HGB § 257)" in said
    assert "holds nothing" not in said


def test_who_has_only_refused_can_erase_that_without_the_ledger(gateway: Gateway, now: datetime) -> None:
    """PRC-06"""
    asking = Asking(gateway, now)
    take(asking, asking.post(CHOICE, {"decision": ["reject_all"]}))
    reply = asking.post(RIGHTS, {"action": ["erase"], "confirm": ["yes"], "token": token(asking, "erase")})
    assert (reply.response.status, reply.erasure, reply.lookup) == (303, None, None)
    assert cookie_of(reply.response) == "__Host-privacy="


@pytest.mark.parametrize("done", ["restrict", "lift", "erase", "object", "revoke", "x", "<b>"])
def test_a_link_cannot_make_the_page_say_what_is_not_so(agreed: Asking, done: str) -> None:
    assert 'role="status"' not in page(agreed, f"done={done}")


@pytest.mark.parametrize("action", ["restrict", "revoke"])
def test_prc_05_other_tabs_are_told_what_may_still_load(agreed: Asking, action: str) -> None:
    act(agreed, action)
    html = page(agreed, f"done={action}")
    assert re.search(r'<script src="/\.privacy/static/tabs\.\w+\.js" data-load=""', html)


def test_prc_07_other_tabs_are_told_so_from_the_policy_page_too(agreed: Asking) -> None:
    act(agreed, "object", layer=["policy"])
    html = agreed.reply("GET", "/.privacy/policy?done=object").response.body.decode()
    assert 'data-load="google-analytics youtube zoom"' in html


# ---- recipients -------------------------------------------------------------------------------


def test_prc_10_a_notice_is_due_to_every_service_that_has_had_data(agreed: Asking) -> None:
    expected = {"google-analytics", "hotjar", "youtube", "zoom"}
    for action in ("rectify", "restrict"):
        reply = agreed.post(RIGHTS, {"action": [action], "asked": ["media"]})
        assert reply.noticing and reply.noticing.right == action
        assert {service for service, _ in reply.noticing.recipients} == expected
    act(agreed, "restrict")
    erased = agreed.post(RIGHTS, {"action": ["erase"], "confirm": ["yes"], "token": token(agreed, "erase")})
    assert erased.noticing and erased.noticing.right == "erase"
    assert {service for service, _ in erased.noticing.recipients} == expected, "blocked by now or not"
    assert not agreed.post(RIGHTS, {"action": ["object"]}).noticing


def test_prc_05_while_everything_is_blocked_no_placeholder_offers_what_would_be_refused(
    agreed: Asking,
) -> None:
    act(agreed, "restrict")
    blocked = agreed.page(PAGE).body.decode()
    assert 'data-privacy="placeholder"' in blocked and 'data-privacy="activate"' not in blocked
