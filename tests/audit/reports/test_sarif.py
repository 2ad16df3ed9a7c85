"""The audit as SARIF 2.1.0, by a schema of ours and by values that others made from the standard's."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Sarif

from consent_gateway.audit.findings import Audit, Severity
from consent_gateway.audit.reports import sarif
from tests.audit import audits

SCHEMA = json.loads(Path(__file__).with_name("sarif.schema.json").read_text("utf-8"))
Make = Callable[[], Audit]
every_audit = pytest.mark.parametrize("make", audits.ALL.values(), ids=audits.ALL)


def run(audit: Audit) -> dict[str, Any]:
    (found,) = json.loads(sarif.report(audit))["runs"]
    return dict(found)


def fingerprints(audit: Audit) -> list[str]:
    return [one["partialFingerprints"][sarif.FINGERPRINT] for one in run(audit)["results"]]


@every_audit
def test_it_validates_against_the_schema(make: Make) -> None:
    """QA-02"""
    from jsonschema import Draft202012Validator, FormatChecker

    Draft202012Validator.check_schema(SCHEMA)
    validator = Draft202012Validator(SCHEMA, format_checker=FormatChecker())
    found = validator.iter_errors(json.loads(sarif.report(make())))
    assert [f"{error.json_path}: {error.message}" for error in found] == []


@every_audit
def test_it_is_what_the_standards_schema_allows(make: Make) -> None:
    """QA-02: these values are generated from sarif-schema-2.1.0.json, and forbid what it does not name."""
    parsed = Sarif.model_validate_json(sarif.report(make()))
    assert len(parsed.runs[0].results or ()) == len(make().findings)


def test_every_result_refers_to_its_rule_and_its_page() -> None:
    found = run(audits.leaky())
    rules, artifacts = found["tool"]["driver"]["rules"], found["artifacts"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for one, finding in zip(found["results"], audits.leaky().findings, strict=True):
        assert rules[one["ruleIndex"]]["id"] == one["ruleId"] == finding.rule
        assert one["level"] == finding.severity.value
        place = one["locations"][0]["physicalLocation"]["artifactLocation"]
        assert {
            "uri": place["uri"],
            **({"uriBaseId": place["uriBaseId"]} if finding.page else {}),
        } == artifacts[place["index"]]["location"]
        if finding.page:
            assert (
                urljoin(found["originalUriBaseIds"][place["uriBaseId"]]["uri"], place["uri"]) == finding.page
            )
            assert one["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == finding.page
        else:
            assert place["uri"] == "site.toml"


def test_a_path_that_begins_like_a_scheme_stays_a_path() -> None:
    """RFC 3986 4.2"""
    page = "https://www.example.com/mailto:you"
    found = run(replace(audits.leaky(), findings=(replace(audits.leaky().findings[0], page=page),)))
    place = found["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert urljoin(found["originalUriBaseIds"][place["uriBaseId"]]["uri"], place["uri"]) == page


def test_a_rule_says_what_is_to_be_done() -> None:
    rule = next(
        one for one in run(audits.leaky())["tool"]["driver"]["rules"] if one["id"] == "cookie-before-consent"
    )
    assert rule["help"]["text"] == "Declare it under [cookies] in the site file, or stop setting it."
    assert rule["fullDescription"]["text"] == "Cookie before consent (TDDDG § 25(1))."
    assert rule["defaultConfiguration"]["level"] == "error"


@dataclass(frozen=True)
class Rule:
    id: str
    severity: Severity
    remedy: str
    article: str


def test_the_rules_of_a_table_are_described_whether_broken_or_not() -> None:
    table = (
        Rule("hit-without-consent", Severity.ERROR, "Report it.", "GDPR Art. 6(1)(a)"),
        Rule("cookie-before-consent", Severity.NOTE, "As the table says.", ""),
    )
    document = json.loads(sarif.report(audits.leaky(), table))
    rules = document["runs"][0]["tool"]["driver"]["rules"]
    assert [one["id"] for one in rules[:3]] == [
        "hit-without-consent",
        "cookie-before-consent",
        "contact-before-consent",
    ]
    assert rules[1]["help"]["text"] == "As the table says."
    for one in document["runs"][0]["results"]:
        assert rules[one["ruleIndex"]]["id"] == one["ruleId"]


def test_a_result_is_recognised_in_the_next_run() -> None:
    now = fingerprints(audits.leaky())
    assert len(set(now)) == len(now)
    audit = audits.leaky()
    later = replace(audit, started=audit.finished, gateway="9", findings=audit.findings[::-1])
    assert set(fingerprints(later)) == set(now)
    assert len(set(fingerprints(replace(audit, findings=(audit.findings[0],) * 2)))) == 2


def test_what_is_new_is_new_only_against_a_baseline() -> None:
    """QA-05"""
    states = [one["baselineState"] for one in run(audits.compared())["results"]]
    assert (states.count("new"), states.count("unchanged")) == (10, 237)
    assert all("baselineState" not in one for one in run(audits.leaky())["results"])


def test_the_run_says_how_it_was_made_and_what_was_not_measured() -> None:
    """QA-04"""
    (invocation,) = run(audits.leaky())["invocations"]
    assert invocation["commandLine"] == "consent-gateway audit besuch.flows --site site.toml --format html"
    assert (invocation["startTimeUtc"], invocation["exitCode"]) == ("2026-11-24T10:30:00Z", 1)
    assert invocation["executionSuccessful"] is True
    said = [(one["level"], one["message"]["text"]) for one in invocation["toolExecutionNotifications"]]
    assert ("note", "Not measured: What the site's servers pass on to others behind the scenes.") in said
    assert [level for level, _ in said].count("warning") == 1
    inputs = run(audits.leaky())["artifacts"][:2]
    assert [one["hashes"]["sha-256"] for one in inputs] == [audits.HASH, audits.HASH[::-1]]


def test_without_a_proof_the_run_has_not_succeeded() -> None:
    """QA-03"""
    (invocation,) = run(audits.not_proven())["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "error" in [one["level"] for one in invocation["toolExecutionNotifications"]]


def test_a_message_makes_no_link() -> None:
    """SARIF 3.11.6"""
    audit = audits.leaky()
    found = replace(audit.findings[0], message="see [here](https://evil.example/)")
    (result,) = run(replace(audit, findings=(found,)))["results"]
    assert "](" not in result["message"]["text"]
    assert "](" not in json.dumps([one["message"] for one in run(audits.hostile())["results"]])
