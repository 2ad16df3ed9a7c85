"""What an earlier audit has found: against it everything else is new."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from consent_gateway.audit import rules
from consent_gateway.audit.findings import Audit, Finding, Side


@dataclass(frozen=True, slots=True)
class Baseline:
    """The hosts, cookies and findings of an earlier audit."""

    hosts: frozenset[tuple[Side, str]]
    cookies: frozenset[tuple[Side, str, str]]  # side, host, name
    findings: frozenset[tuple[str, ...]]


_IDENTITY = ("rule", "side", "state", "page", "host")


def of(earlier: Audit) -> Baseline:
    """The baseline in an earlier audit."""
    return Baseline(
        frozenset((one.side, one.host) for one in earlier.contacts),
        frozenset((one.side, one.host, one.name) for one in earlier.cookies if one.kept),
        frozenset(_identity(one) for one in earlier.findings),
    )


def against(audit: Audit, baseline: Baseline, name: str) -> Audit:
    """The audit with what is new in it marked, and a finding for each new host and cookie."""
    marked = tuple(replace(one, is_new=_identity(one) not in baseline.findings) for one in audit.findings)
    return replace(audit, findings=(*marked, *_new(audit, baseline)), baseline=name)


def _new(audit: Audit, baseline: Baseline) -> Iterator[Finding]:
    hosts: dict[tuple[Side, str], str] = {}
    for contact in audit.contacts:
        hosts.setdefault((contact.side, contact.host), contact.page)
    for (side, host), page in hosts.items():
        if (side, host) not in baseline.hosts:
            yield rules.finding(rules.NEW_HOST, side, page=page, host=host, is_new=True, name=host)
    cookies: dict[tuple[Side, str, str], str] = {}
    for cookie in audit.cookies:
        if cookie.kept:
            cookies.setdefault((cookie.side, cookie.host, cookie.name), cookie.page)
    for (side, host, name), page in cookies.items():
        if (side, host, name) not in baseline.cookies:
            yield rules.finding(rules.NEW_COOKIE, side, page=page, host=host, is_new=True, name=name)


def _identity(finding: Finding) -> tuple[str, ...]:
    return tuple(str(getattr(finding, key)) for key in _IDENTITY)
