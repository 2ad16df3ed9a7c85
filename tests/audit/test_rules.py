"""Each rule of the audit applies to what it names, and says what to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from consent_gateway.audit import rules
from consent_gateway.audit.findings import (
    Carrier,
    Contact,
    CookieSet,
    Evidence,
    Field,
    Forwarded,
    Severity,
    Side,
)
from consent_gateway.audit.states import STATES
from consent_gateway.decision import NOT_LISTED

CONTACT = Contact(
    page="https://www.example.com/",
    state="fresh",
    side=Side.DIRECT,
    host="t.example",
    path="/x",
    owner="linkedin",
    kind="service",
    purpose="social_media",
    carrier=Carrier.SCRIPT,
    evidence=Evidence.RECORDED,
    allowed=False,
    decision="hold",
    reason="nothing was decided",
    article="TDDDG § 25(1)",
)
COOKIE = CookieSet(
    page="https://www.example.com/", state="fresh", side=Side.THROUGH, name="id", host="www.example.com",
    party="first", by_script=False, owner="", purpose="", allowed=False, kept=True,
)  # fmt: skip
HIT = Forwarded(
    page="https://www.example.com/", state="fresh", event="page_view", host="g.example", sent_on=True, reason="",
    fields=(Field("cid", "passed"), Field("uid", "dropped"), Field("en", "passed")),
)  # fmt: skip


def broken(**changed: object) -> list[tuple[str, Severity]]:
    found = rules.of_contacts((replace(CONTACT, **changed),))  # type: ignore[arg-type]
    return [(one.rule, one.severity) for one in found]


@pytest.mark.parametrize("state", [state.id for state in STATES if not state.agrees])
def test_a_contact_before_consent_is_an_error_in_every_state_in_which_nothing_may_leave(state: str) -> None:
    assert broken(state=state) == [("contact-before-consent", Severity.ERROR)]
    assert broken(state=state, kind="unlisted") == [("unlisted-before-consent", Severity.ERROR)]
    assert broken(state=state, allowed=True) == []


def test_who_agrees_to_some_of_it_gets_no_more_than_that() -> None:
    assert broken(state="analytics") == [("contact-not-agreed", Severity.ERROR)]
    assert broken(state="all", reason="goes by way of the gateway") == [
        ("contact-not-agreed", Severity.ERROR)
    ]
    for change in ({"kind": "tracker"}, {"kind": "unlisted"}, {"reason": NOT_LISTED}):
        assert broken(state="all", **change) == [("seen-not-declared", Severity.ERROR)]


def test_a_host_is_told_once_for_a_page_state_and_side() -> None:
    contacts = (
        CONTACT,
        replace(CONTACT, path="/y"),
        replace(CONTACT, state="gpc"),
        replace(CONTACT, page="p"),
    )
    assert len(list(rules.of_contacts(contacts))) == 3


@pytest.mark.parametrize(("allowed", "kept", "told"), [(False, True, 1), (True, True, 0), (False, False, 0)])
def test_a_cookie_is_told_where_it_reaches_the_browser_unasked(allowed: bool, kept: bool, told: int) -> None:
    assert len(list(rules.of_cookies((replace(COOKIE, allowed=allowed, kept=kept),)))) == told


def test_a_hit_without_consent_and_an_id_that_went_on_as_it_was_are_told() -> None:
    found = [one.rule for one in rules.of_hits((HIT,))]
    assert found == ["hit-without-consent", "field-not-to-pass"]
    assert [one.rule for one in rules.of_hits((replace(HIT, state="all"),))] == ["field-not-to-pass"]
    assert list(rules.of_hits((replace(HIT, sent_on=False),))) == []


def test_every_rule_has_a_name_of_its_own_and_a_remedy() -> None:
    ids = [rule.id for rule in rules.RULES]
    assert len(set(ids)) == len(ids) and all(rule.remedy and rule.message for rule in rules.RULES)


def test_nobody_is_told_to_declare_a_cookie_that_is_declared() -> None:
    cookies = (replace(COOKIE, purpose="", owner=""), replace(COOKIE, purpose="analytics", owner=""))
    undeclared, declared = rules.of_cookies(tuple(replace(one, allowed=False, kept=True) for one in cookies))
    assert "declare it under [cookies]" in undeclared.remedy
    assert declared.remedy.startswith("its purpose is not agreed to") and "declare it" not in declared.remedy
    assert declared.rule == undeclared.rule
