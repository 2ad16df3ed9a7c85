"""What of Google's measurement goes on, and on what condition."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consent_gateway.gateway import Gateway
from consent_gateway.seen import Seen
from consent_gateway.visit import Reply
from tests.analytics.secrets_in import REFERENCE, SECRETS, in_places, spellings
from tests.asking import CHROME, Asking, consented, cookie_of
from tests.conftest import MakeGateway

HIT = "/.privacy/ga/g/collect?v=2&tid=G-TEST123&cid=111.222&uid=crm&en=page_view&dl=https%3A%2F%2Fwww.example.com%2Fa%3Fb"
Said = tuple[str, str, int, int]
KNOWN = Seen(properties=frozenset(("G-TEST123", "GTM-ABC")))


@pytest.fixture
def gateway(make_gateway: MakeGateway) -> Gateway:
    return make_gateway(seen=KNOWN)


@pytest.fixture
def listing(make_gateway: MakeGateway, now: datetime) -> tuple[Gateway, str]:
    """A site that lists names of its own, with the cookie of a visitor who has agreed to statistics."""
    site = '[analytics]\nproperties = ["G-TEST123"]\nparameters = ["ep.topic"]\nmin_visitors = 1\n'
    gateway = make_gateway(site)
    return gateway, consented(gateway, now, purpose=["analytics"])


def hit(gateway: Gateway, now: datetime, cookie: str, target: str = HIT, **headers: str) -> Reply:
    asking = Asking(gateway, now, cookie=cookie)
    reply = asking.reply("POST", target, **({"User-Agent": CHROME} | headers))
    assert reply.response.status == 204
    assert reply.response.body == b""
    return reply


def test_after_the_opt_in_a_hit_goes_on_under_a_pseudonym(gateway: Gateway, now: datetime) -> None:
    request = hit(gateway, now, consented(gateway, now, purpose=["analytics"])).outbound
    assert request is not None
    fields = parse_qs(urlsplit(request.url).query)
    assert request.url.startswith("https://region1.google-analytics.com/g/collect?")
    assert fields["cid"] != ["111.222"] and "uid" not in fields
    assert fields["dl"] == ["https://www.example.com/a"]
    assert dict(request.headers).keys() == {"User-Agent", "Accept"}


def fields_of(reply: Reply) -> dict[str, str]:
    assert reply.outbound is not None
    return {name: values[0] for name, values in parse_qs(urlsplit(reply.outbound.url).query).items()}


def test_a_session_is_kept_in_a_cookie_of_the_gateways_own(gateway: Gateway, now: datetime) -> None:
    consent = consented(gateway, now, purpose=["analytics"])
    first = hit(gateway, now, consent)
    session = cookie_of(first.response, "__Host-privacy-session")
    assert session and "_ss" in fields_of(first) and "_fv" in fields_of(first)
    later = hit(gateway, now + timedelta(minutes=5), f"{consent}; {session}")
    assert not {"_ss", "_fv", "_nsi"} & fields_of(later).keys()
    assert fields_of(later)["sid"] == fields_of(first)["sid"]
    field = first.response.headers.get("set-cookie")
    assert "HttpOnly" in field and "Secure" in field and "SameSite=Lax" in field


def test_a_session_goes_on_over_midnight_under_the_same_pseudonym(gateway: Gateway, now: datetime) -> None:
    evening = now.replace(hour=23, minute=50)
    consent = consented(gateway, evening, purpose=["analytics"])
    first = hit(gateway, evening, consent)
    session = cookie_of(first.response, "__Host-privacy-session")
    after = hit(gateway, evening + timedelta(minutes=20), f"{consent}; {session}")
    assert fields_of(after)["cid"] == fields_of(first)["cid"]
    assert fields_of(after)["sid"] == fields_of(first)["sid"]
    without = hit(gateway, evening + timedelta(minutes=20), consent)
    assert fields_of(without)["cid"] != fields_of(first)["cid"]


def test_a_forged_session_and_that_of_another_browser_count_for_nothing(
    gateway: Gateway, now: datetime
) -> None:
    one, other = (consented(gateway, now, purpose=["analytics"]) for _ in range(2))
    session = cookie_of(hit(gateway, now, one).response, "__Host-privacy-session")
    for cookie in (f"{other}; {session}", f"{one}; {session}x", f"{one}; {session}; {session}"):
        assert "_ss" in fields_of(hit(gateway, now, cookie))


def test_withdrawal_makes_the_browser_forget_the_session(gateway: Gateway, now: datetime) -> None:
    consent = consented(gateway, now, purpose=["analytics"])
    session = cookie_of(hit(gateway, now, consent).response, "__Host-privacy-session")
    refused = Asking(gateway, now, cookie=f"{consent}; {session}").post(
        "/.privacy/choice", {"decision": ["reject_all"]}
    )
    gone = [value for value in refused.response.headers.all("set-cookie") if "-session=" in value]
    assert len(gone) == 1 and "Max-Age=0" in gone[0]
    kept = Asking(gateway, now, cookie=f"{consent}; {session}").post(
        "/.privacy/choice", {"decision": ["accept_all"]}
    )
    assert not any("-session=" in value for value in kept.response.headers.all("set-cookie"))


def test_the_origin_does_not_get_the_session(gateway: Gateway, now: datetime) -> None:
    request = Asking(gateway, now, cookie="a=1; __Host-privacy-session=x; privacy-session=y").request(
        "GET", "/"
    )
    assert gateway.forwarded(request, now).headers.get("cookie") == "a=1"


def test_without_the_salt_of_its_period_a_hit_is_dropped(gateway: Gateway, now: datetime) -> None:
    gateway.relay._passing._salts = lambda start: None
    reply = hit(gateway, now, consented(gateway, now, purpose=["analytics"]))
    assert reply.outbound is None
    assert gateway.relay.counts == {"no salt": 1}


def test_the_same_visitor_keeps_a_pseudonym_for_a_day_and_no_longer(gateway: Gateway, now: datetime) -> None:
    cookie = consented(gateway, now, purpose=["analytics"])

    def client(at: datetime) -> str:
        request = hit(gateway, at, cookie).outbound
        assert request is not None
        return parse_qs(urlsplit(request.url).query)["cid"][0]

    assert client(now) == client(now + timedelta(hours=2))
    assert client(now) != client(now + timedelta(days=1))


@pytest.mark.parametrize(
    "choice", [{}, {"decision": ["reject_all"]}, {"purpose": ["media"]}, {"service": ["linkedin"]}]
)
def test_without_the_opt_in_nothing_goes_on(
    gateway: Gateway, now: datetime, choice: dict[str, list[str]]
) -> None:
    cookie = consented(gateway, now, **choice) if choice else ""
    assert hit(gateway, now, cookie).outbound is None


def test_the_separate_consent_lets_the_user_id_pass(gateway: Gateway, now: datetime) -> None:
    cookie = consented(gateway, now, purpose=["analytics", "analytics_linking"])
    request = hit(gateway, now, cookie).outbound
    assert request is not None and "uid=crm" in request.url


@pytest.mark.parametrize(
    "target",
    [
        HIT.replace("G-TEST123", "G-OTHER99"),
        HIT.replace("v=2", "v=1"),
        "/.privacy/ga/collect?v=1&tid=UA-1-1&cid=5",
        "/.privacy/ga/measurement/conversion?tid=G-TEST123&url=https%3A%2F%2Fx",
        "/.privacy/ga/ads/ga-audiences?v=2&tid=G-TEST123",
        "/.privacy/ga/mp/collect?measurement_id=G-TEST123&api_secret=x",
        "/.privacy/ga/anything",
        "/.privacy/ga/g/s/collect?v=2&tid=G-TEST123&_gsid=x&en=page_view",
        "/.privacy/ga/x/stats.g.doubleclick.net/g/collect?v=2&tid=G-TEST123&en=page_view",
        "/.privacy/ga/x/www.google.com/g/collect?v=2&tid=G-TEST123&en=page_view",
        HIT.replace("en=page_view", "en=crm_4711"),
        HIT.replace("en=page_view", "_ee=1"),
        HIT.replace("/.privacy/ga/g/", "/.privacy/ga/x/www.google-analytics.com/g/"),
    ],
)
def test_other_endpoints_and_properties_are_answered_here(
    gateway: Gateway, now: datetime, target: str
) -> None:
    assert hit(gateway, now, consented(gateway, now, purpose=["analytics"]), target).outbound is None


def test_a_relay_of_the_site_itself_is_seen_through(gateway: Gateway, now: datetime) -> None:
    target = HIT.replace("/.privacy/ga/", "/metrics/")
    assert hit(gateway, now, "", target).outbound is None
    assert hit(gateway, now, consented(gateway, now, purpose=["analytics"]), target).outbound is not None


def test_a_hit_counts_on_any_path_that_relays_it(gateway: Gateway, now: datetime) -> None:
    cookie = consented(gateway, now, purpose=["analytics"])
    assert hit(gateway, now, cookie, HIT.replace("/.privacy/ga/g/collect", "/relay/x")).outbound is not None
    assert hit(gateway, now, cookie, HIT.replace("/.privacy/ga/g/collect", "/m/g/s/collect")).outbound is None


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "DELETE"])
def test_only_what_the_tag_sends_counts(gateway: Gateway, now: datetime, method: str) -> None:
    asking = Asking(gateway, now, cookie=consented(gateway, now, purpose=["analytics"]))
    reply = asking.reply(method, HIT, **{"User-Agent": CHROME})
    assert (reply.response.status, reply.outbound) == (204, None)


def test_the_operator_is_told_once_what_is_not_listed(
    gateway: Gateway, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    cookie = consented(gateway, now, purpose=["analytics"])
    for _ in range(2):
        hit(gateway, now, cookie, f"{HIT}&ep.topic=x")
        hit(gateway, now, cookie, HIT.replace("page_view", "newsletter"))
        Asking(gateway, now, cookie=cookie).reply("GET", "/.privacy/ga/gtag/js?id=G-OTHER99")
    told = [
        record.message.rpartition(": ")[2] for record in caplog.records if "[analytics]:" in record.message
    ]
    assert told == ["ep.topic", "newsletter"]
    assert sum("G-OTHER99" in record.message for record in caplog.records) == 1


def test_robots_are_not_counted(gateway: Gateway, now: datetime) -> None:
    cookie = consented(gateway, now, purpose=["analytics"])
    robot = {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}
    assert hit(gateway, now, cookie, **robot).outbound is None


def test_the_script_is_fetched_for_the_sites_own_property_only(gateway: Gateway, now: datetime) -> None:
    granted = Asking(gateway, now, cookie=consented(gateway, now, purpose=["analytics"]))
    reply = granted.reply("GET", "/.privacy/ga/gtag/js?id=G-TEST123&l=dataLayer&gtm_debug=x")
    assert reply.script == "https://www.googletagmanager.com/gtag/js?id=G-TEST123&l=dataLayer"
    other = granted.reply("GET", "/.privacy/ga/gtag/js?id=AW-12345")
    assert (other.script, other.response.status) == ("", 200)
    fresh = Asking(gateway, now).reply("GET", "/.privacy/ga/gtag/js?id=G-TEST123")
    assert (fresh.script, fresh.response.status) == ("", 403)
    assert granted.reply("POST", "/.privacy/ga/gtag/js?id=G-TEST123").response.status == 405


def test_a_tag_manager_needs_every_purpose(gateway: Gateway, now: datetime) -> None:
    some = Asking(gateway, now, cookie=consented(gateway, now, purpose=["analytics"]))
    every = Asking(gateway, now, cookie=consented(gateway, now, decision=["accept_all"]))
    target = "/.privacy/ga/gtm.js?id=GTM-ABC"
    assert some.reply("GET", target).response.status == 403
    assert every.reply("GET", target).script == "https://www.googletagmanager.com/gtm.js?id=GTM-ABC"


MAPPED = """
[services.google-analytics]
[services.google-tag-manager]
purposes = ["analytics"]
[analytics]
containers = ["GTM-OWN1"]
"""


def test_a_container_needs_what_the_operator_says_it_is_for(make_gateway: MakeGateway, now: datetime) -> None:
    mapped = make_gateway(MAPPED)
    some = Asking(mapped, now, cookie=consented(mapped, now, purpose=["analytics"]))
    assert some.reply("GET", "/.privacy/ga/gtm.js?id=GTM-OWN1").script.endswith("/gtm.js?id=GTM-OWN1")
    page = some.page('<script src="https://www.googletagmanager.com/gtm.js?id=GTM-OWN1"></script>')
    assert b'src="/.privacy/ga/gtm.js?id=GTM-OWN1"' in page.body
    none = Asking(mapped, now)
    assert none.reply("GET", "/.privacy/ga/gtm.js?id=GTM-OWN1").response.status == 403


def test_a_container_that_is_not_listed_is_an_empty_script(make_gateway: MakeGateway, now: datetime) -> None:
    mapped = make_gateway(MAPPED)
    some = Asking(mapped, now, cookie=consented(mapped, now, purpose=["analytics"]))
    reply = some.reply("GET", "/.privacy/ga/gtm.js?id=GTM-OTHER")
    assert (reply.script, reply.response.status) == ("", 200)


@pytest.mark.parametrize(
    "target",
    ["/.privacy/ga/gtm.js?id=GTM-FOREIGN", "/.privacy/ga/gtag/js?id=GT-FOREIGN", "/x/gtm.js?id=GTM-FOREIGN"],
)
def test_a_visitor_cannot_bring_in_a_tag_that_no_page_has(
    gateway: Gateway, now: datetime, target: str
) -> None:
    every = Asking(gateway, now, cookie=consented(gateway, now, decision=["accept_all"]))
    assert (every.reply("GET", target).script, every.reply("GET", target).response.status) == ("", 200)


def test_a_container_in_a_page_is_the_sites(make_gateway: MakeGateway, now: datetime) -> None:
    site = make_gateway('[analytics]\nproperties = ["G-TEST123"]\n')
    every = Asking(site, now, cookie=consented(site, now, decision=["accept_all"]))
    every.page('<script src="https://www.googletagmanager.com/gtm.js?id=GTM-INPAGE"></script>')
    assert every.reply("GET", "/.privacy/ga/gtm.js?id=GTM-INPAGE").script
    assert site._ids == {"G-TEST123", "GTM-INPAGE"}


def test_the_script_is_asked_for_with_nothing_a_visitor_made_up(gateway: Gateway, now: datetime) -> None:
    asking = Asking(gateway, now, cookie=consented(gateway, now, purpose=["analytics"]))
    target = "/.privacy/ga/gtag/js?id=G-TEST123&l=a%26b=c&cx=crm-4711&gtm_preview=x&l=layer"
    assert asking.reply("GET", target).script.endswith("/gtag/js?id=G-TEST123&l=layer")


@pytest.mark.parametrize("path", ["/metrics/gtag/js", "/x/gtm.js"])
def test_a_relay_of_the_site_gives_no_script_before_consent(
    gateway: Gateway, now: datetime, path: str
) -> None:
    id = "GTM-ABC" if "gtm" in path else "G-TEST123"
    assert Asking(gateway, now).reply("GET", f"{path}?id={id}").response.status == 403
    every = Asking(gateway, now, cookie=consented(gateway, now, decision=["accept_all"]))
    assert every.reply("GET", f"{path}?id={id}").script
    assert gateway.answer(every.request("GET", f"{path}?id=12"), now) is None


ANYTHING = st.lists(
    st.tuples(st.sampled_from([*REFERENCE, "ep.topic", "brand_new"]), st.sampled_from(SECRETS), st.integers(0, 5), st.integers(0, 3)),
    min_size=1, max_size=12,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=400, deadline=None)
@given(query=ANYTHING, lines=st.lists(ANYTHING, max_size=3))
def test_no_secret_is_in_a_forwarded_request_whatever_a_browser_sends(
    listing: tuple[Gateway, str], now: datetime, query: list[Said], lines: list[list[Said]]
) -> None:
    gateway, cookie = listing
    spelt = [(name, in_places(spellings(secret)[way])[place]) for name, secret, way, place in query]
    batch = [
        [("en", "scroll")]
        + [(name, in_places(spellings(secret)[way])[place]) for name, secret, way, place in line]
        for line in lines
    ]
    target = f"/.privacy/ga/g/collect?v=2&tid=G-TEST123&en=purchase&{urlencode(spelt)}"
    headers = {
        "User-Agent": f"{CHROME} {SECRETS[0]}",
        "X-Forwarded-For": SECRETS[1],
        "Referer": f"https://x.example/{SECRETS[0]}",
    }
    body = "\r\n".join(map(urlencode, batch)).encode()
    request = (
        Asking(gateway, now, cookie=f"{cookie}; id={SECRETS[3]}")
        .reply("POST", target, body, **headers)
        .outbound
    )
    if request is None:
        return  # a parameter of those that make it another property's, or too large
    sent = unquote_plus(f"{request.url} {request.headers} {request.body.decode()}")
    for secret in SECRETS:
        for form in spellings(secret):
            assert form not in sent
