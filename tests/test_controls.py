"""Each control says in its own words what it does, and a record keeps them without a token."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from consent_gateway import controls
from consent_gateway.gateway import Gateway
from tests.asking import Asking, consented


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("action", list(controls.PARTS))
def test_a_control_is_a_heading_a_sentence_and_one_button(
    gateway: Gateway, now: datetime, action: str, language: str
) -> None:
    asking = Asking(gateway, now, cookie=consented(gateway, now, decision=["accept_all"]))
    visit = gateway._visit(asking.request("GET", "/"), now)
    shown = controls.shown(gateway._rendering, action, language, visit)
    assert shown.count("<button") == shown.count("<form") == 1
    assert ("<h2" in shown or "<h1" in shown) and "<p>" in shown
    assert f'name="action" value="{action}"' in shown
    assert (visit.consent.receipt not in shown and 'name="token" value=""' in shown) or "token" not in shown


@pytest.mark.parametrize("action", list(controls.PARTS))
def test_what_is_kept_of_a_control_is_the_same_for_everybody(
    gateway: Gateway, now: datetime, action: str
) -> None:
    """PRC-06: texts are kept in clear, and outlive what is erased."""
    cookies = [
        "",
        consented(gateway, now, decision=["accept_all"]),
        consented(gateway, now, service=["zoom"]),
    ]
    visits = [
        gateway._visit(Asking(gateway, now, cookie=cookie).request("GET", "/"), now) for cookie in cookies
    ]
    blocked = visits[1].consent.restrict(now).object_to((), (), now)
    visits.append(replace(visits[1], consent=blocked))
    texts = {controls.shown(gateway._rendering, action, "en", visit) for visit in visits}
    assert len(texts) == 1 and "checked" not in texts.pop()
