"""An audit of addresses from end to end, in a real browser and in all ten states."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest

from consent_gateway.audit import planted
from consent_gateway.audit.findings import Side, Situation
from consent_gateway.audit.sighting import Sighting
from consent_gateway.audit.situations import BRIEFLY
from consent_gateway.audit.states import STATES, visitors
from consent_gateway.audit.watching import Watched, watched, with_planted
from consent_gateway.captures.browser import NoBrowser
from consent_gateway.captures.exchange import DOCUMENT, Exchange
from consent_gateway.gateway import Gateway
from consent_gateway.messages import Headers, Request, Response
from tests import chromium
from tests.audit.live_site import IN_GERMAN, LEAKS, OF_MISSING, internet

HOLD = '[third_parties]\nunlisted = "hold"\n'


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Watched:
    counted: list[tuple[int, int]] = []
    with internet() as net:
        site_file = net.site_file(tmp_path_factory.mktemp("site"), HOLD)
        address = f"{net.site.address}/?secret=hushed"
        try:
            found = asyncio.run(
                watched(
                    [address],
                    net.look(),
                    visitors,
                    site_file=site_file,
                    progress=lambda *at: counted.append(at),
                )
            )
        except NoBrowser:
            pytest.skip(chromium.NONE)
    # Ten states and two sides; two pages more in three states on both sides; two answers that are clicked.
    visits = 2 * 10 + 2 * 2 * 3 + 2
    assert counted == [(number + 1, visits) for number in range(visits)]
    return found


@pytest.mark.browser
@pytest.mark.slow
def test_every_state_is_looked_at_on_both_sides_and_the_planted_leaks_prove_it(result: Watched) -> None:
    assert result.canary.proves
    assert set(result.canary.planted) == {f"{side} {carrier}" for side in Side for carrier in planted.LEAKS}
    assert result.browser.startswith("Chromium ")
    assert [(one.kind, one.pages) for one in result.inputs] == [("address", 1)]
    assert len(result.results.pages) == 1
    contacts = result.results.contacts
    everybody = {host for host, _ in LEAKS.values()}
    for state in STATES:
        direct = {one.host for one in contacts if (one.state, one.side) == (state.id, Side.DIRECT)}
        through = {one.host for one in contacts if (one.state, one.side) == (state.id, Side.THROUGH)}
        beside = {IN_GERMAN, OF_MISSING} if state.id in BRIEFLY else set()
        assert direct == everybody | beside
        assert bool(through) == (state.id == "all")
    assert "canary" not in str(contacts)
    assert "youtube" in result.results.services
    assert "hushed" not in str(result.results)
    assert len(result.results.not_measured) >= 2


@pytest.mark.browser
@pytest.mark.slow
def test_qa_01_answers_are_clicked_and_what_is_not_there_and_another_language_are_opened(
    result: Watched,
) -> None:
    covered = {one.situation: one for one in result.results.coverage}
    assert {situation: one.tried for situation, one in covered.items()} == {
        Situation.REJECTED: True,
        Situation.WITHDRAWN: True,
        Situation.DEEP: False,
        Situation.NOT_FOUND: True,
        Situation.LANGUAGE: True,
    }
    for situation in (Situation.REJECTED, Situation.WITHDRAWN):
        assert covered[situation].said.endswith("then the page was opened again: nobody else was contacted")
    assert covered[Situation.DEEP].said == "no page but the front page was found"
    assert covered[Situation.NOT_FOUND].said.endswith("answered with 404")
    assert "en (" in covered[Situation.LANGUAGE].said and "/de/)" in covered[Situation.LANGUAGE].said
    hosts = {one.host for one in result.results.contacts if one.side is Side.DIRECT}
    assert hosts >= {IN_GERMAN, OF_MISSING}
    assert result.results.left_out == ()
    assert result.agent.startswith("Mozilla/5.0")


def sighting(now: datetime, body: bytes = b"", failure: str = "") -> Sighting:
    document = Exchange(
        request=Request(method="GET", scheme="https", host="www.example.com", target="/?q=1"),
        response=Response(status=200, headers=Headers(), body=body),
        destination=DOCUMENT,
    )
    return Sighting(
        page="https://www.example.com/?q=1", state="fresh", side=Side.DIRECT, fields=(), time=now, exchanges=(document,), failure=failure
    )  # fmt: skip


def test_a_page_that_could_not_be_opened_is_said_once(gateway: Gateway, now: datetime) -> None:
    result = Watched()
    for _ in range(3):
        result.take(sighting(now, failure="answered with 404"), gateway)
    assert result.results.left_out == ("https://www.example.com/: answered with 404 (at the site)",)


def test_a_page_counts_if_it_was_shown_on_both_sides_in_every_state(gateway: Gateway, now: datetime) -> None:
    result, shown = Watched(), sighting(now)
    error = replace(shown.exchanges[0], response=Response(status=502))
    result.take(shown, gateway)
    result.take(replace(shown, side=Side.THROUGH, exchanges=(error,), failure="answered with 502"), gateway)
    assert not result.results.pages  # a gateway that reaches nothing lets nothing through
    assert result.results.left_out == ("https://www.example.com/: answered with 502 (through the gateway)",)
    result.take(replace(shown, side=Side.THROUGH), gateway)
    assert result.results.pages == ("https://www.example.com/",)
    result.take(replace(shown, side=Side.THROUGH, state="all", exchanges=(error,)), gateway)
    assert not result.results.pages  # what it would do for who has agreed is not known


def test_a_consent_tool_that_is_there_already_is_noticed(gateway: Gateway, now: datetime) -> None:
    result = Watched()
    result.take(sighting(now, b"<script src=https://consent.cookiebot.com/uc.js></script>"), gateway)
    assert result.results.consent_tools == {"Cookiebot": "https://www.example.com/"}


def test_without_planted_leaks_nothing_is_proven() -> None:
    assert not Watched().canary.proves


def test_a_browser_that_has_missed_one_is_not_excused_by_another(now: datetime) -> None:
    hosts = [f"{carrier.value.replace(' ', '-')}.{planted.HOST}" for carrier in planted.LEAKS]
    blind = sighting(now)
    first = with_planted(Watched().canary, blind)
    assert not first.found
    assert len(first.planted) == len(hosts)
    assert not with_planted(first, replace(blind, side=Side.THROUGH)).proves
