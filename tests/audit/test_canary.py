"""Planted leaks are found by the code that finds the real ones: what blinds it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

import pytest

from consent_gateway.audit import canary as planting
from consent_gateway.audit import detector
from consent_gateway.audit import looking as looking_module
from consent_gateway.audit.canary import NOT_PLANTED
from consent_gateway.audit.fetches import Fetch
from consent_gateway.audit.findings import Canary, Carrier
from consent_gateway.audit.looking import Looking
from consent_gateway.audit.states import visitors
from tests.conftest import MakeGateway

HOST = "www.example.com"
Plant = Callable[[str], Canary]


@pytest.fixture
def plant(make_gateway: MakeGateway, now: datetime) -> Plant:
    def planted(site: str) -> Canary:
        gateway = make_gateway(site)
        known = visitors(gateway, HOST, "https", now)
        return planting.canary(Looking(gateway, now), known, "https", HOST)

    return planted


@pytest.mark.parametrize("site", ["", '[third_parties]\nunlisted = "hold"\n[services.linkedin]\n'])
def test_qa_03_one_for_each_carrier_and_side_is_found(plant: Plant, site: str) -> None:
    found = plant(site)
    assert found.proves and len(found.planted) == 2 * len(Carrier)


@pytest.mark.parametrize("carrier", list(Carrier))
def test_qa_03_a_detector_that_is_blind_to_one_proves_nothing(
    plant: Plant, monkeypatch: pytest.MonkeyPatch, carrier: Carrier
) -> None:
    whole = detector.fetches

    def blind(*args: object, **more: object) -> Iterator[Fetch]:
        return (one for one in whole(*args, **more) if one.carrier is not carrier)  # type: ignore[arg-type]

    monkeypatch.setattr(looking_module, "fetches", blind)
    found = plant("")
    assert not found.proves
    assert set(found.planted) - set(found.found) == {f"direct {carrier.value}", f"through {carrier.value}"}


def test_qa_03_what_is_not_planted_proves_nothing() -> None:
    assert not NOT_PLANTED.proves and not replace(NOT_PLANTED, found=("direct script",)).proves
