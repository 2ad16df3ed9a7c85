"""Who has had data is known from the cookie and from the records, as the site was when they were made."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace

import pytest

from consent_gateway import recipients as module
from consent_gateway.gateway import Gateway
from consent_gateway.holding import Holding
from consent_gateway.recipients import recipients
from consent_gateway.visit import Visit
from tests.asking import Asking, consented
from tests.conftest import MakeGateway
from tests.recorded import record

SITE = "[services.youtube]\n[services.zoom]\n[services.google-tag-manager]\n[services.hotjar]\n"


@pytest.fixture
def gateway(make_gateway: MakeGateway) -> Gateway:
    return make_gateway(SITE)


def visit(gateway: Gateway, now: datetime, cookie: str = "") -> Visit:
    return gateway._visit(Asking(gateway, now, cookie=cookie).request("GET", "/"), now)


def held(
    now: datetime, *services: str, granted: tuple[str, ...] = (), alone: tuple[str, ...] = ()
) -> Holding:
    terms = {"purposes": [{"id": "media", "services": [{"id": id} for id in services]}]}
    one = replace(record(), granted=dict.fromkeys(granted, "r"), services=list(alone))
    return Holding(number=1, record=one, terms=json.dumps(terms))


def test_prc_10_it_is_those_that_the_cookie_releases_blocked_or_not(gateway: Gateway, now: datetime) -> None:
    cookie = consented(gateway, now, purpose=["media"], service=["zoom"])
    known = visit(gateway, now, cookie)
    assert recipients(known, None) == ["youtube", "zoom"]
    assert recipients(replace(known, consent=known.consent.restrict(now)), []) == ["youtube", "zoom"]


def test_prc_10_it_is_those_that_the_site_had_when_the_record_was_made(
    gateway: Gateway, now: datetime
) -> None:
    known = visit(gateway, now)
    assert recipients(known, [held(now, "vimeo", granted=("media",), alone=("zoom",))]) == ["vimeo", "zoom"]
    assert recipients(known, [held(now, "vimeo", granted=("marketing",))]) == []
    assert recipients(known, [replace(held(now, granted=("media",)), terms="")]) == []


def test_prc_10_what_needs_several_purposes_had_nothing_before_all_were_granted(
    gateway: Gateway, now: datetime
) -> None:
    known = visit(gateway, now)
    needs = gateway.catalogue.services["google-tag-manager"].purposes
    assert recipients(known, [held(now, "google-tag-manager", granted=needs[:1])]) == []
    assert recipients(known, [held(now, "google-tag-manager", granted=needs)]) == ["google-tag-manager"]


DAMAGED = ("no JSON", "[]", "{}", '{"purposes": 1}', '{"purposes": [{"services": [{}]}]}', '{"purpose": []}', "[" * 99_999)  # fmt: skip


@pytest.mark.parametrize("terms", DAMAGED, ids=range(len(DAMAGED)))
def test_prc_10_terms_that_cannot_be_read_name_nobody_and_hide_nobody(
    gateway: Gateway, now: datetime, terms: str
) -> None:
    known = visit(gateway, now, consented(gateway, now, purpose=["media"]))
    damaged = replace(held(now, granted=("marketing",), alone=("zoom",)), terms=terms)
    assert recipients(known, [damaged, held(now, "hotjar", granted=("marketing",))]) == ["hotjar", "youtube", "zoom"]  # fmt: skip


def test_terms_that_many_records_have_are_read_once(
    gateway: Gateway, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def loads(text: str) -> dict[str, list[object]]:
        read.append(text)
        return {"purposes": []}

    monkeypatch.setattr(module, "json", SimpleNamespace(loads=loads))
    recipients(visit(gateway, now), [held(now, "vimeo"), held(now, "zoom"), held(now, "vimeo")])
    assert len(read) == 2
