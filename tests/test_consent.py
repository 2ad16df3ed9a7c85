"""What a visitor has chosen, how long it holds, and what it carries."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.relativedelta import relativedelta

from consent_gateway.consent import Consent, Handle

ASKED = {"analytics": "r1", "social_media": "r2"}


def granted(now: datetime, *purposes: str) -> Consent:
    yes = {purpose: ASKED[purpose] for purpose in purposes}
    no = {purpose: revision for purpose, revision in ASKED.items() if purpose not in purposes}
    return Consent().decide(granted=yes, refused=no, services=(), now=now)


def test_the_empty_value_means_that_nothing_was_decided() -> None:
    nothing = Consent()
    assert not nothing.grants_anything
    assert not nothing.answers("analytics", "r1")


def test_a_purpose_is_answered_only_as_it_was_described() -> None:
    consent = granted(datetime(2026, 1, 1, tzinfo=UTC), "analytics")
    assert consent.grants("analytics", "r1") and consent.answers("social_media", "r2")
    assert not consent.grants("analytics", "another") and not consent.answers("social_media", "another")


@pytest.mark.parametrize("purposes", [(), ("analytics",)])
def test_grants_and_refusals_alike_are_remembered_for_six_calendar_months(purposes: tuple[str, ...]) -> None:
    decided = datetime(2026, 8, 15, 9, tzinfo=UTC)
    consent = granted(decided, *purposes)
    assert consent.valid(datetime(2027, 2, 14, 9, tzinfo=UTC)).decided == decided
    assert consent.valid(datetime(2027, 2, 15, 9, tzinfo=UTC)) == Consent()


def test_a_decision_from_the_future_counts_as_none(now: datetime) -> None:
    assert granted(now + timedelta(days=1), "analytics").valid(now) == Consent()


def test_prc_05_a_block_and_an_objection_hold_also_where_the_clock_lags(now: datetime) -> None:
    given = granted(now - timedelta(days=1), "analytics")
    blocked = given.restrict(now).valid(now - timedelta(seconds=31))
    assert blocked.restricted == now and not blocked.grants("analytics", "r1")
    objecting = given.object_to(("social_media",), (), now).valid(now - timedelta(days=1))
    assert objecting.objected == now


def test_only_a_grant_gets_a_receipt_and_only_analytics_a_handle(now: datetime) -> None:
    refusal = granted(now).identified("receipt", "handle", now)
    social = granted(now, "social_media").identified("receipt", "handle", now)
    measured = granted(now, "analytics").identified("receipt", "handle", now)
    assert (refusal.receipt, refusal.handle) == ("", None)
    assert (social.receipt, social.handle) == ("receipt", None)
    assert measured.handle == Handle("handle", now.date())


def test_a_later_grant_keeps_receipt_handle_and_the_day_of_its_birth(now: datetime) -> None:
    first = granted(now, "analytics").identified("receipt", "handle", now)
    later = now + timedelta(days=90)
    again = first.decide(granted=ASKED, refused={}, services=(), now=later).identified("new", "new", later)
    assert again.receipt == "receipt"
    assert again.handle == Handle("handle", now.date())


def test_withdrawing_destroys_receipt_and_handle(now: datetime) -> None:
    measured = granted(now, "analytics").identified("receipt", "handle", now)
    withdrawn = measured.decide(granted={}, refused=ASKED, services=(), now=now)
    assert (withdrawn.receipt, withdrawn.handle) == ("", None)


def test_a_handle_lives_thirteen_months_and_no_longer(now: datetime) -> None:
    consent = Consent(
        decided=now, granted={"analytics": "r1"}, receipt="r", handle=Handle("h", date(2025, 10, 23))
    )
    assert consent.valid(now).handle is None
    younger = Consent(
        decided=now, granted={"analytics": "r1"}, receipt="r", handle=Handle("h", date(2025, 10, 25))
    )
    assert younger.valid(now).handle is not None


def test_always_loading_a_service_changes_nothing_else(now: datetime) -> None:
    before = granted(now)
    after = before.remember("linkedin", now + timedelta(days=30))
    assert after.services == {"linkedin"}
    assert (after.decided, after.refused) == (before.decided, before.refused)


def test_a_purpose_cannot_be_granted_and_refused() -> None:
    with pytest.raises(ValueError, match="both"):
        Consent(granted={"a": "1"}, refused={"a": "1"})


def test_a_handle_that_would_not_outlive_the_consent_is_followed_by_another(now: datetime) -> None:
    first = granted(now, "analytics").identified("receipt", "first", now)
    for months, expected in ((5, "first"), (6, "first"), (8, "second")):
        later = now + relativedelta(months=months)
        known = replace(first, decided=later)
        handle = known.identified("receipt", "second", later).handle
        assert handle is not None and handle.value == expected, months
        assert handle.born == (now if expected == "first" else later).date()


def test_each_service_is_remembered_from_its_own_day(now: datetime) -> None:
    """BAN-10"""
    later = now + timedelta(days=100)
    both = Consent().remember("zoom", now).remember("linkedin", later)
    assert (both.time_of("zoom"), both.time_of("linkedin")) == (now, later)
    assert both.valid(now + timedelta(days=190)).services == {"linkedin"}
    asked = both.decide(granted={}, refused={"media": "m"}, services=["xing"], kept=["zoom"], now=later)
    assert asked.services == {"zoom", "xing"} and asked.time_of("zoom") == now


def test_what_stays_after_switching_off_is_remembered_no_longer_than_its_purpose_was(now: datetime) -> None:
    """BAN-10"""
    media = Consent().decide(granted={"media": "m"}, refused={}, services=(), now=now)
    later = now + timedelta(days=100)
    both = media.decide(granted={"social_media": "s"}, refused={}, services=(), now=later)
    after = both.switch_off("youtube", ("media",), ["youtube", "vimeo"], later)
    assert after.services == {"vimeo"} and after.time_of("vimeo") == now
    assert after.granted == {"social_media": "s"} and after.refused == {"media": "m"}
    assert after.valid(now + timedelta(days=190)).services == frozenset()


def test_a_block_keeps_what_was_granted_and_lets_none_of_it_count(now: datetime) -> None:
    """PRC-05"""
    consent = replace(granted(now, "analytics"), services=frozenset(("zoom",)))
    blocked = consent.restrict(now)
    assert replace(blocked, restricted=None) == consent == blocked.lift()
    assert blocked.agreed("analytics", "r1") and not blocked.grants("analytics", "r1")
    assert blocked.restrict(now + timedelta(days=1)).restricted == now, "it goes on since it began"


def test_a_block_ends_by_itself_only_when_all_that_was_granted_before_has_expired(now: datetime) -> None:
    """PRC-05"""
    later = now + timedelta(days=30)
    blocked = granted(now, "analytics").decide(
        granted={"social_media": "r2"}, refused={}, services=(), now=later
    )
    blocked = blocked.restrict(later)
    end = later + relativedelta(months=6)
    before = blocked.valid(end - timedelta(minutes=1))
    assert before.restricted == later and before.granted.keys() == {"social_media"}
    assert blocked.valid(end) == Consent()


def test_an_objection_takes_back_what_was_granted_in_whatever_way_and_nothing_else(now: datetime) -> None:
    """PRC-07"""
    consent = Consent().decide(
        granted=ASKED, refused={}, services=["hotjar", "zoom"], express=["social_media"], now=now
    )
    after = consent.object_to(["social_media"], ["hotjar"], now)
    assert set(after.granted) == {"analytics"} and set(after.refused) == {"social_media"}
    assert set(after.services) == {"zoom"}
    assert after.express == frozenset() and after.objected == now


def test_an_objection_is_remembered_for_thirteen_months_without_receipt_or_handle(now: datetime) -> None:
    """PRC-07"""
    objected = granted(now, "analytics").identified("receipt", "handle", now).object_to(ASKED, (), now)
    assert (objected.receipt, objected.handle) == ("", None)
    end = now + relativedelta(months=13)
    assert objected.valid(end - timedelta(minutes=1)) == Consent(objected=now)
    assert objected.valid(end) == Consent()
