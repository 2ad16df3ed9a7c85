"""BAN: what the notice says, asks and never does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from consent_gateway.catalogue import Catalogue
from consent_gateway.datafile import Faulty, parse
from consent_gateway.gateway import Gateway
from consent_gateway.rendering import templates_folder
from consent_gateway.site import Site
from consent_gateway.site_values import LANGUAGES, Reference
from consent_gateway.wording import load
from tests.asking import Asking, consented, cookie_of
from tests.conftest import MakeGateway

SITE = """[site]
hosts = ["www.example.com"]
[controller]
name = "Example AG"
contact = "privacy@example.com"
[third_parties]
unlisted = "hold"
[services.google-analytics]
[services.linkedin]
[services.youtube]
[services.zoom]
[services.hotjar]
"""
PAGE = (
    '<!doctype html><html lang="en"><head><title>x</title></head><body><a href="#main">Skip</a><main id="main">'
    '<iframe src="https://www.youtube.com/embed/abcdefghijk" width="560" height="315"></iframe>'
    '<script src="https://static.hotjar.com/c/hotjar-1.js"></script></main></body></html>'
)
CHOICE = "/.privacy/choice"


@pytest.fixture
def gateway(make_gateway: MakeGateway) -> Gateway:
    return make_gateway(SITE)


def notice_of(html: str) -> str:
    """The markup of the notice; empty where there is none."""
    start = html.find('<div data-privacy="notice"')
    return html[start : html.index("</form>\n</div>", start)] if start >= 0 else ""


def layers(asking: Asking) -> Iterator[str]:
    yield notice_of(asking.page(PAGE).body.decode())
    yield asking.reply("GET", "/.privacy/preferences").response.body.decode()


def buttons(html: str) -> dict[str, str]:
    """The answers of a layer: value → the rest of the start tag."""
    found = re.findall(r'<(\w+ [^>]*name="decision") value="(\w+)"([^>]*)>', html)
    return {value: before + after for before, value, after in found}


@pytest.mark.parametrize("state", ["fresh", "granted", "refused"])
def test_ban_01_who_can_accept_can_reject_on_the_same_layer(
    gateway: Gateway, now: datetime, state: str
) -> None:
    cookie = {
        "fresh": "",
        "granted": consented(gateway, now, decision=["accept_all"]),
        "refused": consented(gateway, now, decision=["reject_all"]),
    }[state]
    for html in layers(Asking(gateway, now, cookie)):
        if "accept_all" in html:
            assert html.count('value="reject_all"') >= html.count('value="accept_all"') >= 1


def test_ban_02_both_answers_are_the_same_element(fresh: Asking) -> None:
    for html in layers(fresh):
        found = buttons(html)
        assert found["accept_all"] == found["reject_all"]


def test_ban_03_rejecting_takes_one_request_as_accepting_does(fresh: Asking) -> None:
    for decision in ("accept_all", "reject_all"):
        reply = fresh.post(CHOICE, {"decision": [decision], "layer": ["notice"], "return": ["/"]})
        assert reply.response.status == 303
        after = replace(fresh, cookie=cookie_of(reply.response))
        assert notice_of(after.page(PAGE).body.decode()) == ""


def test_ban_04_nothing_is_ticked_that_was_not_chosen(gateway: Gateway, now: datetime) -> None:
    fresh = Asking(gateway, now)
    refused = Asking(gateway, now, consented(gateway, now, decision=["reject_all"]))
    for asking in (fresh, refused):
        for html in layers(asking):
            assert "checked" not in html and "aria-checked" not in html
    some = Asking(gateway, now, consented(gateway, now, purpose=["analytics"]))
    html = some.reply("GET", "/.privacy/preferences").response.body.decode()
    assert re.findall(r'value="(\w+)" checked', html) == ["analytics"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"])
def test_ban_05_only_a_post_of_the_forms_own_site_grants(fresh: Asking, method: str) -> None:
    for query in ("", "?decision=accept_all", "?purpose=analytics&decision=save#decision=accept_all"):
        reply = fresh.reply(method, CHOICE + query, Sec_Fetch_Site="same-origin", Sec_Purpose="prefetch")
        assert reply.response.status == 405 and reply.record is None
        assert not cookie_of(reply.response)


def test_ban_05_browsing_on_is_no_answer(fresh: Asking) -> None:
    for number in range(20):
        response = fresh.page(PAGE, f"/{number}?decision=accept_all")
        assert notice_of(response.body.decode()) and not cookie_of(response)


@pytest.mark.parametrize("purpose", ["analytics", "media", "social_media", "webinars", "marketing"])
def test_ban_06_each_purpose_is_granted_by_itself(gateway: Gateway, now: datetime, purpose: str) -> None:
    for html in layers(Asking(gateway, now)):
        assert html.count(f'name="purpose" value="{purpose}"') == 1
    cookie = consented(gateway, now, purpose=[purpose])
    asking = Asking(gateway, now, cookie)
    html = asking.reply("GET", "/.privacy/preferences").response.body.decode()
    assert re.findall(r'name="purpose" value="(\w+)" checked', html) == [purpose]


@pytest.mark.parametrize("language", LANGUAGES)
def test_ban_07_the_first_layer_says_who_what_where_to_how_long_and_how_to_withdraw(
    make_gateway: MakeGateway, now: datetime, language: str
) -> None:
    gateway = make_gateway(SITE.replace("[site]", f'[site]\nlanguages = ["{language}"]'))
    html = notice_of(Asking(gateway, now).page(PAGE).body.decode())
    wording = load([templates_folder()], (language,))[language]
    text = re.sub(r"\s+", " ", unescape(html))
    assert "Example AG" in text
    for purpose in ("analytics", "media", "social_media", "webinars", "marketing"):
        assert wording["purposes"][purpose]["name"] in text
        assert wording["purposes"][purpose]["brief"] in text
    for said in ("data", "policy", "reject_all", "accept_all"):
        assert wording["notice"][said] in text
    assert wording["settings"]["link"] in text
    assert "5" in wording["notice"]["recipients"]["other"].format(number=5)
    assert 'href="/.privacy/preferences' in html and "Google Analytics" in text and "Hotjar" in text


@pytest.mark.parametrize("decision", ["accept_all", "reject_all"])
def test_ban_08_the_page_is_the_same_before_the_decision_as_after(
    make_gateway: MakeGateway, now: datetime, decision: str
) -> None:
    plain = PAGE.replace("<iframe", "<i").replace("<script", "<i")
    gateway = make_gateway(SITE)
    before = Asking(gateway, now).page(plain).body.decode()
    after = Asking(gateway, now, consented(gateway, now, decision=[decision])).page(plain).body.decode()
    content = before[before.index('<a href="#main">') :]
    assert content == after[after.index('<a href="#main">') :]
    assert "inert" not in before and "overflow" not in before and "aria-modal" not in before


@pytest.mark.parametrize("status", [200, 404, 500])
def test_ban_09_the_settings_are_linked_on_every_page(gateway: Gateway, now: datetime, status: int) -> None:
    cookies = ["", consented(gateway, now, decision=["reject_all"])]
    for asking in (Asking(gateway, now, cookie) for cookie in cookies):
        html = asking.page(PAGE, status=status).body.decode()
        link = html.rindex('<a data-privacy="settings"')
        assert html.index("</main>") < link and 'href="/.privacy/preferences' in html[link:]
    for path in ("preferences", "policy", "your-data", "nowhere"):
        assert 'data-privacy="settings"' in asking.reply("GET", f"/.privacy/{path}").response.body.decode()


@pytest.mark.parametrize("decision", ["accept_all", "reject_all"])
def test_ban_10_the_choice_holds_six_calendar_months_whatever_it_was(gateway: Gateway, decision: str) -> None:
    decided = datetime(2026, 3, 31, 12, tzinfo=UTC)
    cookie = consented(gateway, decided, decision=[decision])
    for at, asked in (
        (datetime(2026, 9, 29, 12, tzinfo=UTC), False),
        (datetime(2026, 9, 30, 13, tzinfo=UTC), True),
    ):
        assert bool(notice_of(Asking(gateway, at, cookie).page(PAGE).body.decode())) is asked


def test_ban_11_every_layer_is_in_the_language_of_the_page(make_gateway: MakeGateway, now: datetime) -> None:
    gateway = make_gateway(SITE.replace("[site]", '[site]\nlanguages = ["en", "de"]'))
    page = Asking(gateway, now).page(PAGE.replace('lang="en"', 'lang="de-AT"'), Accept_Language="en").body
    for part in ("notice", "placeholder", "settings"):
        assert re.search(rb'data-privacy="%s"[^>]* lang="de"' % part.encode(), page)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ('[cookies.a]\npurpose = "necessary"\n', "reason"),
        ('[cookies.a]\npurpose = "necessary"\nreason = ""\n', "reason"),
        ('[services.hotjar]\npurposes = ["necessary"]\n', "purposes"),
        ('[services.hotjar]\nlegal_basis = "legitimate_interest"\n', "legal_basis"),
    ],
)
def test_ban_12_nothing_is_necessary_without_a_reason_and_no_tracker_is(
    catalogue: Catalogue, more: str, reason: str
) -> None:
    text = SITE.replace("[services.hotjar]\n", "") + more
    with pytest.raises(Faulty, match=reason):
        parse(text, Site, file="site.toml", against=Reference(catalogue, catalogue.matcher()))


def test_ban_13_the_whole_way_is_walked_with_forms_alone(gateway: Gateway, now: datetime) -> None:
    asking = Asking(gateway, now)
    form = {"layer": ["notice"], "language": ["en"], "return": ["/news"]}
    accepted = asking.post(CHOICE, form | {"decision": ["accept_all"]})
    assert accepted.response.headers.get("location") == "/news"
    asking = replace(asking, cookie=cookie_of(accepted.response))
    assert "https://www.youtube.com/embed/" in asking.page(PAGE).body.decode()
    chosen = asking.post(CHOICE, {"decision": ["save"], "purpose": ["webinars"]})
    asking = replace(asking, cookie=cookie_of(chosen.response))
    assert 'src="https://www.youtube.com' not in asking.page(PAGE).body.decode()
    withdrawn = asking.post(CHOICE, {"decision": ["reject_all"]})
    assert withdrawn.record is not None and withdrawn.record[0].kind == "withdrawal"


@pytest.mark.parametrize("signal", ["Sec_GPC", "DNT"])
def test_ban_14_a_signal_refuses_advertising_and_accepting_all_does_not_override_it(
    gateway: Gateway, now: datetime, signal: str
) -> None:
    asking = Asking(gateway, now, signals={signal: "1"})
    assert "Your browser objects to advertising" in asking.page(PAGE).body.decode()
    swept = asking.post(CHOICE, {"decision": ["accept_all"], "layer": ["notice"]})
    assert swept.record is not None
    record = swept.record[0]
    assert record.signal and "marketing" in record.refused and "analytics" in record.granted
    after = replace(asking, cookie=cookie_of(swept.response))
    assert "static.hotjar.com" not in _fetched(after.page(PAGE).body.decode())
    ticked = asking.post(CHOICE, {"decision": ["save"], "purpose": ["marketing"]})
    after = replace(asking, cookie=cookie_of(ticked.response))
    assert "static.hotjar.com" in _fetched(after.page(PAGE).body.decode())


def test_ban_14_a_signal_that_comes_later_outweighs_what_accepting_all_had_granted(
    gateway: Gateway, now: datetime
) -> None:
    asking = Asking(gateway, now, consented(gateway, now, decision=["accept_all"]))
    assert "static.hotjar.com" in _fetched(asking.page(PAGE).body.decode())
    objecting = asking.page(PAGE, Sec_GPC="1").body.decode()
    assert "static.hotjar.com" not in _fetched(objecting) and not notice_of(objecting)
    assert "https://www.youtube.com/embed/" in objecting
    preferences = asking.reply("GET", "/.privacy/preferences", Sec_GPC="1").response.body.decode()
    assert "It stays off unless you tick it here" in preferences
    assert 'value="marketing" checked' not in preferences
    (reason,) = gateway.reasons(asking.request("GET", "/", Sec_GPC="1"), ["hotjar"], now)
    assert "Sec-GPC" in reason


def test_ban_10_a_refusal_by_signal_alone_is_no_reason_to_ask_again(gateway: Gateway, now: datetime) -> None:
    asking = Asking(gateway, now, consented(gateway, now, decision=["reject_all"]))
    assert not notice_of(asking.page(PAGE, DNT="1").body.decode())


EMOTIVE = re.compile(r"\b(sad|sorry|unfortunately|love|better experience|leider|schade|toll|besser)\b", re.I)


@pytest.mark.parametrize("language", LANGUAGES)
def test_ban_15_the_labels_are_the_usual_pair_and_the_words_neutral(language: str) -> None:
    wording = load([templates_folder()], (language,))[language]
    accept, reject = wording["notice"]["accept_all"], wording["notice"]["reject_all"]
    assert accept != reject and len(accept) <= 32 and len(reject) <= 32
    assert not re.search(r"[!?👍✓]", accept + reject + wording["notice"]["heading"])
    if language in ("en", "de"):
        assert not EMOTIVE.search(" ".join(str(value) for value in wording["notice"].values()))


def test_a_change_of_one_purpose_asks_for_that_one_and_keeps_the_rest(
    make_gateway: MakeGateway, now: datetime
) -> None:
    """CON-12"""
    cookie = consented(make_gateway(SITE), now, decision=["accept_all"])
    later = now + timedelta(days=40)
    grown = make_gateway(SITE + "[services.xing]\n")
    asking = Asking(grown, later, cookie)
    html = asking.page(PAGE).body.decode()
    assert "Something has changed" in notice_of(html)
    assert re.findall(r'name="asked" value="(\w+)"', html) == ["social_media"]
    assert "https://www.youtube.com/embed/" in html, "what did not change goes on"
    form = {"decision": ["reject_all"], "layer": ["notice"], "asked": ["social_media"]}
    reply = asking.post(CHOICE, form)
    assert reply.record is not None
    assert "social_media" in reply.record[0].refused and "media" in reply.record[0].granted
    assert "Something has changed" in reply.record[1]
    asking = replace(asking, cookie=cookie_of(reply.response))
    assert not notice_of(asking.page(PAGE).body.decode())
    expired = replace(asking, now=now + timedelta(days=190))
    again = re.findall(r'name="asked" value="(\w+)"', expired.page(PAGE).body.decode())
    assert again == ["analytics", "media", "webinars", "marketing"], "each is remembered from its own day"


def _fetched(html: str) -> str:
    """What a page fetches by a script element."""
    return " ".join(re.findall(r'<script src="(https://[^"]+)"', html))
