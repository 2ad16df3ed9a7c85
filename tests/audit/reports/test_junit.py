"""The audit as JUnit XML, by a schema of ours and as other people's programs read it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xmlschema
from junitparser import Failure, JUnitXml, TestCase, TestSuite

from consent_gateway.audit.findings import Audit, Severity, Side
from consent_gateway.audit.reports import junit
from tests.audit import audits

SCHEMA = xmlschema.XMLSchema(str(Path(__file__).with_name("junit.xsd")))
Make = Callable[[], Audit]


def suites(audit: Audit) -> dict[str, TestSuite]:
    return {str(suite.name): suite for suite in JUnitXml.fromstring(junit.report(audit).encode())}


def cases(suite: TestSuite) -> dict[str, TestCase]:
    return {str(case.name): case for case in suite}


@pytest.mark.parametrize("make", audits.ALL.values(), ids=audits.ALL)
def test_it_validates_against_the_schema(make: Make) -> None:
    """QA-02"""
    assert [error.reason for error in SCHEMA.iter_errors(ElementTree.fromstring(junit.report(make())))] == []


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ('name="fresh"', 'name=""'),
        (' classname="consent_gateway.audit.fresh"', ""),
        ('name="all"', 'name="fresh"'),
    ],
)
def test_the_schema_refuses_what_is_wrong(wrong: str, right: str) -> None:
    report = junit.report(audits.leaky())
    assert wrong in report
    assert not SCHEMA.is_valid(ElementTree.fromstring(report.replace(wrong, right)))


def test_there_is_a_suite_for_each_state_and_a_case_for_each_page() -> None:
    found = suites(audits.leaky())
    assert list(found) == [*audits.STATES, junit.NO_STATE]
    assert list(cases(found["gpc"])) == list(audits.PAGES)
    assert {one.name: one.value for one in found["gpc"].properties()}["visitor"] == "sends Sec-GPC"


def test_a_page_fails_in_a_state_if_an_error_of_the_judged_side_was_found() -> None:
    """QA-01"""
    direct, through = suites(audits.leaky()), suites(audits.leaky(judged=Side.THROUGH))
    page = audits.PAGES[0]
    (failure,) = cases(direct["fresh"])[page].result
    assert isinstance(failure, Failure)
    assert failure.message == "7 findings"
    assert len(str(failure.text).splitlines()) == 7
    assert "(TDDDG § 25(1)) → Declare it under [cookies]" in str(failure.text)
    (failure,) = cases(through["fresh"])[page].result
    assert str(failure.message).startswith("fonts.googleapis.com")
    assert [case.name for case in through["refused"] if not case.is_passed] == []
    assert "without the gateway" in str(cases(through["refused"])[page].system_out)


def test_warnings_do_not_fail_and_pages_that_were_left_out_are_skipped() -> None:
    found = cases(suites(audits.leaky())[junit.NO_STATE])
    assert found[junit.WHOLE].is_passed
    assert "[warning] declared-never-seen" in str(found[junit.WHOLE].system_out)
    skipped = [name for name, case in found.items() if case.is_skipped]
    assert skipped == [
        "left out: https://www.morgenrot-solar.example/alt/impressum: the body could not be decoded (br)"
    ]


def test_a_missing_proof_is_an_error() -> None:
    """QA-03"""
    everything = JUnitXml.fromstring(junit.report(audits.not_proven()).encode())
    assert everything.errors == 1
    (error,) = cases(suites(audits.not_proven())[junit.NO_STATE])["the planted leaks were found"].result
    assert "missed: script, iframe" in error.message
    assert JUnitXml.fromstring(junit.report(audits.leaky()).encode()).errors == 0


@pytest.mark.parametrize("make", audits.ALL.values(), ids=audits.ALL)
def test_the_numbers_are_those_of_what_is_there(make: Make) -> None:
    everything = JUnitXml.fromstring(junit.report(make()).encode())
    said = [(one.tests, one.failures, one.errors, one.skipped) for one in (everything, *everything)]
    everything.update_statistics()
    assert said == [(one.tests, one.failures, one.errors, one.skipped) for one in (everything, *everything)]
    numbers = [int(one.value) for suite in everything for one in suite.properties() if one.name == "findings"]
    assert sum(numbers) == len(make().findings)


def test_a_clean_site_fails_nothing() -> None:
    everything = JUnitXml.fromstring(junit.report(audits.clean()).encode())
    assert (everything.failures, everything.errors) == (0, 0)


def test_what_is_not_xml_and_what_ends_sections_stays_text() -> None:
    audit = audits.leaky()
    hostile = "]]>&<failure/>\x00\x1b\ufffe\ud800]]&gt;"
    finding = replace(audit.findings[0], severity=Severity.ERROR, message=hostile, rule=hostile)
    report = junit.report(replace(audit, findings=(finding,)))
    (failure,) = ElementTree.fromstring(report).iter("failure")
    assert failure.get("message") == "]]>&<failure/>\ufffd\ufffd\ufffd\ufffd]]&gt;"
    assert "]]>" not in re.sub(r'"[^"]*"', "", report)
