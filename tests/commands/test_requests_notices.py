"""`consent-gateway requests notices`, `told`, `advance-notice` and `advance-notices`"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from consent_gateway.database import in_folder
from tests.commands.test_requests import of, receive, served, today, verified
from tests.recorded import change

__all__ = ["served", "today"]  # fixtures

ADVANCE = ["advance-notice", "--who", "Anna, customer 4711", "--recipient", "Collect GmbH", "--text", "We will hand it over."]  # fmt: skip


def test_who_is_to_be_told_is_listed_until_he_was(served: Path) -> None:
    """PRC-10"""
    receive(served, "erase", "access", "restrict")
    assert of(served, "notices").stdout.splitlines() == [
        "NOTICE  SINCE       RECIPIENT    RIGHT     REQUEST  TOLD",
        "1       2026-11-24  Example CRM  erase     1",
        "2       2026-11-24  Example CRM  restrict  3",
    ]
    assert of(served, "told", "1").stdout == "notice 1: Example CRM was told\n"
    result = of(served, "told", "2", "--impossible", "dissolved in 2025")
    assert result.stdout == "notice 2: Example CRM cannot be told\n"
    assert of(served, "notices").stdout == "no recipient is to be told anything\n"
    assert "restrict  3        2026-11-24 (not possible)" in of(served, "notices", "--all").stdout
    assert json.loads(of(served, "notices", "--all", "--format", "json").stdout)[0]["told"] == "2026-11-24"
    assert verified(served).exit_code == 0


def test_a_notice_that_there_is_not_or_that_is_done(served: Path) -> None:
    receive(served, "erase")
    assert of(served, "notices", "--all").exit_code == 0
    assert of(served, "told", "2").exit_code == 1
    of(served, "told", "1")
    assert of(served, "told", "1").exit_code == 2


def test_an_advance_notice_is_recorded_and_can_be_proved(served: Path) -> None:
    assert of(served, "advance-notices").stdout == "there are no advance notices\n"
    recorded = of(served, *ADVANCE, "--planned", "2026-12-15").stdout
    (shown,) = json.loads(of(served, "advance-notices", "--format", "json").stdout)
    assert recorded == (
        f"advance notice 1 (ledger 1, digest {shown['digest']})\nrecorded: 21 characters: We will hand it over.\n"
    )
    assert (shown["who"], shown["recipient"], shown["planned"], shown["time"], shown["text"]) == (
        "Anna, customer 4711", "Collect GmbH", "2026-12-15", "2026-11-24T10:30:00+00:00", "We will hand it over.",
    )  # fmt: skip
    result = of(served, "advance-notices", "--check")
    assert result.exit_code == 0 and "data go to Collect GmbH on 2026-12-15" in result.stdout
    assert "has these digests" in result.stderr and verified(served).exit_code == 0
    change(in_folder(served), "DELETE FROM ledger_entries")
    assert of(served, "advance-notices", "--check").exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--planned", "2026-11-24"], "--planned: must be later than today"),
        (["--planned", "2026-12-15", "--who", ""], "--who: must not be empty"),
        (["--planned", "2026-12-15", "--text", ""], "--text: must not be empty"),
    ],
)
def test_what_is_no_notice_in_advance_is_not_recorded(
    served: Path, arguments: list[str], reason: str
) -> None:
    result = of(served, *ADVANCE, *arguments)
    assert result.exit_code == 2 and reason in result.stderr
    assert of(served, "advance-notices").stdout == "there are no advance notices\n"
