"""Google's measurement: absent until it is released, then only by way of the gateway."""

from __future__ import annotations

import pytest

from consent_gateway.catalogue import Catalogue
from tests.treatments.test_placeholder import Page

SCRIPT = '<head><script async src="https://www.googletagmanager.com/gtag/js?id=G-1&l=dataLayer"></script>'
SNIPPET = "<script>function gtag(){dataLayer.push(arguments)}gtag('config','G-1');</script>"


@pytest.fixture
def page(catalogue: Catalogue) -> Page:
    return Page(catalogue)


def released(service: str) -> bool:
    return service == "google-analytics"


def test_held_neither_script_nor_snippet_is_there(page: Page) -> None:
    held = page.held(SCRIPT + SNIPPET)
    assert "googletagmanager" not in held and "gtag(" not in held


def test_released_the_script_comes_from_the_site_and_the_snippet_stays(page: Page) -> None:
    shown = page.held(SCRIPT + SNIPPET, loads=released)
    assert '<script async src="/.privacy/ga/gtag/js?id=G-1&amp;l=dataLayer"></script>' in shown
    assert SNIPPET in shown


@pytest.mark.parametrize("quote", ["", "'", '"'])
def test_the_path_fits_into_the_quotes_that_stand_there(page: Page, quote: str) -> None:
    address = f"{quote}//www.googletagmanager.com/gtag/js?id=G-1&amp;x=%27'`{quote}"
    if quote == "'":
        address = address.replace("%27'", "%27")
    shown = page.held(f"<head><script src={address}></script>", loads=released)
    assert shown.startswith(f"<head><script src={quote}/.privacy/ga/gtag/js?id=G-1&amp;x=")
    assert shown.count(quote or "<") == 2 + (not quote)


@pytest.mark.parametrize(
    "element",
    [
        '<link rel="preconnect" href="https://www.google-analytics.com">',
        '<link rel=preload as=script href="https://www.googletagmanager.com/gtag/js?id=G-1">',
        '<img src="https://www.google-analytics.com/g/collect?v=2">',
        '<script src="https://www.google-analytics.com/analytics_debug.js"></script>',
    ],
)
def test_released_nothing_else_of_it_contacts_google(page: Page, element: str) -> None:
    shown = page.held(f"<head>{element}", loads=released)
    assert "google-analytics.com" not in shown and "googletagmanager.com" not in shown
