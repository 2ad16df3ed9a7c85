"""The audit as JUnit XML: a suite for each state, a case for each page, in the form that CI servers read.

There is no standard. What is written is what GitLab ("Unit test reports") and Jenkins (its JUnit plug-in)
read alike: names and class names that are unique, at most one failure for a case, numbers on every suite.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from consent_gateway.audit.findings import Audit, Finding, Severity, Side, Verdict
from consent_gateway.audit.reports import naming
from consent_gateway.audit.reports.answer import answer, limits, rests_on
from consent_gateway.audit.reports.naming import counted
from consent_gateway.audit.reports.presentable import presentable

CLASS = "consent_gateway.audit"
WHOLE = "whole site"  # the case of findings that no page has
NO_STATE = "audit"  # the suite of findings that no state has, and of the proof


def report(audit: Audit) -> str:
    """All findings: errors of the judged side are failures, every other is in the output of its case. A
    missing proof is an error."""
    shown = presentable(audit)
    root = ElementTree.Element("testsuites", name="consent-gateway audit")
    placed = _placed(shown)
    for state in dict.fromkeys((*shown.states, *(state for state, _ in placed if state))):
        _suite(
            root, shown, state, {page: placed.get((state, page), []) for page in _pages(shown, state, placed)}
        )
    _suite_of_proof(root, shown, {page: found for (state, page), found in placed.items() if not state})
    _count(root, shown)
    ElementTree.indent(root)
    xml = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{xml}\n'


def _placed(audit: Audit) -> dict[tuple[str, str], list[Finding]]:
    placed: dict[tuple[str, str], list[Finding]] = {}
    for one in audit.findings:
        placed.setdefault((one.state, one.page), []).append(one)
    return placed


def _pages(audit: Audit, state: str, placed: dict[tuple[str, str], list[Finding]]) -> dict[str, None]:
    """The pages of the audit, and others of which something was found."""
    return dict.fromkeys((*audit.pages, *(page for of, page in placed if of == state)))


def _suite(
    root: ElementTree.Element, audit: Audit, state: str, pages: dict[str, list[Finding]]
) -> ElementTree.Element:
    suite = ElementTree.SubElement(root, "testsuite", name=state or NO_STATE)
    suite.set("timestamp", audit.started.strftime("%Y-%m-%dT%H:%M:%S"))
    properties = ElementTree.SubElement(suite, "properties")
    said = {"visitor": naming.STATES.get(state, ""), "judged": naming.SIDES[audit.judged]}
    for name, value in {**said, "findings": str(sum(map(len, pages.values())))}.items():
        ElementTree.SubElement(properties, "property", name=name, value=value)
    for page, found in pages.items():
        _case(suite, state, page, found, audit.judged)
    return suite


def _case(suite: ElementTree.Element, state: str, page: str, found: Sequence[Finding], judged: Side) -> None:
    case = _new_case(suite, state or NO_STATE, page or WHOLE)
    failing = [one for one in found if one.side is judged and one.severity is Severity.ERROR]
    rest = [one for one in found if one not in failing]
    if failing:
        message = failing[0].message if len(failing) == 1 else counted(len(failing), "finding")
        failure = ElementTree.SubElement(case, "failure", message=message, type=failing[0].rule)
        failure.text = "\n".join(map(_line, failing))
    if rest:
        ElementTree.SubElement(case, "system-out").text = "\n".join(map(_line, rest))


def _suite_of_proof(root: ElementTree.Element, audit: Audit, pages: dict[str, list[Finding]]) -> None:
    suite = _suite(root, audit, "", pages)
    case = _new_case(suite, NO_STATE, "the planted leaks were found")
    if audit.verdict is Verdict.NOT_PROVEN:
        error = ElementTree.SubElement(case, "error", message=answer(audit), type="not proven")
        error.text = "\n".join(rests_on(audit))
    ElementTree.SubElement(case, "system-out").text = "\n".join(
        (
            naming.WORDS[audit.verdict],
            answer(audit),
            *rests_on(audit),
            *(f"not measured: {one}" for one in limits(audit)),
        )
    )
    for one in dict.fromkeys(audit.left_out):
        case = _new_case(suite, NO_STATE, f"left out: {one}")
        ElementTree.SubElement(case, "skipped", message=one)


def _new_case(suite: ElementTree.Element, state: str, name: str) -> ElementTree.Element:
    return ElementTree.SubElement(suite, "testcase", classname=f"{CLASS}.{state}", name=name, time="0")


def _line(one: Finding) -> str:
    """A finding in one line, as it stands in failures and outputs."""
    new = ", new" if one.is_new else ""
    article = f" ({one.article})" if one.article else ""
    side = naming.SIDES[one.side]
    return f"[{one.severity.value}{new}] {one.rule}, {side}: {one.message}{article} → {one.remedy}"


def _count(root: ElementTree.Element, audit: Audit) -> None:
    """Puts the numbers on every suite, and their sums on all of them."""
    sums = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for suite in root:
        found = {
            "tests": suite.findall("testcase"),
            "failures": suite.findall("testcase/failure"),
            "errors": suite.findall("testcase/error"),
            "skipped": suite.findall("testcase/skipped"),
        }
        for name, elements in found.items():
            suite.set(name, str(len(elements)))
            sums[name] += len(elements)
        suite.set("time", "0")
    for name, number in sums.items():
        root.set(name, str(number))
    root.set("time", f"{(audit.finished - audit.started).total_seconds():.3f}")
