"""The audit as one page, to be handed to a data protection officer: nothing in it runs or is fetched."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache

import jinja2

from consent_gateway.audit.findings import Audit, Side
from consent_gateway.audit.reports import naming, summary
from consent_gateway.audit.reports.answer import answer, limits, other_side, rests_on
from consent_gateway.audit.reports.presentable import presentable

MOST_PAGES = 200  # named in one place


def report(audit: Audit) -> str:
    """The whole page, with its style in it."""
    shown = presentable(audit)
    return _template().render(
        audit=shown,
        sides=(shown.judged, *(side for side in Side if side is not shown.judged)),
        answer=answer(shown),
        other_side=other_side(shown),
        rests_on=rests_on(shown),
        limits=limits(shown),
        rows=summary.by_state(shown),
        broken=summary.broken(shown),
        parties=summary.third_parties(shown),
        cookies=summary.cookies(shown),
        hits=summary.hits(shown),
        never_seen=summary.never_seen(shown),
        undeclared=summary.undeclared(shown),
    )


@lru_cache(maxsize=1)
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("consent_gateway.audit.reports"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["evidence"] = naming.evidence
    style = environment.get_template("report.css").render()
    environment.globals.update(
        naming=naming, at_host=summary.at_host, style_hash=_digest(style), most_pages=MOST_PAGES
    )
    return environment.get_template("report.html")


def _digest(style: str) -> str:
    """The hash by which the page's own policy knows its style (CSP Level 3, 2.3.1)."""
    return f"sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode('ascii')}"
