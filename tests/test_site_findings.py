"""Findings of a check, for readers."""

from __future__ import annotations

from consent_gateway.datafile import Fault
from consent_gateway.site_findings import REMEDIES, Group, found, lines


def test_groups_come_in_their_order_each_with_its_heading_once() -> None:
    policy = found(Group.POLICY, [Fault("f", "b", "missing", article="GDPR Art. 13", remedy="say it")])
    faulty = found(Group.FILE, [Fault("f", "a", "unknown key", 3), Fault("f", "c", "unknown key")])
    assert list(lines([*policy, *faulty])) == [
        "What cannot be read as it stands:",
        "f:3: a: unknown key",
        f"  write: {REMEDIES[Group.FILE]}",
        "f: c: unknown key",
        f"  write: {REMEDIES[Group.FILE]}",
        "What the privacy policy must say:",
        "f: b: missing (GDPR Art. 13)",
        "  write: say it",
    ]


def test_an_article_that_a_reason_ends_with_is_told_apart_and_said_once() -> None:
    (one,) = found(Group.TEMPLATES, [Fault("t", "", "it is hidden (EDPB Cookie Banner Taskforce, no. 8)")])
    assert (one.fault.reason, one.fault.article) == ("it is hidden", "EDPB Cookie Banner Taskforce, no. 8")
    assert str(one.fault).count("no. 8") == 1
    (other,) = found(Group.FILE, [Fault("t", "", "not a host (in lower case)")])
    assert (other.fault.reason, other.fault.article) == ("not a host (in lower case)", "")
