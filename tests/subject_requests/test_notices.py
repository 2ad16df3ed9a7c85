"""A notice in advance is in advance, and its digest commits to every word."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from consent_gateway.policy_tables import Recipient
from consent_gateway.subject_requests.notices import AdvanceNotice, RecipientNotice, to_tell
from consent_gateway.subject_requests.request import KINDS, Unacceptable
from tests.received import NOW, advance


@pytest.mark.parametrize("day", [date(2026, 11, 23), date(2026, 11, 24)])
def test_a_transfer_today_or_before_cannot_be_announced(day: date) -> None:
    with pytest.raises(Unacceptable, match="planned: must be later than today"):
        advance(planned=day)
    assert advance(planned=date(2026, 11, 25)).planned == date(2026, 11, 25)


@pytest.mark.parametrize(
    ("field", "value"), [("who", ""), ("who", "a\nb"), ("recipient", ""), ("text", " "), ("text", "\x00")]
)
def test_what_is_not_taken_is_named(field: str, value: str) -> None:
    with pytest.raises(Unacceptable, match=f"^{field}: "):
        advance(**{field: value})


def test_the_digest_of_a_notice_commits_to_all_of_it() -> None:
    one = AdvanceNotice(
        number=1, who="Anna", recipient="Collect GmbH", planned=date(2026, 12, 15), text="x", time=NOW
    )
    others = [
        replace(one, number=2),
        replace(one, who="Otto"),
        replace(one, recipient="Other GmbH"),
        replace(one, planned=date(2026, 12, 16)),
        replace(one, text="y"),
        replace(one, time=datetime(2026, 11, 25, tzinfo=UTC)),
        replace(one, salt="00" * 16),
    ]
    assert len({one.digest, *(other.digest for other in others)}) == 8
    assert "Anna" not in repr(one) and one.salt not in repr(one)


def test_a_recipient_is_open_until_told() -> None:
    notice = RecipientNotice(number=1, time=NOW, latest=NOW, right="erase", recipient="crm", name="CRM")
    assert notice.is_open and notice.said == ""
    done = replace(notice, closed=NOW, outcome="told")
    assert not done.is_open and done.said == "told"


@pytest.mark.parametrize("kind", KINDS)
def test_recipients_are_told_under_the_names_they_go_by(kind: str) -> None:
    """PRC-10"""
    recipients = {
        "hosting": Recipient(kind="it", name="Host GmbH"),
        "lawyers": Recipient(kind="legal"),
    }
    told = (("hosting", "Host GmbH"), ("lawyers", "legal"))
    assert to_tell(kind, recipients) == (told if kind in ("rectify", "erase", "restrict") else ())
