"""The audit as one page, to be handed to a data protection officer: nothing in it runs or is fetched."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache

import jinja2

from consent_gateway.audit.findings import Audit, Side
from consent_gateway.audit.reports import broken, cookies, leaving, measuring, naming, parties
from consent_gateway.audit.reports.answer import answer, limits, other_side, rests_on
from consent_gateway.audit.reports.presentable import presentable

MOST_PAGES = 200  # named in one place
MOST_TOLD = 8  # findings of one host that say different things


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
        rows=leaving.by_state(shown),
        broken=broken.broken(shown),
        parties=parties.third_parties(shown),
        cookies=cookies.cookies(shown),
        hits=cookies.hits(shown),
        without_hits=measuring.without_hits(shown),
        never_contacted=parties.never_contacted(shown),
        undeclared={side: parties.undeclared(shown, side) for side in Side},
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
        naming=naming,
        at_host=broken.at_host,
        style_hash=_digest(style),
        most_pages=MOST_PAGES,
        most_told=MOST_TOLD,
    )
    return environment.get_template("report.html")


def _digest(style: str) -> str:
    """The hash by which the page's own policy knows its style (CSP Level 3, 2.3.1)."""
    return f"sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode('ascii')}"
