"""The rules by which a service loads or is held."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from consent_gateway.consent import Consent
from consent_gateway.decision import RULES, Case, Verdict, decide

REVISIONS = {"analytics": "a1", "media": "m1", "social_media": "s1"}


def case(consent: Consent, *, purposes: tuple[str, ...] = ("social_media",), listed: bool = True) -> Case:
    return Case(service="linkedin", purposes=purposes, listed=listed, consent=consent, revisions=REVISIONS)


@pytest.mark.parametrize(
    ("consent", "verdict", "reason"),
    [
        (Consent(), Verdict.HOLD, "nothing was decided"),
        (Consent(granted={"social_media": "s1"}), Verdict.LOAD, "the visitor has granted its purpose"),
        (Consent(refused={"social_media": "s1"}), Verdict.HOLD, "the visitor has refused its purpose"),
        (Consent(granted={"media": "m1"}), Verdict.HOLD, "nothing was decided"),
        (Consent(granted={"social_media": "old"}), Verdict.HOLD, "nothing was decided"),
        (Consent(services=frozenset(("linkedin",))), Verdict.LOAD, "the visitor always loads this service"),
        (
            Consent(refused={"social_media": "s1"}, services=frozenset(("linkedin",))),
            Verdict.LOAD,
            "the visitor always loads this service",
        ),
        (Consent(services=frozenset(("xing",))), Verdict.HOLD, "nothing was decided"),
    ],
)
def test_a_verdict_comes_with_its_reason(consent: Consent, verdict: Verdict, reason: str) -> None:
    decision = decide(case(consent))
    assert (decision.verdict, decision.reason) == (verdict, reason)


def test_a_service_the_operator_does_not_list_is_held_whatever_was_granted() -> None:
    everything = Consent(granted=dict(REVISIONS), services=frozenset(("linkedin",)))
    assert decide(case(everything, listed=False)).verdict is Verdict.HOLD


def test_a_service_with_several_purposes_needs_all_of_them() -> None:
    both = ("analytics", "media")
    assert not decide(case(Consent(granted={"analytics": "a1"}), purposes=both)).loads
    assert decide(case(Consent(granted={"analytics": "a1", "media": "m1"}), purposes=both)).loads


def test_every_rule_rests_on_an_article_and_the_last_one_holds() -> None:
    assert all(article for _, _, _, article in RULES)
    assert RULES[-1][1] is Verdict.HOLD


def test_what_the_visitor_has_blocked_is_held_whatever_was_granted(now: datetime) -> None:
    """PRC-05"""
    everything = Consent(granted=dict(REVISIONS), services=frozenset(("linkedin",)), restricted=now)
    found = decide(case(everything))
    assert (found.verdict, found.article) == (Verdict.HOLD, "GDPR Art. 18(2)")


def test_an_objection_holds_what_was_not_granted_by_a_tick_of_its_own_since(now: datetime) -> None:
    """PRC-07"""
    objected = replace(case(Consent(objected=now)), objected=frozenset(("social_media",)))
    assert (decide(objected).verdict, decide(objected).article) == (Verdict.HOLD, "GDPR Art. 21(3)")
    ticked = replace(objected, consent=Consent(granted={"social_media": "s1"}, objected=now))
    assert decide(ticked).loads
    by_signal = replace(objected, consent=Consent())
    assert decide(by_signal).article == "GDPR Art. 21(5)"
