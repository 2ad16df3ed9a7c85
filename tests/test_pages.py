"""The gateway's pages say what is the case, in the visitor's language."""

from __future__ import annotations

import json
import re
from datetime import datetime

import pytest

from consent_gateway.gateway import Gateway
from consent_gateway.seen import Seen
from tests.asking import CHROME, Asking, consented, cookie_of
from tests.conftest import MakeGateway

SITE = """
[controller]
name = "Example AG <&>"
contact = "privacy@example.com"
[services.google-analytics]
[services.linkedin]
[services.zoom]
"""


@pytest.fixture
def gateway(make_gateway: MakeGateway) -> Gateway:
    return make_gateway(SITE)


def text(gateway: Gateway, now: datetime, path: str, *, cookie: str = "", language: str = "en") -> str:
    reply = Asking(gateway, now, cookie=cookie).reply("GET", f"/.privacy/{path}", Accept_Language=language)
    assert reply.response.status == 200
    return reply.response.body.decode()


def ticked(html: str) -> set[str]:
    return set(
        re.findall(r'<input type="checkbox" name="(?:purpose|service)" value="([\w-]+)" checked', html)
    )


def test_preferences_show_every_purpose_and_service_and_nothing_is_ticked_before_a_choice(
    gateway: Gateway, now: datetime
) -> None:
    html = text(gateway, now, "preferences?return=/news")
    purposes = re.findall(r'name="purpose" value="([\w-]+)"', html)
    assert purposes == ["analytics", "social_media", "webinars", "analytics_linking"]
    assert re.findall(r'name="service" value="([\w-]+)"', html) == ["google-analytics", "linkedin", "zoom"]
    assert ticked(html) == set()
    assert "You have not decided yet" in html
    assert 'href="/news"' in html


def test_preferences_show_the_state_as_it_is(gateway: Gateway, now: datetime) -> None:
    cookie = consented(gateway, now, purpose=["analytics"], service=["zoom"])
    html = text(gateway, now, "preferences", cookie=cookie)
    assert ticked(html) == {"analytics", "zoom"}
    assert "You have agreed to: Statistics and Zoom." in html
    refused = text(gateway, now, "preferences", cookie=consented(gateway, now, decision=["reject_all"]))
    assert ticked(refused) == set() and "You have refused everything" in refused


def test_a_saved_choice_is_confirmed_where_one_comes_back_to(gateway: Gateway, now: datetime) -> None:
    html = text(gateway, now, "preferences?return=/news")
    back = re.search(r'name="return" value="([^"]+)"', html)
    assert back is not None and back[1] == "/.privacy/preferences?saved=1&amp;language=en&amp;return=%2Fnews"
    assert 'role="status"' in text(gateway, now, "preferences?saved=1")
    assert 'role="status"' not in html


def test_a_return_to_another_website_is_ignored(gateway: Gateway, now: datetime) -> None:
    assert "evil" not in text(gateway, now, "preferences?return=https://evil.example/")


def test_the_policy_names_controller_services_and_how_statistics_are_pseudonymised(
    gateway: Gateway, now: datetime
) -> None:
    html = text(gateway, now, "policy")
    for part in (
        "Example AG &lt;&amp;&gt;",
        "privacy@example.com",
        "LinkedIn Ireland Unlimited Company",
        "1 day",
        "24 November 2026",
    ):
        assert part in html
    assert "<&>" not in html
    assert "youtube" not in html.lower()


def test_pages_come_in_the_language_asked_for(gateway: Gateway, now: datetime) -> None:
    assert '<html lang="de"' in text(gateway, now, "policy", language="de-AT,en;q=0.5")
    assert "Vereinigte Staaten" in text(gateway, now, "preferences", language="de")
    assert '<html lang="fr"' in text(gateway, now, "policy", language="fr")
    assert '<html lang="no"' in text(gateway, now, "policy", language="nn")
    assert '<html lang="en"' in text(gateway, now, "policy", language="ja")


def test_the_links_of_a_page_lead_on_in_its_language_whatever_the_browser_prefers(
    gateway: Gateway, now: datetime
) -> None:
    page = Asking(gateway, now).page('<html lang="de"><body>Hallo</body></html>', Accept_Language="en")
    html = page.body.decode()
    seen, waiting = set(), set(re.findall(r'href="/\.privacy/((?!static)[^"]+)"', html))
    assert {path.partition("?")[0] for path in waiting} == {"policy", "preferences"}
    while waiting:
        path = waiting.pop()
        seen.add(path)
        html = text(gateway, now, path.replace("&amp;", "&"), language="en")
        assert path.startswith("your-data.json") or '<html lang="de"' in html
        waiting |= set(re.findall(r'href="/\.privacy/((?!static)[^"]+)"', html)) - seen
    assert len(seen) >= 4


@pytest.mark.parametrize("asked", ["xx", "", "../de", "de&language=en"])
def test_a_language_that_the_site_does_not_have_is_ignored(
    gateway: Gateway, now: datetime, asked: str
) -> None:
    expected = "de" if asked.startswith("de") else "en"
    assert f'<html lang="{expected}"' in text(gateway, now, f"policy?language={asked}", language="en")


def test_your_data_is_what_the_cookie_holds_and_nothing_without_one(gateway: Gateway, now: datetime) -> None:
    assert json.loads(text(gateway, now, "your-data.json")) == {"held": []}
    assert "Art. 11(2)" in text(gateway, now, "your-data")
    cookie = consented(gateway, now, purpose=["analytics"], service=["zoom"])
    held = {
        item["label"]: item["text"]
        for item in json.loads(text(gateway, now, "your-data.json", cookie=cookie))["held"]
    }
    assert held["granted"] == "Statistics" and held["services"] == "Zoom" and held["receipt"]
    assert "Statistics" in text(gateway, now, "your-data", cookie=cookie)


def test_the_handle_itself_is_shown_to_nobody(gateway: Gateway, now: datetime) -> None:
    cookie = consented(gateway, now, purpose=["analytics"])
    from consent_gateway.cookies import ConsentCookie

    handle = gateway._cookie.read(Asking(gateway, now, cookie=cookie).request("GET", "/"), now).handle
    assert handle is not None and isinstance(gateway._cookie, ConsentCookie)
    assert handle.value not in text(gateway, now, "your-data", cookie=cookie)


def test_on_a_bare_site_what_was_seen_is_named(make_gateway: MakeGateway, now: datetime) -> None:
    gateway = make_gateway(seen=Seen(services=frozenset(("youtube",))))
    assert re.findall(r'name="service" value="([\w-]+)"', text(gateway, now, "preferences")) == ["youtube"]


def test_the_support_resource_for_gpc_is_there(gateway: Gateway, now: datetime) -> None:
    reply = Asking(gateway, now).reply("GET", "/.well-known/gpc.json").response
    assert json.loads(reply.body) == {"gpc": True, "lastUpdate": "2026-11-24"}
    assert reply.media_type == "application/json"


def test_the_policy_names_the_sites_own_cookies_and_periods_in_its_language(
    make_gateway: MakeGateway, now: datetime
) -> None:
    own = '[cookies.sid]\npurpose = "necessary"\nreason = "keeps you logged in"\n'
    own += '[retention.consent]\nperiod = "3 years"\nground = "Art. 7(1) GDPR"\n'
    html = text(make_gateway(SITE + own), now, "policy", language="de")
    assert re.search("<code>sid</code></th><td[^>]*>notwendig: keeps you logged in</td>", html)
    assert re.search("3 Jahre, nachdem die Entscheidung [^<]*</td><td[^>]*>Art. 7\\(1\\) GDPR</td>", html)
    assert "1 Tag" in html


@pytest.mark.parametrize(
    ("language", "lives"),
    [("en", ("13 months at most", ">6 months<", ">60 seconds<")),
     ("de", ("höchstens 13 Monate", ">6 Monate<", ">60 Sekunden<"))],
)  # fmt: skip
def test_the_policy_names_the_gateways_own_cookies_and_how_long_they_live(
    gateway: Gateway, now: datetime, language: str, lives: tuple[str, ...]
) -> None:
    html = text(gateway, now, "policy", language=language)
    for name in ("__Host-privacy", "__Host-privacy-once", "__Host-privacy-session"):
        assert f"<code>{name}</code>" in html
    assert [part for part in lives if part not in html] == []
    plain = Asking(gateway, now, scheme="http").reply("GET", "/.privacy/policy").response.body
    assert b"<code>privacy</code>" in plain and b"<code>privacy-once</code>" in plain


def test_your_data_shows_the_visit_that_is_counted(gateway: Gateway, now: datetime) -> None:
    gateway.learn(Seen(properties=frozenset(("G-TEST123",))))
    consent = consented(gateway, now, purpose=["analytics"])
    target = "/.privacy/ga/g/collect?v=2&tid=G-TEST123&en=page_view"
    hit = Asking(gateway, now, cookie=consent).reply("POST", target, **{"User-Agent": CHROME})
    session = cookie_of(hit.response, "__Host-privacy-session")
    shown = Asking(gateway, now, cookie=f"{consent}; {session}").reply("GET", "/.privacy/your-data.json")
    assert "since 2026-11-24 10:30 (UTC), pages seen: 1" in shown.response.body.decode()
