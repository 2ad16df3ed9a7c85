"""What an earlier audit has found: against it everything else is new."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from consent_gateway.audit import rules
from consent_gateway.audit.findings import Audit, Finding, Side


class BadBaseline(Exception):
    """A file that is no JSON report of an audit; says why."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """The hosts, cookies and findings of an earlier audit."""

    hosts: frozenset[tuple[str, str]]  # side, host
    cookies: frozenset[tuple[str, str, str]]  # side, host, name
    findings: frozenset[tuple[str, ...]]


def read(text: str) -> Baseline:
    """The baseline in a JSON report. Raises BadBaseline."""
    try:
        report: Any = json.loads(text)
        return Baseline(
            frozenset((str(one["side"]), str(one["host"])) for one in report["contacts"]),
            frozenset(
                (str(one["side"]), str(one["host"]), str(one["name"]))
                for one in report["cookies"]
                if one["kept"]
            ),
            frozenset(tuple(str(one[key]) for key in _IDENTITY) for one in report["findings"]),
        )
    except (ValueError, RecursionError) as error:
        raise BadBaseline(f"is no JSON: {error}") from error
    except (KeyError, TypeError) as error:
        raise BadBaseline(f"is no report of an audit: {error} is missing or of another kind") from error


_IDENTITY = ("rule", "side", "state", "page", "host")


def against(audit: Audit, baseline: Baseline, name: str) -> Audit:
    """The audit with what is new in it marked, and a finding for each new host and cookie."""
    marked = tuple(
        replace(one, is_new=tuple(str(getattr(one, key)) for key in _IDENTITY) not in baseline.findings)
        for one in audit.findings
    )
    return replace(audit, findings=(*marked, *_new(audit, baseline)), baseline=name)


def _new(audit: Audit, baseline: Baseline) -> Iterator[Finding]:
    hosts: dict[tuple[Side, str], str] = {}
    for contact in audit.contacts:
        hosts.setdefault((contact.side, contact.host), contact.page)
    for (side, host), page in hosts.items():
        if (side.value, host) not in baseline.hosts:
            yield rules.finding(rules.NEW_HOST, side, page=page, host=host, is_new=True, name=host)
    cookies: dict[tuple[Side, str, str], str] = {}
    for cookie in audit.cookies:
        if cookie.kept:
            cookies.setdefault((cookie.side, cookie.host, cookie.name), cookie.page)
    for (side, host, name), page in cookies.items():
        if (side.value, host, name) not in baseline.cookies:
            yield rules.finding(rules.NEW_COOKIE, side, page=page, host=host, is_new=True, name=name)
