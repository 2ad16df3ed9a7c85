"""The audit on a terminal."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from consent_gateway.audit.findings import Audit
from consent_gateway.audit.reports import text
from consent_gateway.audit.reports.columns import width
from tests.audit import audits

Make = Callable[[], Audit]


def test_the_answer_stands_first() -> None:
    """QA-01"""
    assert text.report(audits.leaky()).startswith(
        "LEAKS: Without the gateway, 7 third parties (10 hosts) are contacted and 2 cookies"
    )
    assert text.report(audits.clean()).startswith(
        "CLEAN: Nothing was found that leaves the browser with the gateway"
    )
    assert text.report(audits.not_proven()).startswith(
        "NOT PROVEN: Not every planted leak was found; missed: script, iframe."
    )
    assert text.report(audits.without_canary()).startswith("NOT PROVEN: No leak was planted")


def test_then_the_states_with_and_without_the_gateway() -> None:
    """QA-01"""
    lines = text.report(audits.leaky()).splitlines()
    row = {line.split()[0]: line.split()[-7:] for line in lines if line.startswith(audits.STATES)}
    assert list(row) == list(audits.STATES)
    assert row["fresh"] == ["10", "10", "2", "1", "1", "–", "–"]
    assert row["all"] == ["10", "2", "–", "6", "–", "–", "5"]


def test_then_the_findings_with_article_and_remedy() -> None:
    report = text.report(audits.leaky())
    assert report.index("A VISITOR WHO") < report.index("245 findings without the gateway, which is judged")
    assert report.index("which is judged") < report.index("2 findings with the gateway, which is not judged")
    assert "ERROR  contact-before-consent × 208\n  TDDDG § 25(1); GDPR Art. 7(3)" in report
    assert "  → Declare it under [cookies] in the site file, or stop setting it.\n" in report
    assert "vimeo is declared in the site file and was seen on no page" in report


def test_of_the_side_that_is_not_judged_it_says_only_how_many() -> None:
    report = text.report(audits.clean())
    short = report[report.index("without the gateway, which is not judged") : report.index("Not measured")]
    assert re.findall(r"^(?:ERROR|WARNING|NOTE)  \S+ × \d+$", short, re.M) and "•" not in short


def test_what_is_new_is_said() -> None:
    """QA-05"""
    report = text.report(audits.compared())
    assert "which is judged; 10 new" in report
    assert "• new: cdn.kachel-server.example" in report
    assert "new:" not in text.report(audits.leaky())


@pytest.mark.parametrize("make", audits.ALL.values(), ids=audits.ALL)
def test_it_fits_a_hundred_columns(make: Make) -> None:
    assert max(map(width, text.report(make()).splitlines())) <= text.WIDTH


def test_it_fits_whatever_pages_and_states_are_called() -> None:
    audit = audits.leaky()
    finding = replace(
        audit.findings[0], page="https://例え.example/" + "太陽光" * 90, state="状態" * 60, rule="規則" * 80
    )
    report = text.report(
        replace(audit, findings=(finding, *audit.findings), states=(*audit.states, "状態" * 60))
    )
    assert max(map(width, report.splitlines())) <= text.WIDTH


def test_many_hosts_of_one_rule_are_counted_and_not_all_named() -> None:
    audit = audits.leaky()
    many = tuple(replace(audit.findings[0], host=f"h{number}.example") for number in range(50))
    report = text.report(replace(audit, findings=many))
    assert "× 50" in report and "… and of 38 hosts more" in report


def test_there_are_colours_only_if_asked_for() -> None:
    assert "\x1b" not in text.report(audits.leaky())
    coloured = text.report(audits.leaky(), coloured=True)
    assert "\x1b[31m\x1b[1mLEAKS\x1b[0m:" in coloured
    assert re.sub(r"\x1b\[\d+m", "", coloured) == text.report(audits.leaky())
    assert re.sub(r"\x1b\[\d+m", "", text.report(audits.hostile(), coloured=True)) == text.report(
        audits.hostile()
    )


@pytest.mark.parametrize(
    ("is_terminal", "environment", "wanted"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (True, {"TERM": "dumb"}, False),
    ],
)
def test_colours_are_for_terminals_that_want_them(
    is_terminal: bool, environment: dict[str, str], wanted: bool
) -> None:
    assert text.wants_colours(is_terminal, environment) is wanted
