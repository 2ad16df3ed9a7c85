"""The audit as JSON, its schema, and the way back."""

from __future__ import annotations

import json as standard
from collections.abc import Callable

import pytest

from consent_gateway.audit.findings import Audit
from consent_gateway.audit.reports import json
from consent_gateway.audit.reports.presentable import presentable
from tests.audit import audits
from tests.audit.schemas import closed, schema

SCHEMA = schema("audit_report")
Make = Callable[[], Audit]
every_audit = pytest.mark.parametrize("make", audits.ALL.values(), ids=audits.ALL)


@every_audit
def test_it_validates_against_its_schema_which_names_everything(make: Make) -> None:
    """QA-02"""
    from jsonschema import Draft202012Validator, FormatChecker

    Draft202012Validator.check_schema(SCHEMA)
    document = standard.loads(json.report(make()))
    validator = Draft202012Validator(closed(SCHEMA), format_checker=FormatChecker())
    assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)] == []


def test_the_schema_asks_for_everything_that_is_written() -> None:
    document = standard.loads(json.report(audits.leaky()))
    assert set(SCHEMA["required"]) == set(SCHEMA["properties"]) == set(document)
    for name, values in (("contact", "contacts"), ("cookie", "cookies"), ("forwarded", "forwarded"), ("finding", "findings"), ("input", "inputs"), ("covered", "coverage")):  # fmt: skip
        assert (
            set(SCHEMA["$defs"][name]["required"])
            == set(document[values][0])
            == set(SCHEMA["$defs"][name]["properties"])
        )


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("verdict", "fine"),
        ("version", 2),
        ("pages", ["https://www.example/?a=b"]),
        ("judged", "both"),
        ("limits", []),
    ],
)
def test_the_schema_refuses_what_is_wrong(key: str, value: object) -> None:
    from jsonschema import Draft202012Validator

    document = {**standard.loads(json.report(audits.leaky())), key: value}
    assert not Draft202012Validator(SCHEMA).is_valid(document)


@every_audit
def test_it_can_be_read_back(make: Make) -> None:
    """QA-05"""
    assert json.read(json.report(make())) == presentable(make())


def test_a_later_report_of_the_same_version_can_be_read() -> None:
    from jsonschema import Draft202012Validator

    document = standard.loads(json.report(audits.leaky()))
    document["weather"] = "fair"
    document["findings"][0]["weather"] = "fair"
    del document["conditions"], document["declared"]
    Draft202012Validator({**SCHEMA, "required": []}).validate(document)
    assert json.read(standard.dumps(document)).findings == audits.leaky().findings


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", 'not a report of an audit: "report" is not'),
        ('{"report": "something else"}', 'not a report of an audit: "report" is not'),
        ('{"report": "consent-gateway audit", "version": 2}', '"version" is 2; this program reads 1'),
        ('{"report": "consent-gateway audit", "version": 1}', '"started": missing'),
    ],
)
def test_what_is_no_report_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(json.BadReport, match=f"^{reason}"):
        json.read(text)


def test_the_fault_of_a_damaged_report_is_named() -> None:
    document = standard.loads(json.report(audits.leaky()))
    document["findings"][3]["severity"] = "grave"
    with pytest.raises(json.BadReport, match=r'^"findings\.3\.severity": input should be'):
        json.read(standard.dumps(document))
