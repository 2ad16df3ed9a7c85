"""Lists by which blockers hide notices: nothing of ours is on them, and a notice that is hidden anyway is no answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.conftest import OpenSite
from tests.browser.test_autoconsent import SITE

pytestmark = pytest.mark.browser

LIST = (Path(__file__).parent / "annoyances.txt").read_text("utf-8")
SELECTORS = [line[2:] for line in LIST.splitlines() if line.startswith("##")]
# Those of the list that meet something within what the gateway has put into a page, or anywhere in a page of its own.
MET = """([selectors, within]) => selectors.filter((selector) =>
  [...document.querySelectorAll(selector)].some((one) => !within || one.closest(within) || one.querySelector(within)))"""


@pytest.mark.parametrize(
    ("path", "within"),
    [
        ("/company.html", "[data-privacy]"),
        ("/.privacy/preferences", ""),
        ("/.privacy/your-data", ""),
        ("/.privacy/policy", ""),
        ("/.privacy/request", ""),
    ],
)
def test_qa_07_no_selector_of_annoyance_lists_meets_what_is_ours(
    visit: OpenSite, path: str, within: str
) -> None:
    assert {"#cookie-banner", ".consent-banner"} <= set(SELECTORS)
    site = visit(SITE)
    site.open(path)
    assert site.page.locator("[data-privacy=notice]" if within else "main").count() == 1
    assert site.page.evaluate(MET, [SELECTORS, within]) == []
    # It would be noticed.
    site.page.evaluate("(at) => { document.querySelector(at).id = 'privacy-banner'; }", within or "main")
    assert site.page.evaluate(MET, [SELECTORS, within]) == ["#privacy-banner"]


def test_qa_07_a_notice_that_is_hidden_is_no_answer_and_nothing_leaves(visit: OpenSite) -> None:
    site = visit(SITE)
    site.page.add_init_script(
        "addEventListener('DOMContentLoaded', () => document.documentElement.insertAdjacentHTML("
        "'beforeend', '<style>[data-privacy] { display: none !important }</style>'));"
    )
    for path in ("/company.html", "/plain.html", "/company.html"):
        site.open(path)
        assert not site.page.locator("[data-privacy=notice]").is_visible()
        assert site.page.locator("[data-privacy=notice]").count() == 1  # asked, still
    assert site.third_parties() == set()
    assert site.google.requests == []
    assert not [one for one in site.context.cookies() if one["name"] == "privacy"]
