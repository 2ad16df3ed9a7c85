"""The findings of an audit by rule, side and host."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from consent_gateway.audit.findings import Audit, Finding, Severity, Side
from consent_gateway.audit.reports import naming
from consent_gateway.audit.reports.grouping import distinct, grouped


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """Findings that say the same of the same host, wherever they were made."""

    host: str
    message: str
    remedy: str
    article: str
    is_new: bool
    states: tuple[str, ...]
    pages: tuple[str, ...]
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A rule that is broken on one side: at which hosts, and how."""

    rule: str
    severity: Severity
    side: Side
    hosts: tuple[tuple[Instance, ...], ...]

    @property
    def instances(self) -> tuple[Instance, ...]:
        return tuple(one for host in self.hosts for one in host)

    @property
    def articles(self) -> tuple[str, ...]:
        return distinct(one.article for one in self.instances)

    @property
    def remedies(self) -> tuple[str, ...]:
        return distinct(one.remedy for one in self.instances)

    @property
    def number(self) -> int:
        return sum(one.number for one in self.instances)

    @property
    def new(self) -> int:
        return sum(one.number for one in self.instances if one.is_new)


def broken(audit: Audit) -> tuple[Broken, ...]:
    """The findings by rule: the judged side and the worst first."""
    rules = grouped(audit.findings, attrgetter("side", "severity", "rule"))
    found = [
        Broken(
            rule=rule,
            severity=severity,
            side=side,
            hosts=tuple(_instances(of_host) for of_host in grouped(findings, attrgetter("host")).values()),
        )
        for (side, severity, rule), findings in rules.items()
    ]
    return tuple(
        sorted(found, key=lambda one: (one.side is not audit.judged, naming.WORST_FIRST.index(one.severity)))
    )


def at_host(instances: Sequence[Instance]) -> tuple[str, ...]:
    """The pages of all of them."""
    return distinct(page for one in instances for page in one.pages)


def by_severity(findings: Iterable[Finding]) -> dict[Severity, int]:
    """How many there are of each severity, the worst first; none is left out."""
    numbers = dict.fromkeys(naming.WORST_FIRST, 0)
    for one in findings:
        numbers[one.severity] += 1
    return numbers


def _instances(findings: Sequence[Finding]) -> tuple[Instance, ...]:
    alike = grouped(findings, attrgetter("host", "message", "remedy", "article", "is_new"))
    return tuple(
        Instance(
            host=host,
            message=message,
            remedy=remedy,
            article=article,
            is_new=is_new,
            states=distinct(one.state for one in same),
            pages=distinct(one.page for one in same),
            number=len(same),
        )
        for (host, message, remedy, article, is_new), same in alike.items()
    )
