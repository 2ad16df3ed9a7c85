"""The website of the demo."""

from __future__ import annotations

import pytest

from consent_gateway.demo.site_server import FILES, PAGES
from tests.demo.conftest import Demo

PATHS = [page.path for page in PAGES]


@pytest.mark.parametrize("path", PATHS)
def test_every_page_is_ordinary_code_with_its_trackers_and_the_panel(demo: Demo, path: str) -> None:
    page = demo.ask("unprotected", path).text
    assert "{{" not in page
    assert "gtag('config', 'G-DEMO2026', {user_id: 'customer-4711'})" in page
    assert "/li.lms-analytics/insight.min.js" in page
    assert '<aside id="demo-panel"' in page
    assert page.count('aria-current="page"') == 1


@pytest.mark.parametrize("path", PATHS)
def test_the_page_behind_the_gateway_names_no_third_party_that_loads(demo: Demo, path: str) -> None:
    page = demo.ask("protected", path).text
    assert 'src="http://' not in page
    assert 'data-privacy="notice"' in page


@pytest.mark.parametrize("path", FILES)
def test_its_own_files_come_through_as_they_are(demo: Demo, path: str) -> None:
    own, through = demo.ask("unprotected", path), demo.ask("protected", path)
    assert own.status == through.status == 200
    assert own.text == through.text
    assert "{{" not in own.text


def test_the_news_hold_every_plug_in_of_linkedin(demo: Demo) -> None:
    page = demo.ask("protected", "/news").text
    assert page.count('data-privacy="placeholder"') == 3


def test_a_side_there_is_not_is_refused(demo: Demo) -> None:
    assert demo.ask("unprotected", "/demo/traffic?side=outside").status == 400


def test_a_number_that_is_none_is_refused(demo: Demo) -> None:
    assert demo.ask("unprotected", "/demo/traffic?side=protected&since=yesterday").status == 400


def test_starting_over_forgets_the_choice_too(demo: Demo) -> None:
    answer = demo.ask("protected", "/demo/start-over", "POST")
    cookies = "\n".join(answer.headers.get_all("Set-Cookie") or ())
    assert 'privacy=""; ' in cookies
    assert "_ga" in cookies
