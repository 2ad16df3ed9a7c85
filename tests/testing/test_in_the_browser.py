"""The recipe for projects that test in a browser: real Chromium in front of the site under test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from consent_gateway.testing import SiteUnderTest, gateway
from tests import chromium
from tests.testing.applications import wsgi
from tests.testing.test_testing import SITE

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for which there is nothing but this computer."""
    with (
        sync_playwright() as playwright,
        chromium.launched(playwright, "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1") as started,
    ):
        yield started


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SiteUnderTest]:
    file = tmp_path_factory.mktemp("site") / "site.toml"
    file.write_text(SITE)
    with gateway(wsgi=wsgi, site=file) as under_test:
        yield under_test


def contacted(browser: Browser, site: SiteUnderTest, state: str) -> set[str]:
    """The hosts that the front page makes a browser ask for, beside the site's own."""
    visitor = site.as_visitor(state)
    context = browser.new_context(base_url=site.url, extra_http_headers=visitor.headers)
    context.add_cookies(visitor.cookies)  # type: ignore[arg-type]
    page = context.new_page()
    hosts: list[str] = []
    page.on("request", lambda request: hosts.append(request.url.split("/")[2]))
    page.goto("/", wait_until="networkidle")
    context.close()
    return {host for host in hosts if f"http://{host}" != site.url}


def test_before_consent_the_browser_asks_nobody_else_and_nothing_goes_to_google(
    browser: Browser, site: SiteUnderTest
) -> None:
    assert contacted(browser, site, "fresh") == set()
    assert site.forwarded() == ()


def test_after_consent_it_does_and_the_page_view_goes_out_by_way_of_the_gateway(
    browser: Browser, site: SiteUnderTest
) -> None:
    assert contacted(browser, site, "all") == {"www.youtube.com"}
    [hit] = site.forwarded()
    assert (hit.parameters["en"], hit.parameters["dl"].endswith("/")) == ("page_view", True)
