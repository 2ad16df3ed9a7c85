"""The one answer of an audit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from consent_gateway.audit.findings import Audit, Canary, Evidence, Verdict
from consent_gateway.audit.reports.answer import answer, limits, other_side, rests_on
from tests.audit import audits

CANARY = Canary(planted=("css", "script"), found=("script",))


@pytest.mark.parametrize(
    ("audit", "said"),
    [
        (audits.leaky(), "Without the gateway, 7 third parties (10 hosts) are contacted and 2 cookies are set without consent, in 8 of 10 states; 6 third parties and 1 cookie even for a visitor who has agreed to statistics; 2 third parties even for a visitor who has agreed to everything. 243 findings (page × state) are errors."),
        (audits.clean(), "Nothing was found that leaves the browser with the gateway unless the visitor has agreed to it."),
        (replace(audits.leaky(), canary=CANARY), "Not every planted leak was found; missed: css. So nothing follows from what was found, and nothing from what was not."),
        (audits.without_canary(), "No leak was planted, so it is not known whether one would have been found. So nothing follows from what was found, and nothing from what was not."),
        (replace(audits.leaky(), pages=()), "No page could be looked at. So nothing follows from what was found, and nothing from what was not."),
    ],
)  # fmt: skip
def test_it_says_what_leaves_or_why_that_is_not_known(audit: Audit, said: str) -> None:
    """QA-01, QA-03"""
    assert answer(audit) == said


def test_the_other_side_is_said_beside_it() -> None:
    assert other_side(audits.leaky()).startswith(
        "With the gateway, 1 third party (1 host) is contacted without consent, in 1 of"
    )
    assert other_side(audits.clean()).startswith("Without the gateway, 7 third parties (10 hosts)")
    nothing = replace(audits.clean(), contacts=(), cookies=())
    assert (
        other_side(nothing)
        == "Without the gateway, nothing leaves the browser that the visitor has not agreed to."
    )


def test_what_is_set_without_anybody_contacted_is_said() -> None:
    audit = replace(audits.leaky(), contacts=())
    assert answer(audit).startswith(
        "Without the gateway, 2 cookies are set without consent, in 8 of 10 states; 1 cookie even for a visitor who "
        "has agreed to statistics."
    )


def test_what_leaves_only_with_an_agreement_to_something_else_is_not_said_to_leave_without_any() -> None:
    audit = audits.leaky()
    of_all = tuple(one for one in audit.contacts if one.state == "all")
    assert answer(replace(audit, contacts=of_all, cookies=())).startswith(
        "Without the gateway, 2 third parties (2 hosts) are contacted even for a visitor who has agreed to everything. "
    )


def test_a_capture_without_its_end_proves_leaks_only() -> None:
    cut = ("besuch.flows: flow 7 is cut off: the file ends in the middle of it",)
    audit = replace(audits.clean(), incomplete=cut)
    assert audit.verdict is Verdict.NOT_PROVEN
    assert answer(audit).startswith(
        "In what could be read nothing was found that leaves the browser with the"
    )
    assert answer(audit).endswith(f"Not read to the end: {cut[0]}.")
    leaks = replace(audits.leaky(), incomplete=cut)
    assert leaks.verdict is Verdict.LEAKS and answer(leaks).endswith(f"Not read to the end: {cut[0]}.")
    assert replace(audits.clean(), incomplete=()).verdict is Verdict.CLEAN


def test_it_rests_on_pages_states_and_planted_leaks() -> None:
    """QA-03"""
    pages, proof = rests_on(audits.leaky())
    assert (
        pages == "5 pages of www.morgenrot-solar.example, each for a visitor in 10 states. "
        "1 page or file could not be looked at."
    )
    assert proof.startswith("11 leaks were planted in this run, and every one was found (script, iframe")
    assert (
        rests_on(replace(audits.leaky(), canary=CANARY))[1]
        == "2 leaks were planted in this run; not found: css."
    )


def test_an_audit_without_a_browser_says_so() -> None:
    """QA-04"""
    seen = replace(audits.leaky().contacts[0], evidence=Evidence.SEEN)
    assert any(one.startswith("No browser ran") for one in limits(audits.leaky()))
    assert not any(
        one.startswith("No browser ran") for one in limits(replace(audits.leaky(), contacts=(seen,)))
    )
    assert limits(audits.leaky())[0] == audits.leaky().not_measured[0]


def test_leaks_that_were_planted_on_either_side_are_named_once() -> None:
    both = Canary(
        planted=("direct css", "direct run time", "through css", "through run time"),
        found=("direct css", "direct run time", "through css", "through run time"),
    )
    assert (
        rests_on(replace(audits.leaky(), canary=both))[1]
        == "4 leaks were planted in this run, and every one was found (css, run time on either side)."
    )
    blind = replace(both, found=both.planted[:3])
    assert answer(replace(audits.leaky(), canary=blind)).startswith(
        "Not every planted leak was found; missed: run time with the gateway."
    )


def test_what_was_not_measured_is_said_in_sentences() -> None:
    audit = replace(audits.leaky(), not_measured=("storage that scripts write",))
    assert limits(audit)[0] == "Storage that scripts write."
