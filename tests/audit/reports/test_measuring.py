"""Whether the pages measure by Google: none, some that was not seen, hits."""

from __future__ import annotations

from dataclasses import replace

from consent_gateway.audit.reports.answer import limits
from consent_gateway.audit.reports.measuring import unseen, without_hits
from tests.audit import audits


def test_where_hits_were_seen_nothing_is_to_be_said() -> None:
    assert without_hits(audits.leaky()) == unseen(audits.leaky()) == ""


def test_a_measurement_of_which_no_hit_was_seen_is_not_called_none() -> None:
    audit = replace(audits.leaky(), forwarded=())
    said = without_hits(audit)
    assert said.startswith("The pages bring Google Analytics (www.googletagmanager.com, ")
    assert "could not be fetched or did not run" in said
    assert said in limits(audit)


def test_a_tag_manager_may_measure() -> None:
    contact = replace(audits.leaky().contacts[0], owner="google-tag-manager")
    audit = replace(audits.leaky(), forwarded=(), contacts=(contact,))
    assert "Google Tag Manager (www.googletagmanager.com), which may measure" in without_hits(audit)


def test_without_google_in_the_pages_there_is_none() -> None:
    audit = replace(audits.leaky(), forwarded=(), contacts=())
    assert without_hits(audit) == "The pages make no measurement that would go to Google."
    assert unseen(audit) == ""
