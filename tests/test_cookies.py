"""The consent cookie: what it carries, and that nothing else is taken for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from http.cookies import SimpleCookie

import pytest

from consent_gateway.consent import Consent
from consent_gateway.cookies import ConsentCookie, Signing, cookie_name
from consent_gateway.keys import Key, KeyRing
from consent_gateway.messages import Headers, Request


def request(
    *cookies: str, host: str = "www.example.com", scheme: str = "https", target: str = "/"
) -> Request:
    headers = Headers(tuple(("Cookie", cookie) for cookie in cookies))
    return Request(method="GET", scheme=scheme, host=host, target=target, headers=headers)


def value(field: tuple[str, str]) -> str:
    (morsel,) = SimpleCookie(field[1]).values()
    return f"{morsel.key}={morsel.value}"


@pytest.fixture
def cookie(ring: KeyRing) -> ConsentCookie:
    return ConsentCookie(ring)


@pytest.fixture
def consent(now: datetime) -> Consent:
    granted = Consent().decide(
        granted={"analytics": "r1"}, refused={"media": "r2"}, services=["zoom"], now=now
    )
    return granted.identified("receipt", "handle", now)


def test_what_was_written_is_read_again_to_the_minute(
    cookie: ConsentCookie, consent: Consent, now: datetime
) -> None:
    assert cookie.read(request(value(cookie.write(consent, request(), now))), now) == consent


def test_over_https_the_cookie_is_pinned_to_host_path_and_scheme(
    cookie: ConsentCookie, consent: Consent, now: datetime
) -> None:
    name, field = cookie.write(consent, request(), now)
    assert name == "Set-Cookie"
    (morsel,) = SimpleCookie(field).values()
    assert morsel.key == "__Host-privacy"
    assert (morsel["secure"], morsel["httponly"], morsel["path"], morsel["samesite"]) == (
        True,
        True,
        "/",
        "Lax",
    )
    assert morsel["domain"] == ""
    assert 180 * 86400 <= int(morsel["max-age"]) <= 184 * 86400
    assert len(field) < 4096


def test_over_http_it_has_no_prefix_and_is_not_secure(
    cookie: ConsentCookie, consent: Consent, now: datetime
) -> None:
    (morsel,) = SimpleCookie(cookie.write(consent, request(scheme="http"), now)[1]).values()
    assert (morsel.key, morsel["secure"]) == ("privacy", "")


def test_two_refusals_of_a_day_are_the_same_cookie(cookie: ConsentCookie, now: datetime) -> None:
    refusals = [
        Consent()
        .decide(granted={}, refused={"media": "r2"}, services=(), now=at)
        .identified(f"{at}", f"{at}", at)
        for at in (now, now + timedelta(hours=5))
    ]
    first, second = (value(cookie.write(refusal, request(), now)) for refusal in refusals)
    assert first == second


def test_any_changed_byte_makes_it_no_decision(
    cookie: ConsentCookie, consent: Consent, now: datetime
) -> None:
    sent = value(cookie.write(consent, request(), now))
    start = len("__Host-privacy=")
    for place in range(start, len(sent)):
        changed = "A" if sent[place] != "A" else "B"
        broken = sent[:place] + changed + sent[place + 1 :]
        assert cookie.read(request(broken), now) in (Consent(), consent)  # base64 has idle bits
        assert cookie.read(request(sent[:place]), now) == Consent()


def test_a_cookie_counts_only_on_its_host_under_its_key_and_alone(
    cookie: ConsentCookie, consent: Consent, now: datetime
) -> None:
    """SEC-08"""
    sent = value(cookie.write(consent, request(), now))
    assert cookie.read(request(sent, host="other.example.com"), now) == Consent()
    assert ConsentCookie(KeyRing((Key("x", b"x" * 32),))).read(request(sent), now) == Consent()
    assert cookie.read(request(sent, sent), now) == Consent()
    assert cookie.read(request(sent, scheme="http"), now) == Consent()
    assert cookie.read(request(sent, host="www.example.com:8443"), now) == consent


@pytest.mark.parametrize("name", ["__host-privacy", "__HOST-privacy", "__Host-Privacy", "privacy"])
def test_a_cookie_whose_name_is_like_ours_neither_counts_nor_harms(
    cookie: ConsentCookie, consent: Consent, name: str, now: datetime
) -> None:
    """SEC-08: what a neighbour under the same domain could set beside it."""
    sent = value(cookie.write(consent, request(), now))
    refused = value(
        cookie.write(
            Consent().decide(granted={}, refused={"media": "r2"}, services=[], now=now), request(), now
        )
    )
    tossed, planted = sent.replace("__Host-privacy", name, 1), refused.replace("__Host-privacy", name, 1)
    assert cookie.read(request(tossed), now) == Consent()
    for together in ((sent, planted), (planted, sent), (f"{planted}; {sent}",), (f"{sent}; {planted}",)):
        assert cookie.read(request(*together), now) == consent, together
    assert cookie.read(request(f"{tossed}; {refused}"), now).granted == {}


@pytest.mark.parametrize(
    "broken",
    ["", "x", "e30.x", "null", "." * 100, "A" * 9000, "__Host-privacy", "\x00\xff", "eyJ2IjoxfQ.AAAA"],
)
def test_garbage_is_no_decision(cookie: ConsentCookie, broken: str, now: datetime) -> None:
    assert cookie.read(request(f"__Host-privacy={broken}"), now) == Consent()


@pytest.mark.parametrize(
    "payload",
    [{}, {"v": 2}, {"v": 1, "t": "x"}, {"v": 1, "g": 5}, {"v": 1, "t": 10**30}, [], "text", {"v": 1, "h": ["a", "b"]},
     {"v": 1, "t": 1, "g": {"a": "1"}, "r": {"a": "1"}}],
)  # fmt: skip
def test_signed_nonsense_is_no_decision(
    cookie: ConsentCookie, ring: KeyRing, payload: object, now: datetime
) -> None:
    signed = Signing(ring, request(), "consent").write(payload)
    assert cookie.read(request(f"__Host-privacy={signed}"), now) == Consent()


def test_a_new_key_signs_and_the_old_one_still_verifies(
    cookie: ConsentCookie, ring: KeyRing, consent: Consent, now: datetime
) -> None:
    rotated = ConsentCookie(KeyRing((*ring.keys, Key("new", b"n" * 32))))
    assert rotated.read(request(value(cookie.write(consent, request(), now))), now) == consent
    assert cookie.read(request(value(rotated.write(consent, request(), now))), now) == Consent()


def test_one_activation_holds_for_one_page_for_a_minute(cookie: ConsentCookie, now: datetime) -> None:
    sent = value(cookie.write_once([("zoom", 1), ("linkedin", 2)], "/news?p=1", request(), now))
    assert cookie.read_once(request(sent, target="/news?p=1"), now) == {("zoom", 1), ("linkedin", 2)}
    assert cookie.read_once(request(sent, target="/news"), now) == set()
    assert cookie.read_once(request(sent, target="/news?p=1"), now + timedelta(seconds=90)) == set()
    assert cookie.read_once(request(sent.replace("-once", "", 1), target="/news?p=1"), now) == set()


def test_a_consent_cookie_is_not_taken_for_an_activation(
    cookie: ConsentCookie, consent: Consent, now: datetime
) -> None:
    sent = value(cookie.write(consent, request(), now)).replace("__Host-privacy", "__Host-privacy-once")
    assert cookie.read_once(request(sent), now) == set()


def test_the_name_follows_the_scheme() -> None:
    assert cookie_name("https") == "__Host-privacy"
    assert cookie_name("http", "-once") == "privacy-once"


def test_a_block_and_an_objection_are_read_again(
    cookie: ConsentCookie, consent: Consent, now: datetime
) -> None:
    """PRC-05, PRC-07"""
    written = cookie.write(consent.restrict(now).object_to((), (), now), request(), now)
    read = cookie.read(request(value(written)), now)
    assert read == replace(consent, restricted=now, objected=now.replace(hour=0, minute=0))


def test_everybody_who_objects_on_a_day_has_the_same_cookie_and_keeps_it_longer(
    cookie: ConsentCookie, consent: Consent, now: datetime
) -> None:
    """PRC-07"""
    later = now + timedelta(hours=3)
    one = cookie.write(Consent().object_to((), (), now), request(), now)
    other = cookie.write(Consent().object_to((), (), later), request(), later)
    assert value(one) == value(other)
    ages = [
        int(SimpleCookie(field[1])["__Host-privacy"]["max-age"])
        for field in (one, cookie.write(consent, request(), now))
    ]
    assert ages[1] < 200 * 86400 < 390 * 86400 < ages[0] < 400 * 86400


def test_everything_that_is_read_can_be_cleared(cookie: ConsentCookie) -> None:
    cleared = [SimpleCookie(field) for _, field in cookie.clear(request())]
    assert {name for one in cleared for name in one} == {
        "__Host-privacy",
        "__Host-privacy-once",
        "__Host-privacy-saved",
    }
    assert {one[name]["max-age"] for one in cleared for name in one} == {"0"}
