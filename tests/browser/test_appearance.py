"""What is inserted looks as it has to, whatever the page, the width and the language."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenSite

pytestmark = pytest.mark.browser

WIDTHS = (320, 360, 375, 390, 768, 1280)


def size(element: Locator) -> tuple[float, float]:
    box = element.bounding_box()
    assert box is not None
    return box["width"], box["height"]


@pytest.mark.parametrize("language", ["en", "de"])
def test_agreeing_is_never_larger_than_refusing(visit: OpenSite, language: str) -> None:
    site = visit(headers={"Accept-Language": language})
    for path in ("/plain-without-language.html", "/.privacy/preferences"):
        for width in WIDTHS:
            site.page.set_viewport_size({"width": width, "height": 800})
            site.open(path)
            reject, accept = (
                site.page.locator(f'button[name=decision][value="{decision}_all"]')
                for decision in ("reject", "accept")
            )
            assert size(reject) == size(accept), (path, width)
            assert size(reject)[1] >= 44


def test_the_settings_show_what_is_allowed_one_by_one_and_what_a_purpose_covers(visit: OpenSite) -> None:
    site = visit(javascript=False)
    site.open()
    film = site.page.locator("#film [data-privacy=placeholder]")
    film.locator("input[name=remember]").check()
    film.locator("[data-privacy=activate]").click()
    site.open("/.privacy/preferences")
    media = site.page.locator("fieldset[data-purpose=media]")
    purpose, youtube = media.locator("input[name=purpose]"), media.locator("input[value=youtube]")
    covered = media.get_by_text("This covers YouTube.")
    expect(youtube).to_be_visible()
    expect(youtube).to_be_checked()
    expect(purpose).not_to_be_checked()
    expect(covered).to_be_hidden()
    purpose.check()
    expect(covered).to_be_visible()
    expect(youtube).to_be_hidden()


def test_a_long_question_stays_within_its_frame(visit: OpenSite) -> None:
    site = visit("[services.google-analytics]\n", headers={"Accept-Language": "de"})
    site.page.set_viewport_size({"width": 320, "height": 800})
    site.open("/.privacy/preferences")
    frame = site.page.locator("fieldset[data-purpose=analytics_linking]").bounding_box()
    question = site.page.locator("fieldset[data-purpose=analytics_linking] label").bounding_box()
    assert frame and question
    assert question["height"] > 50
    assert frame["y"] <= question["y"]
    assert question["y"] + question["height"] <= frame["y"] + frame["height"]


def test_there_is_one_way_back_from_the_settings(visit: OpenSite) -> None:
    site = visit()
    site.open("/.privacy/preferences?return=/plain.html")
    back = site.page.get_by_role("link", name="Back to the website")
    assert [link.get_attribute("href") for link in back.all()] == ["/plain.html"]
