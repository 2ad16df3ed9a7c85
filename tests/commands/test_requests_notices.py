"""`consent-gateway requests notices` and `told`"""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from consent_gateway.database import in_folder
from consent_gateway.state import StateFolder
from tests.commands.test_requests import of, receive, served, today, verified
from tests.received import NOW, again

__all__ = ["served", "today"]  # fixtures


def test_who_is_to_be_told_is_listed_until_it_is_done(served: Path) -> None:
    """PRC-10"""
    receive(served, "erase", "access", "restrict", "rectify")
    assert of(served, "notices").stdout.splitlines() == [
        "NOTICE  SINCE       LATEST      TIMES  RECIPIENT    RIGHT     REQUEST  DONE",
        "1       2026-11-24  2026-11-24  1      Example CRM  erase     1",
        "2       2026-11-24  2026-11-24  1      Example CRM  restrict  3",
        "3       2026-11-24  2026-11-24  1      Example CRM  rectify   4",
    ]
    assert of(served, "told", "1").stdout == "notice 1: Example CRM, erase: told\n"
    result = of(served, "told", "2", "--impossible", "dissolved in 2025")
    assert result.stdout == "notice 2: Example CRM, restrict: not possible: dissolved in 2025\n"
    assert of(served, "told", "3", "--never-had").stdout == "notice 3: Example CRM, rectify: never had the data\n"  # fmt: skip
    assert of(served, "notices").stdout == "no recipient is to be told anything\n"
    assert "3        2026-11-24 not possible: dissolved in 2025\n" in of(served, "notices", "--all").stdout
    one = json.loads(of(served, "notices", "--all", "--format", "json").stdout)[1]
    assert one == {
        "notice": 2, "since": "2026-11-24T10:30:00+00:00", "latest": "2026-11-24T10:30:00+00:00", "times": 1,
        "recipient": "crm", "name": "Example CRM", "right": "restrict", "request": 3,
        "done": "2026-11-24T10:30:00+00:00", "outcome": "impossible", "reason": "dissolved in 2025",
    }  # fmt: skip
    assert verified(served).exit_code == 0


def test_clicks_at_the_gateway_are_one_line_that_counts_them(served: Path) -> None:
    """PRC-10"""
    with again(in_folder(served), StateFolder(served).keys.kept_ring({})) as book:
        for days in (0, 1, 5):
            recipients = [("youtube", "YouTube")]
            book.notices.notices_for("erase", recipients, NOW + timedelta(days=days))
    (line,) = of(served, "notices").stdout.splitlines()[1:]
    assert line == "1       2026-11-24  2026-11-29  3      YouTube    erase"
    assert of(served, "told", "1").stdout == "notice 1: YouTube, erase, 3 times until 2026-11-29 10:30 UTC: told\n"  # fmt: skip


def test_several_are_noted_at_once_or_none(served: Path) -> None:
    receive(served, "erase", "erase", "erase")
    assert of(served, "told", "1", "4").exit_code == 1
    assert of(served, "notices").stdout.count("Example CRM") == 3
    assert of(served, "told", "1", "3").stdout.count("told") == 2
    assert of(served, "notices").stdout.splitlines()[1].split()[0] == "2"


@pytest.mark.parametrize("name", ["crm", "Example CRM"])
def test_all_that_a_recipient_is_to_be_told_is_noted_at_once(served: Path, name: str) -> None:
    receive(served, "erase", "restrict")
    ring = StateFolder(served).keys.kept_ring({})
    with again(in_folder(served), ring) as book:
        book.notices.notices_for("erase", [("dhl", "DHL")], NOW)
    result = of(served, "told", "--all-of", name)
    assert (result.exit_code, result.stdout.count("Example CRM")) == (0, 2)
    result = of(served, "told", "--all-of", name)
    assert result.exit_code == 1
    assert result.stderr == f"consent-gateway: {name!r} is not to be told anything; to be told are: DHL\n"


def test_a_refused_request_leaves_nobody_to_be_told(served: Path) -> None:
    """PRC-10"""
    receive(served, "erase")
    of(served, "answer", "1", "--refuse", "--text", "Invoices are kept.")
    assert of(served, "notices").stdout == "no recipient is to be told anything\n"
    assert "not needed: the request was refused, 2026-11-24" in of(served, "show", "1").stdout
    assert verified(served).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (["2"], 1, "there is no notice 2"),
        ([], 2, "exactly one of the numbers of notices and --all-of RECIPIENT is needed"),
        (
            ["1", "--all-of", "crm"],
            2,
            "exactly one of the numbers of notices and --all-of RECIPIENT is needed",
        ),
        (["1", "--never-had", "--impossible", "x"], 2, "at most one of them"),
        (["1", "--impossible", " "], 2, "--impossible: must not be empty"),
        (["1", "--impossible", "\x1b"], 2, "--impossible: must not have control characters"),
    ],
)
def test_what_cannot_be_noted_is_not(served: Path, arguments: list[str], code: int, reason: str) -> None:
    receive(served, "erase")
    result = of(served, "told", *arguments)
    assert result.exit_code == code and reason in result.stderr
    assert of(served, "notices").stdout.count("Example CRM") == 1


def test_what_is_done_is_not_done_again(served: Path) -> None:
    receive(served, "erase")
    of(served, "told", "1")
    result = of(served, "told", "1")
    assert result.exit_code == 2 and "notice 1 is done since 2026-11-24" in result.stderr
