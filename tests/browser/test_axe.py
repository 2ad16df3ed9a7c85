"""axe-core finds nothing wrong with what visitors see of the gateway, in light and dark, narrow and wide."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import OpenSite

pytestmark = pytest.mark.browser

# On pages of the site's own only what was inserted is looked at.
INSERTED = {
    "include": [["[data-privacy=notice]"], ["[data-privacy=placeholder]"], ["[data-privacy=settings]"]]
}
UNFOLD = """() => {
  for (const one of document.querySelectorAll("[data-privacy] details, main details")) one.open = true;
}"""


def violations(page: Page, context: dict[str, list[list[str]]] | None = None) -> list[str]:
    """What axe-core says is wrong, each with the elements it says it of."""
    found = Axe().run(page, context=context).response["violations"]
    return [
        f"{one['id']}: {node['html'][:120]} {node['failureSummary']}"
        for one in found
        for node in one["nodes"]
    ]


SEEN = [("en", "light", 360), ("de", "dark", 360), ("en", "dark", 1280)]


@pytest.mark.parametrize(("language", "scheme", "width"), SEEN)
def test_axe_finds_nothing_in_notice_and_placeholders(
    visit: OpenSite, language: str, scheme: str, width: int
) -> None:
    """A11Y-02, A11Y-04, A11Y-08"""
    site = visit(headers={"Accept-Language": language})
    site.page.set_viewport_size({"width": width, "height": 900})
    site.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    site.open("/sizes.html")
    assert violations(site.page, INSERTED) == []
    site.page.evaluate(UNFOLD)
    for place in ("first", "last"):
        getattr(site.page.locator("[data-part=why]"), place).click()
        assert violations(site.page, INSERTED) == []
        site.page.keyboard.press("Escape")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_axe_finds_nothing_in_the_gateways_own_pages(visit: OpenSite, scheme: str, width: int) -> None:
    """A11Y-02, A11Y-04, A11Y-08"""
    site = visit(
        '[controller]\nname = "Example AG"\ncontact = "privacy@example.com"\n[services.google-analytics]\n[services.youtube]\n'
    )
    site.page.set_viewport_size({"width": width, "height": 900})
    site.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for path in ("preferences", "policy", "your-data", "none"):
        site.open(f"/.privacy/{path}")
        site.page.evaluate(UNFOLD)
        assert violations(site.page) == [], path
    site.open("/.privacy/preferences")
    site.page.locator("button[value=accept_all]").click()
    site.settle()
    for path in ("preferences?saved=1", "your-data", "your-data?confirm=erase"):
        site.open(f"/.privacy/{path}")
        site.page.evaluate(UNFOLD)
        assert violations(site.page) == [], path
    site.open("/.privacy/your-data")
    site.page.get_by_role("button", name="Block everything").click()
    for path in ("preferences", "your-data", "your-data?confirm=lift"):
        site.open(f"/.privacy/{path}")
        assert violations(site.page) == [], path


def test_axe_would_find_what_is_wrong(visit: OpenSite) -> None:
    site = visit()
    site.open("/sizes.html")
    site.page.evaluate(
        "() => document.querySelector('[data-privacy=notice]').removeAttribute('aria-labelledby')"
    )
    site.page.evaluate("() => document.querySelector('[data-privacy=notice] p').style.color = '#bbb'")
    found = violations(site.page, INSERTED)
    assert any(one.startswith("aria-dialog-name") for one in found)
    assert any(one.startswith("color-contrast") for one in found)
