"""A click becomes a consent: exactly what was asked for, and nothing besides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from consent_gateway import choices
from consent_gateway.catalogue import Catalogue
from consent_gateway.choices import Choice, choose, local_path, same_site
from consent_gateway.consent import Consent
from consent_gateway.datafile import parse
from consent_gateway.messages import BadForm, Headers
from consent_gateway.offer import Offer, offer
from consent_gateway.site import Site
from consent_gateway.visitor import Visitor

SITE = "[services.google-analytics]\n[services.linkedin]\n[services.youtube]\n[services.hotjar]\n"


@pytest.fixture
def asked(catalogue: Catalogue) -> Offer:
    return offer(parse(SITE, Site, file="f"), catalogue)


Click = Callable[..., Choice]


@pytest.fixture
def click(asked: Offer, now: datetime) -> Click:
    def act(consent: Consent = Consent(), *, objects: bool = False, **form: list[str]) -> Choice:  # noqa: B008
        return choose(form, consent=consent, offer=asked, visitor=Visitor(objects=objects), now=now)

    return act


def test_accept_all_grants_every_purpose_but_linking(click: Click) -> None:
    choice = click(decision=["accept_all"])
    assert set(choice.consent.granted) == {"analytics", "media", "social_media", "marketing"}
    assert set(choice.consent.refused) == {"analytics_linking"}
    assert (choice.kind, choice.grants) == ("grant", True)


def test_reject_all_refuses_every_purpose(click: Click) -> None:
    choice = click(decision=["reject_all"])
    assert not choice.consent.grants_anything
    assert len(choice.consent.refused) == 5
    assert (choice.kind, choice.grants) == ("refusal", False)


@pytest.mark.parametrize("form", [{"decision": ["reject_all"]}, {"decision": ["save"], "purpose": ["media"]}])
def test_who_refuses_statistics_refuses_that_they_are_linked_asked_about_or_not(
    click: Click, form: dict[str, list[str]]
) -> None:
    both = click(decision=["save"], purpose=["analytics", "analytics_linking"]).consent
    after = click(both, asked=["analytics", "media"], **form).consent
    assert {"analytics", "analytics_linking"} <= after.refused.keys()
    kept = click(both, asked=["media"], **form).consent
    assert {"analytics", "analytics_linking"} <= kept.granted.keys()


def test_who_switches_off_what_needs_statistics_refuses_that_they_are_linked(
    click: Click, now: datetime
) -> None:
    both = click(decision=["save"], purpose=["analytics", "analytics_linking"]).consent
    after = choices.undo("x", ("analytics",), consent=both, others=(), now=now).consent
    assert not after.granted


def test_saving_grants_what_is_ticked_and_refuses_what_is_not(click: Click) -> None:
    choice = click(decision=["save"], purpose=["media"], service=["linkedin"])
    assert set(choice.consent.granted) == {"media"}
    assert choice.consent.services == {"linkedin"}
    assert "social_media" in choice.consent.refused


def test_linking_is_granted_by_its_own_tick_only_and_outlives_accept_all(click: Click) -> None:
    linked = click(decision=["save"], purpose=["analytics", "analytics_linking"]).consent
    assert "analytics_linking" in linked.granted
    assert "analytics_linking" in click(linked, decision=["accept_all"]).consent.granted


def test_an_objection_signal_keeps_advertising_off_unless_it_is_ticked(click: Click) -> None:
    assert "marketing" in click(objects=True, decision=["accept_all"]).consent.refused
    assert "marketing" in click(objects=True, decision=["save"], purpose=["marketing"]).consent.granted


def test_a_click_after_a_grant_is_a_change_or_a_withdrawal(click: Click) -> None:
    granted = click(decision=["accept_all"]).consent
    assert click(granted, decision=["save"], purpose=["media"]).kind == "change"
    withdrawn = click(granted, decision=["reject_all"])
    assert (withdrawn.kind, withdrawn.grants) == ("withdrawal", False)


def test_a_change_is_answered_alone_and_the_rest_stays_as_it_was(click: Click, now: datetime) -> None:
    """CON-12"""
    before = click(decision=["save"], purpose=["analytics"], service=["youtube", "linkedin"]).consent
    before = replace(before, decided=now - timedelta(days=30), services_since=now - timedelta(days=30))
    after = click(before, decision=["accept_all"], asked=["social_media"]).consent
    assert set(after.granted) == {"analytics", "social_media"}
    assert set(after.refused) == {"analytics_linking", "media", "marketing"}
    assert after.services == {"youtube"}
    assert after.earlier == dict.fromkeys(
        ("analytics", "analytics_linking", "media", "marketing"), now - timedelta(days=30)
    )
    refused = click(before, decision=["reject_all"], asked=["social_media"]).consent
    assert set(refused.granted) == {"analytics"} and "social_media" in refused.refused


def test_an_answer_on_a_notice_older_than_the_site_file_counts_for_what_there_still_is(click: Click) -> None:
    """BAN-03, BAN-06"""
    before = click(decision=["save"], purpose=["analytics"]).consent
    refused = click(before, decision=["reject_all"], asked=["webinars", "media"]).consent
    assert set(refused.granted) == {"analytics"} and "media" in refused.refused
    for decision in ("accept_all", "reject_all"):
        after = click(before, decision=[decision], asked=["webinars"])
        assert after.consent.granted == before.granted and not after.grants, "nobody was asked about the rest"


def test_taking_something_back_is_no_grant_whatever_stays(click: Click) -> None:
    before = click(decision=["accept_all"]).consent
    for form in (
        {"decision": ["reject_all"], "asked": ["media"]},
        {"decision": ["save"], "purpose": ["media"]},
        {"decision": ["reject_all"]},
    ):
        assert not click(before, **form).grants, form
    assert click(before, decision=["save"], purpose=["media"], service=["linkedin"]).grants
    assert click(decision=["accept_all"]).grants


def test_nothing_is_combined_with_statistics_that_are_refused(click: Click) -> None:
    assert "analytics_linking" in click(decision=["save"], purpose=["analytics_linking"]).consent.refused


def test_refusing_all_leaves_nothing_whatever_it_was(click: Click) -> None:
    """BAN-03"""
    before = click(decision=["save"], purpose=["analytics"], service=["youtube", "linkedin"]).consent
    after = click(before, decision=["reject_all"]).consent
    assert not after.grants_anything


def test_an_express_tick_outlives_accepting_all_under_an_objection(click: Click) -> None:
    """BAN-14"""
    ticked = click(objects=True, decision=["save"], purpose=["marketing"]).consent
    assert ticked.express == {"marketing"} and ticked.objecting(["marketing"]) == ticked
    again = click(ticked, objects=True, decision=["accept_all"]).consent
    assert "marketing" in again.granted and again.express == {"marketing"}
    swept = click(decision=["accept_all"]).consent
    assert "marketing" in swept.granted
    objecting = swept.objecting(["marketing"])
    assert "marketing" in objecting.refused and "media" in objecting.granted


def test_answers_to_what_is_no_longer_asked_are_dropped(click: Click) -> None:
    stale = Consent(granted={"webinars": "old", "media": "old"}, decided=datetime(2026, 11, 1, tzinfo=UTC))
    after = click(stale, decision=["reject_all"], asked=["media"]).consent
    assert set(after.refused) == {"media"} and not after.granted


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({}, "decision"),
        ({"decision": ["maybe"]}, "decision"),
        ({"decision": ["accept_all", "reject_all"]}, "decision"),
        ({"decision": ["save"], "purpose": ["everything"]}, "purpose"),
        ({"decision": ["save"], "purpose": ["webinars"]}, "purpose"),
        ({"decision": ["save"], "service": ["zoom"]}, "service"),
    ],
)
def test_a_bad_field_is_named(click: Click, form: dict[str, list[str]], field: str) -> None:
    with pytest.raises(BadForm) as raised:
        click(**form)
    assert raised.value.field == field


def test_activating_one_instance_leaves_no_trace_in_the_consent(now: datetime) -> None:
    consent = Consent()
    assert choices.activate("zoom", consent=consent).consent is consent
    assert choices.activate("zoom", consent=consent).grants
    assert choices.remember("zoom", consent=consent, now=now).consent.services == {"zoom"}


@pytest.mark.parametrize(
    ("headers", "verdict"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://www.example.com"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Origin": "https://www.example.com"}, True),
        ({"Origin": "https://www.example.com.evil.net"}, False),
        ({"Origin": "http://www.example.com"}, False),
        ({"Origin": "null"}, False),
        ({"Referer": "https://www.example.com/page?q"}, True),
        ({"Referer": "https://www.example.com.evil.net/"}, False),
        ({}, None),
    ],
)
def test_where_a_post_came_from(headers: dict[str, str], verdict: bool | None) -> None:
    """SEC-01"""
    assert same_site(Headers(tuple(headers.items())), "https", "www.example.com") is verdict


@pytest.mark.parametrize("path", ["/", "/a/b?c=d&e#f", "/%2F%2Fevil", "/a//b"])
def test_a_path_of_the_site_is_returned_to(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    ["", "a", "//evil.example", "/\\evil.example", "https:evil.example", "https://evil.example", "javascript:alert(1)",
     "/a\r\nSet-Cookie: x", "/a b", "\t//evil", "/\t/evil.example", "/ä", "/a\\b", "@evil.example"],
)  # fmt: skip
def test_anything_else_leads_to_the_start_page(path: str) -> None:
    """SEC-02"""
    assert local_path(path) == "/"


def undone(service: str, consent: Consent, now: datetime, *others: str) -> Choice:
    return choices.undo(service, ("social_media",), consent=consent, others=others, now=now)


def test_what_was_always_loaded_is_switched_off_and_nothing_else(now: datetime) -> None:
    """PLH-05"""
    consent = Consent(services=frozenset(("linkedin", "youtube")), services_since=now, receipt="r")
    choice = undone("linkedin", consent, now)
    assert choice.consent.services == {"youtube"} and choice.consent.receipt == "r"
    assert choice.kind == "withdrawal" and not choice.grants


def test_the_last_one_switched_off_leaves_no_number_behind(now: datetime) -> None:
    """PLH-05, CON-04"""
    consent = Consent(services=frozenset(("linkedin",)), services_since=now, receipt="r")
    assert undone("linkedin", consent, now).consent == Consent()


def test_a_service_released_by_its_purpose_is_switched_off_and_the_others_stay_for_no_longer(
    now: datetime,
) -> None:
    """PLH-05"""
    before = now - timedelta(days=150)
    granted = {"social_media": "1", "media": "2"}
    consent = Consent(decided=before, granted=granted, services=frozenset(("zoom",)), services_since=now)
    after = undone("linkedin", consent, now, "facebook", "linkedin").consent
    assert after.granted == {"media": "2"} and after.refused == {"social_media": "1"}
    assert after.services == {"facebook", "zoom"}
    assert [after.time_of(id) for id in ("media", "facebook", "zoom")] == [before, before, now]


def test_an_objection_keeps_advertising_off_unless_it_is_ticked_again(click: Click, now: datetime) -> None:
    """PRC-07"""
    objected = Consent(objected=now)
    assert "marketing" in click(objected, decision=["accept_all"]).consent.refused
    ticked = click(objected, decision=["save"], purpose=["marketing"]).consent
    assert "marketing" in ticked.granted and ticked.objected == now
    assert "marketing" in click(ticked, decision=["accept_all"]).consent.granted


def test_what_is_blocked_can_be_withdrawn_in_part_and_the_rest_stays_untouched(
    click: Click, now: datetime
) -> None:
    """PRC-05, PRC-08"""
    before = click(decision=["save"], purpose=["media", "analytics"], service=["linkedin"]).consent
    earlier = replace(
        before.restrict(now), decided=now - timedelta(days=9), services_since=now - timedelta(days=9)
    )
    choice = click(earlier, decision=["save"], purpose=["media"], service=["linkedin"])
    assert (set(choice.consent.granted), choice.grants) == ({"media"}, False)
    assert choice.consent.services == {"linkedin"} and choice.consent.restricted == now
    assert choice.consent.time_of("media") == choice.consent.time_of("linkedin") == now - timedelta(days=9)
    assert click(earlier, decision=["save"], purpose=["media", "social_media"]).grants
    assert click(click(decision=["accept_all"]).consent.restrict(now), decision=["accept_all"]).grants
    assert not click(earlier, decision=["reject_all"]).consent.grants_anything
