"""The findings by rule."""

from __future__ import annotations

from consent_gateway.audit.findings import Severity, Side
from consent_gateway.audit.reports import broken as module
from tests.audit import audits


def test_the_judged_side_and_the_worst_come_first() -> None:
    broken = module.broken(audits.leaky(judged=Side.THROUGH))
    assert [one.side for one in broken][:2] == [Side.THROUGH] * 2
    assert [one.severity for one in broken][:2] == [Severity.ERROR, Severity.NOTE]
    assert broken[-1].severity is Severity.WARNING
    assert sum(one.number for one in broken) == len(audits.leaky().findings)


def test_what_says_the_same_of_the_same_host_is_told_once_with_its_states_and_pages() -> None:
    fonts = next(
        host for host in module.broken(audits.leaky())[0].hosts if host[0].host == "fonts.googleapis.com"
    )
    assert [(one.states, one.article, one.number) for one in fonts] == [
        (("fresh", "expired", "tampered", "gpc", "objected"), "TDDDG § 25(1)", 25),
        (("refused", "withdrawn"), "GDPR Art. 7(3)", 10),
        (("blocked",), "GDPR Art. 18(2)", 5),
    ]
    assert module.at_host(fonts) == audits.PAGES


def test_what_is_new_is_not_told_with_what_is_known() -> None:
    """QA-05"""
    assert sum(one.new for one in module.broken(audits.compared())) == 10


def test_a_severity_without_findings_is_counted_too() -> None:
    assert list(module.by_severity(()).items()) == [
        (Severity.ERROR, 0),
        (Severity.WARNING, 0),
        (Severity.NOTE, 0),
    ]
