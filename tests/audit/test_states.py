"""The visitors of an audit are in the states they are called by, as far as the gateway can tell."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from consent_gateway.audit.states import STATES, NoState, Visitor, visitors
from consent_gateway.consent import NOTHING, Consent
from consent_gateway.gateway import Gateway
from consent_gateway.messages import Headers, Request
from tests.conftest import MakeGateway

HOST = "www.example.com"


def asked(visitor: Visitor) -> Request:
    return Request(method="GET", scheme="https", host=HOST, target="/", headers=Headers(visitor.fields))


def made(gateway: Gateway, now: datetime) -> dict[str, Visitor]:
    return {one.state.id: one for one in visitors(gateway, HOST, "https", now)}


def consents(gateway: Gateway, now: datetime) -> dict[str, Consent]:
    return {id: gateway.visit(asked(one), now).consent for id, one in made(gateway, now).items()}


def test_there_are_ten_in_the_order_in_which_they_are_reported(gateway: Gateway, now: datetime) -> None:
    order = "fresh refused analytics all withdrawn expired tampered gpc blocked objected".split()
    assert [state.id for state in STATES] == order == list(made(gateway, now))


def test_each_is_what_it_is_called(gateway: Gateway, now: datetime) -> None:
    found = consents(gateway, now)
    purposes = set(gateway.policy.policy.offer.revisions)
    assert found["fresh"] == found["expired"] == found["tampered"] == NOTHING
    assert set(found["refused"].refused) == set(found["withdrawn"].refused) == purposes
    assert not found["withdrawn"].grants_anything
    assert set(found["analytics"].granted) == {"analytics"}
    assert set(found["all"].granted) == purposes - {"analytics_linking"}
    assert found["blocked"].restricted and found["blocked"].granted == found["all"].granted
    assert found["objected"].objected and not found["objected"].grants_anything


def test_only_who_agrees_has_anything_loaded(gateway: Gateway, now: datetime) -> None:
    for id, visitor in made(gateway, now).items():
        released = gateway.visit(asked(visitor), now).released
        assert bool(released) is visitor.state.agrees, id


def test_an_expired_agreement_counted_until_it_ran_out(gateway: Gateway, now: datetime) -> None:
    visitor = made(gateway, now)["expired"]
    released = [bool(gateway.visit(asked(visitor), now - timedelta(days=days)).released) for days in (0, 2)]
    assert released == [False, True]


def test_a_signal_is_no_cookie(gateway: Gateway, now: datetime) -> None:
    assert made(gateway, now)["gpc"].fields == (("Sec-GPC", "1"),)
    assert gateway.visit(asked(made(gateway, now)["gpc"]), now).objected == {"marketing"}


def test_plain_http_has_its_own_cookie(gateway: Gateway, now: datetime) -> None:
    [(_, cookie)] = visitors(gateway, HOST, "http", now)[1].fields
    assert cookie.startswith("privacy=")


def test_a_site_that_asks_about_no_statistics_is_agreed_to_without_them(
    make_gateway: MakeGateway, now: datetime
) -> None:
    found = consents(make_gateway("[services.linkedin]\n"), now)
    assert not found["analytics"].granted and set(found["all"].granted) == {"social_media"}


def test_a_host_that_is_not_the_sites_is_named(make_gateway: MakeGateway, now: datetime) -> None:
    gateway = make_gateway('[site]\nhosts = ["www.example.org"]\n')
    with pytest.raises(NoState, match=r"www\.example\.com/\.privacy/choice .* is answered 421"):
        visitors(gateway, HOST, "https", now)
