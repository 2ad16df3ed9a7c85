"""Every form of the report holds the same findings, and nothing that pages could do harm with."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from consent_gateway.audit.findings import Audit, Canary, Finding, Severity, Verdict
from consent_gateway.audit.reports import FORMATS, naming
from tests.audit import audits

Make = Callable[[], Audit]
every_audit = pytest.mark.parametrize("make", audits.ALL.values(), ids=audits.ALL)
every_format = pytest.mark.parametrize("format", FORMATS)


def of_json(report: str) -> Counter[str]:
    return Counter(one["severity"] for one in json.loads(report)["findings"])


def of_sarif(report: str) -> Counter[str]:
    return Counter(one["level"] for one in json.loads(report)["runs"][0]["results"])


def of_junit(report: str) -> Counter[str]:
    texts = [
        one.text or ""
        for one in ElementTree.fromstring(report).iter()
        if one.tag in ("failure", "system-out")
    ]
    return Counter(re.findall(r"^\[(error|warning|note)\b", "\n".join(texts), re.M))


def of_html(report: str) -> Counter[str]:
    found: Counter[str] = Counter()

    class Reading(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            said = dict(attrs)
            if "data-number" in said:
                found[str(said["data-severity"])] += int(said["data-number"] or 0)

    Reading().feed(report)
    return found


def of_text(report: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for severity, number in re.findall(r"^(ERROR|WARNING|NOTE) .* × ([\d,]+)$", report, re.M):
        found[severity.lower()] += int(number.replace(",", ""))
    return found


COUNTING = {"text": of_text, "json": of_json, "junit": of_junit, "sarif": of_sarif, "html": of_html}


@every_audit
@every_format
def test_every_form_has_every_finding(make: Make, format: str) -> None:
    """QA-02"""
    audit = make()
    expected = Counter(one.severity.value for one in audit.findings)
    assert COUNTING[format](FORMATS[format].report(audit)) == expected


def test_a_large_audit_is_told_alike_in_every_form() -> None:
    """QA-02"""
    audit = audits.large(60)
    expected = Counter(one.severity.value for one in audit.findings)
    assert expected["error"] > 2_500
    assert {id: COUNTING[id](one.report(audit)) for id, one in FORMATS.items()} == dict.fromkeys(
        FORMATS, expected
    )


@every_format
def test_no_form_has_a_query_a_session_or_a_password(format: str) -> None:
    """QA-05: they are in the addresses of the audit, in its command and in its sentences."""
    report = FORMATS[format].report(audits.hostile())
    assert [one for one in (audits.QUERY, audits.COOKIE, "kennwort", "maria") if one in report] == []


@every_format
def test_no_form_has_a_character_that_a_terminal_obeys_or_that_cannot_be_seen(format: str) -> None:
    report = FORMATS[format].report(audits.hostile())
    assert (
        re.findall(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", report)
        == []
    )
    report.encode("utf-8")


@every_format
def test_every_form_says_the_verdict_and_what_was_not_measured(format: str) -> None:
    """QA-04"""
    for make in (audits.leaky, audits.clean, audits.not_proven):
        report = " ".join(FORMATS[format].report(make()).split())
        assert naming.WORDS[make().verdict].lower() in report.lower()
        assert "the capture holds one visit." in report


@pytest.mark.parametrize("format", ["text", "json", "html"])
def test_qa_01_every_form_for_people_and_programs_lists_what_was_covered(format: str) -> None:
    report = " ".join(FORMATS[format].report(audits.leaky()).split())
    for one in audits.leaky().coverage:
        assert one.said in report
        assert one.situation.value in report or naming.SITUATIONS[one.situation] in report


@every_format
def test_a_report_is_the_same_whenever_it_is_written(format: str) -> None:
    assert FORMATS[format].report(audits.leaky()) == FORMATS[format].report(audits.leaky())


def test_the_verdict_is_that_of_the_judged_side_and_of_the_canary() -> None:
    """QA-03"""
    assert audits.leaky().verdict is Verdict.LEAKS
    assert audits.clean().verdict is Verdict.CLEAN
    assert audits.not_proven().verdict is Verdict.NOT_PROVEN
    assert audits.without_canary().verdict is Verdict.NOT_PROVEN
    assert replace(audits.clean(), pages=()).verdict is Verdict.NOT_PROVEN
    assert not Canary(planted=("css", "script"), found=("css",)).proves
    assert naming.EXIT_CODES == {Verdict.CLEAN: 0, Verdict.LEAKS: 1, Verdict.NOT_PROVEN: 2}


def test_a_warning_is_no_leak() -> None:
    warnings = tuple(replace(one, severity=Severity.WARNING) for one in audits.leaky().findings)
    assert replace(audits.leaky(), findings=warnings).verdict is Verdict.CLEAN


@every_format
def test_an_audit_of_nothing_can_be_told(format: str) -> None:
    empty = replace(
        audits.leaky(),
        inputs=(), pages=(), states=(), contacts=(), cookies=(), forwarded=(), findings=(), left_out=(),
        canary=Canary(planted=(), found=()), site_file="", site_sha256="", policy_hash="", command=(),
        declared=(), conditions=(), not_measured=(),
    )  # fmt: skip
    assert "not proven" in FORMATS[format].report(empty).lower()


def test_findings_that_say_the_same_are_not_one() -> None:
    one = audits.leaky().findings[0]
    twice: tuple[Finding, ...] = (one, one)
    audit = replace(audits.leaky(), findings=twice)
    assert {id: COUNTING[id](form.report(audit))["error"] for id, form in FORMATS.items()} == dict.fromkeys(
        FORMATS, 2
    )
