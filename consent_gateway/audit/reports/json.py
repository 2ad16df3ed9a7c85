"""The audit as JSON, for machines and as the baseline of the next one.

`audit_report.schema.json` in the package is its schema. Within a version of the format fields are added;
none is renamed, removed or given another meaning, and readers pass over those that they do not know.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

import pydantic

from consent_gateway.audit.findings import Audit
from consent_gateway.audit.reports import naming
from consent_gateway.audit.reports.answer import answer, limits
from consent_gateway.audit.reports.broken import by_severity
from consent_gateway.audit.reports.presentable import presentable

NAME, VERSION = "consent-gateway audit", 1
_ANY = pydantic.TypeAdapter(dict[str, Any])
_AUDIT = pydantic.TypeAdapter(Audit)
_FIELDS = {field.name for field in fields(Audit)}


class BadReport(Exception):
    """What is to be read is no report of an audit; the message says why."""


def report(audit: Audit) -> str:
    """The whole audit; what follows from it (verdict, numbers, limits) stands before it."""
    shown = presentable(audit)
    document: dict[str, Any] = {
        "report": NAME,
        "version": VERSION,
        "verdict": shown.verdict.value,
        "exit_code": naming.EXIT_CODES[shown.verdict],
        "answer": answer(shown),
        "numbers": {
            "findings": {one.value: number for one, number in by_severity(shown.findings).items()},
            "judged": {
                one.value: number
                for one, number in by_severity(
                    finding for finding in shown.findings if finding.side is shown.judged
                ).items()
            },
        },
        "limits": list(limits(shown)),
        **_AUDIT.dump_python(shown, mode="json"),
    }
    return f"{_ANY.dump_json(document, indent=1).decode()}\n"


def read(text: str) -> Audit:
    """The audit that a report holds. Raises BadReport."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadReport(f"not JSON: {error}") from error
    if not isinstance(document, dict) or document.get("report") != NAME:
        raise BadReport(f'not a report of an audit: "report" is not "{NAME}"')
    if document.get("version") != VERSION:
        raise BadReport(f'"version" is {document.get("version")!r}; this program reads {VERSION}')
    try:
        return _AUDIT.validate_python({name: document[name] for name in _FIELDS & document.keys()})
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        reason = "missing" if first["type"] == "missing" else f"{first['msg'][:1].lower()}{first['msg'][1:]}"
        raise BadReport(f'"{where}": {reason}') from error
