"""CON: the signed cookie, and what counts as none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie

import pytest

from consent_gateway.consent import Consent
from consent_gateway.cookies import ConsentCookie, Signing
from consent_gateway.gateway import Gateway
from consent_gateway.keys import Key, KeyRing
from consent_gateway.messages import Response
from tests.asking import Asking, consented, cookie_of
from tests.conftest import MakeGateway
from tests.requirements.test_notice import CHOICE, PAGE, SITE

NAME = "__Host-privacy"


@pytest.fixture
def gateway(make_gateway: MakeGateway) -> Gateway:
    return make_gateway(SITE)


PURPOSES = ["analytics", "analytics_linking", "media", "social_media", "webinars", "marketing"]


def signed(asking: Asking, payload: object, ring: KeyRing, use: str = "consent") -> str:
    return f"{NAME}={Signing(ring, asking.request('GET', '/'), use).write(payload)}"


def broken(good: str, asking: Asking, ring: KeyRing) -> dict[str, str]:
    """Twenty and more ways in which a cookie can be wrong."""
    value = good.partition("=")[2]
    mark, _, rest = value.partition("~")
    payload, _, signature = rest.rpartition(".")
    stranger = KeyRing((Key("test", bytes(range(32))),))
    elsewhere = replace(asking, host="other.example.com")
    fields = {"v": 1, "t": 3626790, "g": {"analytics": "x"}, "r": {}}
    return {
        "missing": "",
        "empty": f"{NAME}=",
        "garbage": f"{NAME}=garbage",
        "not base64": f"{NAME}={mark}~%%%.{signature}",
        "truncated": good[:-6],
        "half": good[: len(good) // 2],
        "no mark": f"{NAME}={rest}",
        "a mark no key has": f"{NAME}=0000~{rest}",
        "another signature": f"{NAME}={mark}~{payload}.{'A' * len(signature)}",
        "no signature": f"{NAME}={mark}~{payload}",
        "another payload": f"{NAME}={mark}~{payload[:-4]}AAAA.{signature}",
        "twice": f"{good}; {good}",
        "twice, once garbled": f"{good}; {NAME}=x",
        "under another name": good.replace(NAME, "privacy"),
        "of the other scheme": good.replace(NAME, "__Secure-privacy"),
        "with a suffix": good.replace(NAME, f"{NAME}-once"),
        "of another host": signed(elsewhere, fields, ring),
        "of a stranger's key": signed(asking, fields, stranger),
        "of another use": signed(asking, fields, ring, "session"),
        "of an unknown version": signed(asking, fields | {"v": 2}, ring),
        "without a version": signed(asking, {"t": 1, "g": {"analytics": "x"}}, ring),
        "of another policy": signed(asking, fields, ring),
        "dated in the future": signed(asking, fields | {"t": 9_000_000}, ring),
        "long expired": signed(asking, fields | {"t": 1}, ring),
        "far too long": f"{NAME}={'A' * 5000}",
        "a list": signed(asking, ["analytics"], ring),
        "granted and refused": signed(asking, fields | {"r": {"analytics": "x"}}, ring),
    }


def test_con_01_twenty_seven_broken_cookies_leave_the_footprint_of_none(
    gateway: Gateway, ring: KeyRing, now: datetime
) -> None:
    fresh = Asking(gateway, now)
    good = consented(gateway, now, decision=["accept_all"])
    loaded = replace(fresh, cookie=good).page(PAGE)
    wanted = fresh.page(PAGE)
    assert loaded.body != wanted.body
    cases = broken(good, fresh, ring)
    assert len(cases) == 27
    for case, cookie in cases.items():
        got = replace(fresh, cookie=cookie).page(PAGE)
        assert got.body == wanted.body, case
        assert _policy(got) == _policy(wanted), case
    assert replace(fresh, cookie=good).page(PAGE).body == loaded.body


def test_con_04_two_refusals_of_a_day_are_one_and_the_same(
    gateway: Gateway, ring: KeyRing, now: datetime
) -> None:
    cookies = {
        consented(gateway, at, decision=["reject_all"])
        for at in (now.replace(hour=1), now.replace(hour=12, minute=34, second=56))
    }
    (cookie,) = cookies
    request = Asking(gateway, now).request("GET", "/")
    payload = Signing(ring, request, "consent").read(cookie.partition("=")[2])
    assert set(payload) == {"v", "t", "g", "r"} and payload["g"] == {}
    assert payload["t"] % (24 * 60) == 0, "a refusal is dated to the day"


def test_con_04_a_refusal_after_a_grant_keeps_nothing_of_it(gateway: Gateway, now: datetime) -> None:
    granted = Asking(gateway, now, consented(gateway, now, decision=["accept_all"]))
    withdrawn = cookie_of(granted.post(CHOICE, {"decision": ["reject_all"]}).response)
    assert withdrawn == consented(gateway, now, decision=["reject_all"])


def test_con_10_the_cookie_is_pinned_short_lived_and_small(gateway: Gateway, now: datetime) -> None:
    form = {
        "decision": ["save"],
        "purpose": PURPOSES,
        "service": ["youtube", "zoom", "linkedin"],
    }
    for body in (form, {"decision": ["reject_all"]}):
        response = Asking(gateway, now).post(CHOICE, body).response
        (field,) = [one for one in response.headers.all("set-cookie") if one.startswith(f"{NAME}=")]
        (morsel,) = SimpleCookie(field).values()
        assert (morsel["secure"], morsel["httponly"], morsel["samesite"], morsel["path"], morsel["domain"]) == (
            True, True, "Lax", "/", "",
        )  # fmt: skip
        lasts = int(morsel["max-age"])
        assert now + timedelta(seconds=lasts) == datetime(2027, 5, 24, 10, 30, tzinfo=UTC)
        assert lasts <= 34_560_000
        assert len(field) < 700, "a choice of everything is small"


def test_con_11_a_cookie_says_which_key_signed_it_and_counts_no_longer_than_that_key(
    gateway: Gateway, ring: KeyRing, now: datetime
) -> None:
    asking = Asking(gateway, now)
    cookie = consented(gateway, now, decision=["accept_all"])
    assert cookie.startswith(f"{NAME}={ring.signing.mark}~")
    loaded = replace(asking, cookie=cookie).page(PAGE).body
    ring.turn((*ring.keys, Key("next", bytes(range(32)))))
    assert replace(asking, cookie=cookie).page(PAGE).body == loaded, "the old key still verifies"
    renewed = cookie_of(replace(asking, cookie=cookie).post(CHOICE, {"decision": ["accept_all"]}).response)
    assert renewed.startswith(f"{NAME}={ring.signing.mark}~")
    ring.turn(ring.keys[1:])
    assert replace(asking, cookie=cookie).page(PAGE).body != loaded
    assert replace(asking, cookie=renewed).page(PAGE).body == loaded


def test_con_11_every_flipped_bit_is_a_forgery(gateway: Gateway, ring: KeyRing, now: datetime) -> None:
    asking = Asking(gateway, now)
    good = consented(gateway, now, decision=["accept_all"])
    cookie = ConsentCookie(ring)
    consent = cookie.read(replace(asking, cookie=good).request("GET", "/"), now)
    assert consent.grants_anything
    for place in range(len(NAME) + 1, len(good)):
        for bit in range(7):
            letter = chr(ord(good[place]) ^ (1 << bit))
            forged = good[:place] + letter + good[place + 1 :]
            read = cookie.read(replace(asking, cookie=forged).request("GET", "/"), now)
            assert read in (Consent(), consent), (place, bit)  # base64 has idle bits at its end


def test_con_11_keys_never_show_in_what_is_printed(ring: KeyRing) -> None:
    assert "kkkk" not in f"{ring} {ring!r} {ring.keys}"


def test_con_12_a_consent_for_one_policy_is_none_for_another(
    make_gateway: MakeGateway, now: datetime
) -> None:
    cookie = consented(make_gateway(SITE), now, decision=["accept_all"])
    other = make_gateway(SITE.replace("Example AG", "Another AG"))
    fresh = Asking(other, now).page(PAGE).body
    assert Asking(other, now, cookie).page(PAGE).body == fresh


def _policy(response: Response) -> list[str]:
    return response.headers.all("content-security-policy")
