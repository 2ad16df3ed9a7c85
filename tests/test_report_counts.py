"""The counts of reports in the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from consent_gateway import report_counts as module
from consent_gateway.database import in_folder
from consent_gateway.report_counts import ReportCounts, Total
from consent_gateway.reports import Blocked

TODAY = date(2026, 11, 24)


@pytest.fixture
def counts(state: Path) -> Iterator[ReportCounts]:
    opened = ReportCounts(in_folder(state))
    opened.prepare()
    yield opened
    opened.close()


def blocked(host: str, *, ago: int = 0, directive: str = "img-src") -> Blocked:
    day = (TODAY - timedelta(days=ago)).isoformat()
    return Blocked(host=host, directive=directive, owner="unlisted", day=day)


def test_counts_add_up_over_days_with_the_most_frequent_first(counts: ReportCounts) -> None:
    counts.add({blocked("a.example", ago=3): 2, blocked("b.example"): 9})
    counts.add({blocked("a.example"): 5, blocked("a.example", directive="script-src"): 1})
    counts.add({blocked("a.example"): 1})
    a = {"host": "a.example", "owner": "unlisted", "last": "2026-11-24"}
    assert counts.totals() == [
        Total(
            host="b.example",
            owner="unlisted",
            directive="img-src",
            number=9,
            first="2026-11-24",
            last="2026-11-24",
        ),
        Total(directive="img-src", number=8, first="2026-11-21", **a),
        Total(directive="script-src", number=1, first="2026-11-24", **a),
    ]


def test_a_flood_of_made_up_hosts_ends_in_one_row(
    counts: ReportCounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_A_DAY", 3)
    counts.add({blocked(f"{n}.example"): 1 for n in range(10)})
    counts.add({blocked(f"{n}.example"): 1 for n in range(20)})
    found = {total.host: total.number for total in counts.totals()}
    assert found == {"0.example": 2, "1.example": 2, "2.example": 2, "": 24}
    counts.add({blocked("next.example", ago=-1): 1})
    assert "next.example" in {total.host for total in counts.totals()}


def test_days_are_forgotten_when_their_time_is_over(counts: ReportCounts) -> None:
    counts.add(
        {blocked("old.example", ago=3): 1, blocked("older.example", ago=4): 1, blocked("new.example"): 1}
    )
    oldest = TODAY - timedelta(days=2)
    assert counts.due(oldest) == 2
    counts.forget(oldest)
    assert ([total.host for total in counts.totals()], counts.due(oldest)) == (["new.example"], 0)


def test_several_processes_count_into_the_same_rows(counts: ReportCounts, state: Path) -> None:
    other = ReportCounts(in_folder(state))
    for each in (counts, other, counts):
        each.add({blocked("a.example"): 1})
    other.close()
    looked_at = ReportCounts.to_read(in_folder(state))
    assert [total.number for total in looked_at.totals()] == [3]
    looked_at.close()
