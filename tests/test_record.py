"""A record, its texts, and the schema that is published for it."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from datetime import UTC, datetime, timedelta, timezone
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

from consent_gateway.gateway import Gateway
from consent_gateway.record import Record, Submission, hash_of, moment
from tests.asking import Asking, cookie_of
from tests.recorded import TERMS, TEXT, record

SCHEMA: dict[str, Any] = json.loads(
    files("consent_gateway").joinpath("ledger_record.schema.json").read_text("utf-8")
)


def check(one: Record) -> None:
    jsonschema.validate(json.loads(one.as_json()), SCHEMA, format_checker=jsonschema.FormatChecker())


@pytest.mark.parametrize(
    "kind", ["grant", "refusal", "change", "withdrawal", "activation", "objection", "restriction", "lifting"]
)
def test_records_of_every_kind_are_as_the_schema_says(kind: str) -> None:
    """CON-02"""
    check(record(kind))


def test_the_schema_names_every_field_and_no_other() -> None:
    """CON-02"""
    assert SCHEMA["properties"].keys() == {field.name for field in fields(Record)}
    assert set(SCHEMA["required"]) == SCHEMA["properties"].keys() and SCHEMA["additionalProperties"] is False


@pytest.mark.parametrize(
    "change", [{"kind": "click"}, {"time": "yesterday"}, {"shown": ""}, {"granted": ["media"]}, {"address": "192.0.2.1"}]
)  # fmt: skip
def test_anything_else_is_none(change: dict[str, object]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(asdict(record()) | change, SCHEMA)


def test_every_decision_of_a_visitor_is_recorded_with_what_was_in_force(
    gateway: Gateway, now: datetime
) -> None:
    """CON-02"""
    asking = Asking(gateway, now)
    found: dict[str, Record] = {}

    def click(path: str, **form: list[str]) -> Record:
        reply = asking.post(path, form, Sec_GPC="1")
        asking.cookie = cookie_of(reply.response) or asking.cookie
        assert reply.record
        one, shown = reply.record
        check(one)
        assert (one.shown, one.policy) == (hash_of(shown), hash_of(reply.terms))
        found[one.kind] = one
        return one

    click("/.privacy/choice", decision=["reject_all"], layer=["notice"], language=["de"])
    click("/.privacy/choice", decision=["save"], purpose=["media"], layer=["preferences"])
    click("/.privacy/activate", service=["zoom"], instance=["1"])
    click("/.privacy/choice", decision=["accept_all"])
    click("/.privacy/choice", decision=["reject_all"])
    assert found.keys() == {"refusal", "grant", "activation", "change", "withdrawal"}
    assert [found[kind].layer for kind in ("refusal", "grant", "activation")] == [
        "notice",
        "preferences",
        "placeholder",
    ]
    assert found["grant"].granted.keys() == {"media"} and "marketing" in found["grant"].refused
    assert (found["refusal"].language, found["refusal"].signal, found["refusal"].receipt) == ("de", True, "")
    assert found["withdrawal"].receipt == found["grant"].receipt != ""
    assert found["refusal"].time == "2026-11-24" and found["withdrawal"].time == "2026-11-24T10:30:00+00:00"


def test_a_refusal_is_dated_to_the_day_in_utc() -> None:
    late = datetime(2026, 11, 24, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    assert (moment(late, exact=False), moment(late, exact=True)) == (
        "2026-11-23",
        "2026-11-23T23:30:00+00:00",
    )
    assert record(time="2026-11-24").decided == datetime(2026, 11, 24, tzinfo=UTC)


def test_a_submission_reads_as_it_was_written() -> None:
    one = Submission(record("refusal"), TEXT, TERMS)
    assert Submission.of(one.as_json()) == one
    assert one.texts == {hash_of(TEXT): TEXT, hash_of(TERMS): TERMS}
    assert Submission(record(), TEXT).id != Submission(record(), TEXT).id


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"record": {}, "shown": "", "policy": "", "id": ""}', '{"record": 1}']
)
def test_anything_else_is_no_submission(text: str) -> None:
    with pytest.raises(ValueError):
        Submission.of(text)
