"""The audit as SARIF 2.1.0 (OASIS Standard, 2020), for services that show findings beside the code.

Pages are named relative to their site, because GitHub refuses locations with another scheme than file:
the base of each is in `originalUriBaseIds` (SARIF 3.14.14), and the whole address is the logical location.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

from consent_gateway.audit.findings import Audit, Finding, Severity, Verdict
from consent_gateway.audit.reports import naming
from consent_gateway.audit.reports.answer import answer, limits
from consent_gateway.audit.reports.presentable import presentable

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "consentGateway/v1"
_STRAY = re.compile("%(?![0-9A-Fa-f]{2})")  # a percent sign that encodes nothing (RFC 3986 2.1)
_KEPT = "/:@!$&'()*+,;=-._~%"  # of a path (RFC 3986 3.3)


class Described(Protocol):
    """A rule as a table of rules has it."""

    @property
    def id(self) -> str: ...
    @property
    def severity(self) -> Severity: ...
    @property
    def remedy(self) -> str: ...
    @property
    def article(self) -> str: ...


def report(audit: Audit, table: Sequence[Described] = ()) -> str:
    """One run, one result for each finding; described are the rules of the table, and others that are broken."""
    shown = presentable(audit)
    rules = _rules(shown, table)
    numbers = {rule["id"]: number for number, rule in enumerate(rules)}
    artifacts = _Artifacts(shown)
    seen: Counter[str] = Counter()
    results = [_result(shown, one, numbers[one.rule], artifacts, seen) for one in shown.findings]
    run = {
        "tool": {
            "driver": {
                "name": "Consent Gateway",
                "version": shown.gateway,
                "rules": rules,
            }
        },
        "automationDetails": {"id": f"consent-gateway-audit/{shown.judged.value}/"},
        "invocations": [_invocation(shown)],
        "originalUriBaseIds": artifacts.bases,
        "artifacts": artifacts.described,
        "results": results,
        "columnKind": "unicodeCodePoints",
        "properties": {
            "verdict": shown.verdict.value,
            "judged": shown.judged.value,
            "states": list(shown.states),
        },
    }
    # Compact: services take files up to a size, and 500 pages have many results.
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return f"{json.dumps(document, ensure_ascii=False, separators=(',', ':'))}\n"


def _rules(audit: Audit, table: Sequence[Described]) -> list[dict[str, Any]]:
    """The rules, each with what to do about it."""
    worst = sorted(audit.findings, key=lambda one: naming.WORST_FIRST.index(one.severity))
    told = {one.id: (one.severity, one.article, one.remedy) for one in table}
    for one in worst:
        told.setdefault(one.rule, (one.severity, one.article, one.remedy))
    return [
        {
            "id": id,
            "shortDescription": {"text": _plain(naming.title(id))},
            "fullDescription": {"text": _plain(f"{naming.title(id)}{f' ({article})' if article else ''}.")},
            "help": {"text": _plain(remedy or naming.title(id))},
            "defaultConfiguration": {"level": severity.value},
            "properties": {"tags": ["privacy"], "article": article},
        }
        for id, (severity, article, remedy) in told.items()
    ]


def _result(
    audit: Audit, one: Finding, number: int, artifacts: _Artifacts, seen: Counter[str]
) -> dict[str, Any]:
    who = f"{naming.SIDES[one.side]}{f', a visitor in the state {one.state}' if one.state else ''}"
    result: dict[str, Any] = {
        "ruleId": one.rule,
        "ruleIndex": number,
        "level": one.severity.value,
        "message": {"text": _plain(f"{one.message} ({who})")},
        "locations": [artifacts.location(one.page)],
        "partialFingerprints": {FINGERPRINT: _fingerprint(one, seen)},
        "properties": {
            "state": one.state,
            "side": one.side.value,
            "host": one.host,
            "article": one.article,
            "remedy": one.remedy,
        },
    }
    if audit.baseline:
        result["baselineState"] = "new" if one.is_new else "unchanged"
    return result


def _fingerprint(one: Finding, seen: Counter[str]) -> str:
    """The same in every run; of findings that are alike in all of it the second has another."""
    key = "\n".join((one.rule, one.side.value, one.state, one.page, one.host, one.message))
    seen[key] += 1
    return sha256(f"{key}\n{seen[key]}".encode()).hexdigest()


class _Artifacts:
    """The files and pages of a run, and how results refer to them."""

    def __init__(self, audit: Audit) -> None:
        self.bases: dict[str, dict[str, str]] = {}
        self.described: list[dict[str, Any]] = []
        self._numbers: dict[str, int] = {}
        for one in audit.inputs:
            hashes = {"hashes": {"sha-256": one.sha256}} if one.sha256 else {}
            self._add(one.name, self._place(one.name), roles=["analysisTarget"], **hashes)
        if audit.site_file:
            hashes = {"hashes": {"sha-256": audit.site_sha256}} if audit.site_sha256 else {}
            place = self._place(audit.site_file)
            self._add(audit.site_file, place, roles=["userSpecifiedConfiguration"], **hashes)
        self._whole = audit.site_file or (audit.inputs[0].name if audit.inputs else "")
        for page in audit.pages:
            self._add(page, self._place(page), roles=["analysisTarget"])

    def location(self, page: str) -> dict[str, Any]:
        """A page; for what no page has, the file that says how the site is to be."""
        name = page or self._whole
        number = self._add(name, self._place(name))
        place = {**self.described[number]["location"], "index": number}
        location: dict[str, Any] = {"physicalLocation": {"artifactLocation": place}}
        if page:
            location["logicalLocations"] = [{"fullyQualifiedName": page, "kind": "resource"}]
        return location

    def _add(self, name: str, place: dict[str, str], **more: Any) -> int:
        if name not in self._numbers:
            self._numbers[name] = len(self.described)
            self.described.append({"location": place, **more})
        return self._numbers[name]

    def _place(self, name: str) -> dict[str, str]:
        """Where it is: relative to its site, or a file as it was named."""
        try:
            parts = urlsplit(name)
        except ValueError:
            return {"uri": quote(name, safe="/")}
        if "://" not in name or not parts.netloc:
            return {"uri": quote(name, safe="/") or "."}
        base = f"{quote(parts.scheme)}://{quote(parts.netloc, safe=':[]')}/"
        id = next(
            (id for id, one in self.bases.items() if one["uri"] == base), f"SITE{len(self.bases) or ''}"
        )
        self.bases[id] = {"uri": base}
        # Without "./" a first segment with a colon would be a scheme (RFC 3986 4.2).
        path = _STRAY.sub("%25", quote(parts.path.lstrip("/"), safe=_KEPT))
        return {"uri": f"./{path}", "uriBaseId": id}


def _invocation(audit: Audit) -> dict[str, Any]:
    proven = audit.verdict is not Verdict.NOT_PROVEN
    said = [("note", f"Not measured: {one}") for one in limits(audit)]
    said += [("warning", f"Left out: {one}") for one in audit.left_out]
    said += [] if proven else [("error", answer(audit))]
    return {
        "commandLine": " ".join(audit.command) or "consent-gateway audit",
        "arguments": list(audit.command[1:]),
        "startTimeUtc": _time(audit.started),
        "endTimeUtc": _time(audit.finished),
        "exitCode": naming.EXIT_CODES[audit.verdict],
        "executionSuccessful": proven,
        "toolExecutionNotifications": [
            {"level": level, "message": {"text": _plain(text)}} for level, text in said
        ],
    }


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _plain(text: str) -> str:
    """A text in which nothing is a link: "[text](address)" is one in every message (SARIF 3.11.6)."""
    return text.replace("](", "] (")
