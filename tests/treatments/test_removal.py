"""What is held without a place of its own: inert, and marked with whose it is."""

from __future__ import annotations

import base64
import re

import pytest

from consent_gateway.catalogue import Catalogue
from tests.treatments.test_placeholder import Page

PIXEL = "https://www.facebook.com/tr?id=1"


@pytest.fixture
def page(catalogue: Catalogue) -> Page:
    return Page(catalogue)


def test_an_image_keeps_its_address_where_no_browser_looks(page: Page) -> None:
    held = page.held(f'<body><img width=1 src="{PIXEL}" alt="">')
    value = base64.b64encode(PIXEL.encode()).decode()
    assert held == f'<body><img width=1 data-privacy-src="{value}" alt="">'


def test_a_link_that_is_held_says_nothing_any_more(page: Page) -> None:
    held = page.held('<head><link rel="preconnect" href="https://connect.facebook.net">')
    assert re.fullmatch(r'<head><link data-privacy-rel="\S+" data-privacy-href="\S+">', held)


def test_a_link_with_two_held_addresses_is_made_inert_once(page: Page) -> None:
    address = "https://connect.facebook.net/1.png"
    held = page.held(f'<head><link rel=preload as=image href="{address}" imagesrcset="{address} 1x">')
    assert held.count("data-privacy-rel=") == 1 and "data-privacy-data-privacy" not in held


def test_the_sites_own_style_sheet_goes_on_where_only_what_it_may_become_is_held(page: Page) -> None:
    later = "https://connect.facebook.net/later.css"
    held = page.held(f'<head><link rel=stylesheet href=/own.css data-href="{later}">')
    assert (
        held.startswith("<head><link rel=stylesheet href=/own.css data-privacy-data-href=")
        and later not in held
    )


def test_a_script_is_of_a_type_that_no_browser_runs(page: Page) -> None:
    held = page.held('<head><script src="https://connect.facebook.net/en_US/fbevents.js"></script>')
    assert '<script type="text/plain" data-privacy-service="meta-pixel"' in held
    assert "facebook" not in held


def test_a_script_of_a_known_tracker_without_an_entry_is_marked_as_such(page: Page) -> None:
    held = page.held("<head><script src=//cdn.33across.com/x.js></script>")
    assert 'data-privacy-service="known"' in held


def test_inline_code_that_boots_a_service_is_kept_out_of_the_readers_sight_too(page: Page) -> None:
    """The preload scanner of Chromium reads what the parser does not, in and after odd markup."""
    held = page.held("<head><script>fbq('init', '1');</script>")
    assert "fbq" not in held and "data-privacy-text=" in held


def test_released_it_is_as_the_site_wrote_it(page: Page) -> None:
    html = f"<body><script>fbq('init', '1');</script><img src='{PIXEL}'>"
    assert page.held(html, loads=lambda service: service == "meta-pixel") == html
