"""The forms in which an audit is told. All of them hold the same findings, and none of them a query string,
the value of a cookie or anything of a page that could run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from consent_gateway.audit.findings import Audit
from consent_gateway.audit.reports import html, json, junit, sarif, text


@dataclass(frozen=True, slots=True)
class Format:
    """A form of the report: what files of it are, and how it is written."""

    suffix: str
    media_type: str
    report: Callable[[Audit], str]


# fmt: off
FORMATS = {
    "text":  Format(".txt",   "text/plain",             text.report),
    "json":  Format(".json",  "application/json",       json.report),
    "junit": Format(".xml",   "application/xml",        junit.report),
    "sarif": Format(".sarif", "application/sarif+json", sarif.report),
    "html":  Format(".html",  "text/html",              html.report),
}
# fmt: on
