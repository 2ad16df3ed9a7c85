"""How often one address may write, and that nobody can be kept from refusing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest

from consent_gateway import rates
from consent_gateway.gateway import Gateway
from consent_gateway.messages import Headers, Request
from consent_gateway.rates import Rates
from consent_gateway.site_tables import Limits
from consent_gateway.visit import Reply
from tests.asking import Asking, cookie_of
from tests.conftest import MakeGateway
from tests.loopback import gateway, serving
from tests.proxy.test_master import ask

SITE = """
[site]
hosts = ["www.example.com"]
[analytics]
properties = ["G-TEST123"]
servers = ["203.0.113.5"]
[limits]
grants = 2
reports = 2
hits = 2
"""
CHOICE, ACTIVATE, RIGHTS = "/.privacy/choice", "/.privacy/activate", "/.privacy/rights"
HERE, THERE = "192.0.2.1", "192.0.2.2"
GRANT, REFUSE = {"decision": ["accept_all"]}, {"decision": ["reject_all"]}


@pytest.fixture
def limited(make_gateway: MakeGateway) -> Gateway:
    return make_gateway(SITE)


def sent(
    gateway: Gateway,
    now: datetime,
    path: str,
    form: dict[str, list[str]],
    peer: str = HERE,
    *,
    cookie: str = "",
) -> Reply:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    body = urlencode(form, doseq=True).encode()
    request = Asking(gateway, now, cookie=cookie).request("POST", path, body, **headers)
    reply = gateway.answer(replace(request, peer=peer), now)
    assert reply is not None
    return reply


def test_grants_of_one_address_have_a_limit_and_those_of_others_are_not_touched(
    limited: Gateway, now: datetime
) -> None:
    """SEC-12"""
    assert [sent(limited, now, CHOICE, GRANT).response.status for _ in range(3)] == [303, 303, 429]
    for path, form in ((CHOICE, GRANT), (ACTIVATE, {"service": ["zoom"], "instance": ["1"]})):
        refused = sent(limited, now + timedelta(seconds=20), path, form)
        assert (refused.response.status, refused.record) == (429, None)
        assert refused.response.headers.get("retry-after") == "40"
        assert b"Refusing and withdrawing always work" in refused.response.body
        assert not cookie_of(refused.response)
    assert sent(limited, now, CHOICE, GRANT, THERE).response.status == 303
    assert sent(limited, now + timedelta(minutes=1), CHOICE, GRANT).response.status == 303


def test_nobody_can_be_kept_from_refusing_withdrawing_objecting_and_erasing(
    limited: Gateway, now: datetime
) -> None:
    granted = cookie_of(sent(limited, now, CHOICE, GRANT, THERE).response)
    for _ in range(9):
        sent(limited, now, CHOICE, GRANT)
        assert sent(limited, now, CHOICE, REFUSE).response.status == 303
    assert cookie_of(sent(limited, now, CHOICE, REFUSE).response)
    for cookie in ("", granted):
        for action in ("revoke", "object", "restrict"):
            reply = sent(limited, now, RIGHTS, {"action": [action]}, cookie=cookie)
            assert reply.response.status == 303 and cookie_of(reply.response)
    withdrawn = sent(limited, now, CHOICE, REFUSE, cookie=granted)
    assert withdrawn.record is not None and withdrawn.record[0].kind == "withdrawal"
    undone = sent(limited, now, ACTIVATE, {"service": ["zoom"], "undo": ["on"]}, cookie=granted)
    assert undone.response.status == 303 and undone.record is not None


def test_a_flood_of_refusals_takes_effect_and_does_not_fill_the_ledger(
    limited: Gateway, now: datetime
) -> None:
    replies = [sent(limited, now, CHOICE, REFUSE) for _ in range(5)]
    assert [reply.record is not None for reply in replies] == [True, True, False, False, False]
    assert len({cookie_of(reply.response) for reply in replies}) == 1
    assert sent(limited, now, CHOICE, REFUSE, THERE).record is not None


def test_who_blocks_and_lifts_again_and_again_is_stopped_at_lifting(
    limited: Gateway, now: datetime, ring: object
) -> None:
    form = {"action": ["lift"], "confirm": ["yes"], "token": ["x"]}
    blocked = cookie_of(sent(limited, now, RIGHTS, {"action": ["restrict"]}).response)
    sent(limited, now, CHOICE, GRANT), sent(limited, now, CHOICE, GRANT)
    assert (
        sent(limited, now, RIGHTS, form, cookie=blocked).response.status == 403
    )  # no token: not counted, not lifted
    page = (
        Asking(limited, now, cookie=blocked)
        .reply("GET", "/.privacy/your-data?confirm=lift")
        .response.body.decode()
    )
    token = page.partition('name="token" value="')[2].partition('"')[0]
    form["token"] = [token]
    assert sent(limited, now, RIGHTS, form, cookie=blocked).response.status == 429
    assert sent(limited, now, RIGHTS, form, THERE, cookie=blocked).response.status == 303


def test_reports_and_hits_have_limits_of_their_own(limited: Gateway, now: datetime) -> None:
    hit = "/.privacy/ga/g/collect?v=2&tid=G-TEST123&en=page_view"
    assert [sent(limited, now, hit, {}).response.status for _ in range(3)] == [204, 204, 429]
    assert sent(limited, now, hit, {}, THERE).response.status == 204
    reports = Asking(limited, now).request(
        "POST",
        "/.privacy/reports",
        b"[]",
        Content_Type="application/reports+json",
        Sec_Fetch_Site="same-origin",
    )
    answers = [limited.answer(replace(reports, peer=HERE), now) for _ in range(3)]
    assert [one.response.status for one in answers if one] == [204, 204, 429]
    refused = sent(limited, now, hit, {}).response
    assert (refused.headers.get("retry-after"), refused.body) == (
        "60",
        b"too much from one address within a minute\n",
    )


def test_hits_of_the_sites_own_servers_are_for_many_visitors_and_not_counted(
    limited: Gateway, now: datetime
) -> None:
    path = "/.privacy/ga/mp/collect?measurement_id=G-TEST123&api_secret=abcdefgh"
    assert {sent(limited, now, path, {}, "203.0.113.5").response.status for _ in range(5)} == {204}


def request(peer: str, *, told: str = "", through_trusted: bool = False) -> Request:
    headers = Headers((("X-Forwarded-For", told),)) if told else Headers()
    return Request(
        method="POST",
        scheme="https",
        host="a",
        target="/",
        headers=headers,
        peer=peer,
        through_trusted=through_trusted,
    )


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [("2001:db8::1", "2001:db8::2", True), ("2001:db8::1", "2001:db8:0:0:ffff::1", True),
     ("2001:db8::1", "2001:db8:0:1::1", False), ("192.0.2.1", "::ffff:192.0.2.1", True), ("192.0.2.1", "192.0.2.2", False)],
)  # fmt: skip
def test_of_ipv6_a_64_counts_as_one(one: str, other: str, alike: bool, now: datetime) -> None:
    counted = Rates(Limits(grants=1))
    assert counted.wait("grants", request(one), now) == 0
    assert (counted.wait("grants", request(other), now) > 0) is alike


def test_behind_a_trusted_proxy_the_address_counts_that_it_saw_last(now: datetime) -> None:
    counted = Rates(Limits(grants=1))
    for told in (f"spoofed, {HERE}", THERE):
        assert counted.wait("grants", request("10.0.0.1", told=told, through_trusted=True), now) == 0
    assert counted.wait("grants", request("10.0.0.1", told=f"other, {HERE}", through_trusted=True), now) == 60
    assert (
        counted.wait("grants", request("10.0.0.1", told=HERE), now) == 0
    )  # not trusted: the peer itself counts
    assert counted.wait("grants", request("10.0.0.1", told=THERE), now) == 60


def test_what_comes_from_this_machine_is_not_counted_and_an_unnamed_proxy_is_told_of_once(
    now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    counted = Rates(Limits(grants=1))
    assert {counted.wait("grants", request(peer), now) for peer in ("127.0.0.1", "::1", "") * 3} == {0}
    assert caplog.messages == []
    for _ in range(3):
        assert counted.wait("grants", request("127.0.0.1", told=HERE), now) == 0
    assert len(caplog.messages) == 1 and "trusted_proxies" in caplog.text and HERE not in caplog.text


def test_the_operator_is_told_once_of_each_limit_and_never_of_an_address(
    now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    counted = Rates(Limits(grants=1))
    for minutes in range(3):
        for _ in range(3):
            counted.wait("grants", request(HERE), now + timedelta(minutes=minutes))
    assert len(caplog.messages) == 1 and "too many grants" in caplog.text and HERE not in caplog.text


def test_what_is_remembered_is_no_address_ends_with_the_minute_and_is_bounded(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SEC-12"""
    monkeypatch.setattr(rates, "MOST_ADDRESSES", 3)
    counted = Rates(Limits(grants=1))
    for last in range(9):
        assert counted.wait("grants", request(f"192.0.2.{last}"), now) == 0  # however many others there are
    names = set(counted._counts)
    assert len(names) == 3 and not any(b"192.0.2" in name for name in names)
    assert counted.wait("grants", request("192.0.2.0"), now) == 60
    assert counted.wait("grants", request("192.0.2.0"), now + timedelta(seconds=60)) == 0
    assert len(counted._counts) == 1 and not names & set(counted._counts)  # under another salt


def test_a_clock_that_goes_back_keeps_nobody_out(now: datetime) -> None:
    counted = Rates(Limits(grants=1))
    counted.wait("grants", request(HERE), now)
    assert counted.wait("grants", request(HERE), now - timedelta(hours=1)) == 0


def test_over_the_wire_the_visitor_behind_the_proxy_is_meant(tmp_path: Path) -> None:
    async def never(_: object) -> None:
        raise AssertionError

    site = '[site]\ntrusted_proxies = ["127.0.0.1"]\n[limits]\ngrants = 1\n'
    with serving(never) as origin, gateway(origin, tmp_path / "state", site=site) as base:  # type: ignore[arg-type]
        form = {"Content_Type": "application/x-www-form-urlencoded", "Sec_Fetch_Site": "same-origin"}
        statuses = [
            ask(base, "POST", CHOICE, b"decision=accept_all", X_Forwarded_For=told, **form)[0]
            for told in (HERE, THERE, HERE)
        ]
    assert statuses == [303, 303, 429]
