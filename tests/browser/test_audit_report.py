"""The page of an audit in a browser: it fits, it is readable, and it runs and fetches nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page

from consent_gateway.audit.reports import html
from tests.audit import audits
from tests.browser.test_axe import violations

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Everything that there can be in one, of a hostile site."""
    path: Path = tmp_path_factory.mktemp("audit") / "report.html"
    path.write_text(html.report(audits.hostile()), "utf-8")
    return path.as_uri()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 360), ("dark", 1280)])
def test_it_fits_the_window_and_axe_finds_nothing(page: Page, report: str, scheme: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(report)
    page.evaluate("() => { for (const one of document.querySelectorAll('details')) one.open = true; }")
    assert page.evaluate("() => document.documentElement.scrollWidth") == width
    assert violations(page) == []


def test_nothing_is_fetched_and_nothing_runs(page: Page, report: str) -> None:
    fetched: list[str] = []
    ran: list[str] = []

    def dismissed(dialog: Dialog) -> None:
        ran.append(dialog.message)
        dialog.dismiss()

    page.on("request", lambda request: fetched.append(request.url))
    page.on("dialog", dismissed)
    page.on("console", lambda message: ran.append(message.text))
    page.on("pageerror", lambda error: ran.append(str(error)))
    page.goto(report)
    page.wait_for_timeout(200)
    assert (fetched, ran) == ([report], [])
    assert page.locator("script, img, iframe").count() == 0
    # Its own style is let in by its own policy.
    assert page.evaluate("() => getComputedStyle(document.querySelector('main')).maxWidth") != "none"


def test_it_is_all_there_without_javascript(browser: Browser, report: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(report)
        assert page.get_by_role("heading", name="Evidence").is_visible()
        page.get_by_role("link", name="Third parties").click()
        assert page.url.endswith("#parties")
        pages = page.locator("#evidence ~ details")
        pages.locator("summary").click()
        assert pages.get_by_text("/aktuelles/video").is_visible()
