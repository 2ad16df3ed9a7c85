"""What is inserted looks as it has to, whatever the page, the width and the language."""

from __future__ import annotations

import re

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


# An element, and what it stands on.
INSERTED = {
    '[data-privacy="notice"] p[data-part="small"]': '[data-privacy="notice"]',
    '[data-privacy="notice"] p a': '[data-privacy="notice"]',
    '[data-privacy="notice"] button': '[data-privacy="notice"] button',
    '#film [data-part="text"]': "#film [data-part=box]",
    "#film a": "#film [data-part=box]",
    "#film [data-privacy=activate]": "#film [data-privacy=activate]",
    'a[data-privacy="settings"]': 'a[data-privacy="settings"]',
}


def colour(element: Locator, name: str) -> tuple[int, ...]:
    said = element.evaluate("(element, name) => getComputedStyle(element)[name]", name)
    return tuple(int(part) for part in re.findall(r"\d+", said)[:3])


def luminance(colour: tuple[int, ...]) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [part / 255 for part in colour]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("declared", "dark"), [("normal", False), ("light", False), ("light dark", True), ("dark", True)]
)
def test_what_is_inserted_is_dark_only_where_the_page_says_it_can_be(
    visit: OpenSite, declared: str, dark: bool
) -> None:
    site = visit()
    site.page.emulate_media(color_scheme="dark")
    site.open()
    site.page.evaluate("(declared) => { document.documentElement.style.colorScheme = declared; }", declared)
    for text, ground in INSERTED.items():
        on = luminance(colour(site.page.locator(ground).first, "backgroundColor"))
        over = luminance(colour(site.page.locator(text).first, "color"))
        assert (max(on, over) + 0.05) / (min(on, over) + 0.05) >= 4.5, text
        if ("notice" in ground and "button" not in ground) or "settings" in ground:
            assert (on < 0.1) is dark, ground


def test_the_gateways_own_pages_are_dark_where_the_visitor_wants_it(visit: OpenSite) -> None:
    site = visit()
    site.page.emulate_media(color_scheme="dark")
    site.open("/.privacy/preferences")
    assert luminance(colour(site.page.locator("main"), "backgroundColor")) < 0.1


def test_the_letters_are_legible_on_a_page_that_has_small_ones(visit: OpenSite) -> None:
    site = visit()
    site.open()
    site.page.evaluate("() => { document.documentElement.style.fontSize = '62.5%'; }")
    sizes = {
        selector: float(
            site.page.locator(selector).first.evaluate("(e) => parseFloat(getComputedStyle(e).fontSize)")
        )
        for selector in ('[data-privacy="notice"]', "#film [data-part=text]", 'a[data-privacy="settings"]')
    }
    assert min(sizes.values()) >= 14, sizes


def test_neighbouring_placeholders_do_not_touch_and_keep_the_size_of_what_they_stand_for(
    visit: OpenSite,
) -> None:
    site = visit()
    site.open("/neighbours.html")
    assert [size(one) for one in site.page.locator("[data-privacy=placeholder]").all()] == [(300, 200)] * 4
    frames = [one.bounding_box() for one in site.page.locator("[data-part=box]").all()]
    first, right, below, _ = [frame for frame in frames if frame]
    assert right["x"] - (first["x"] + first["width"]) >= 6
    assert below["y"] - (first["y"] + first["height"]) >= 6


@pytest.mark.parametrize("left", [500, 60], ids=["much room below", "little room below"])
def test_the_explanation_of_a_plug_in_hides_nothing_that_is_to_be_ticked(visit: OpenSite, left: int) -> None:
    site = visit()
    site.page.set_viewport_size({"width": 360, "height": 740})
    site.open()
    why = site.page.locator("#film [data-part=why]")
    scroll = "(element, left) => scrollBy(0, element.getBoundingClientRect().bottom - innerHeight + left)"
    why.evaluate(scroll, left)
    why.click()
    details = site.page.locator("#film [data-part=details]").bounding_box()
    actions = site.page.locator("#film [data-part=actions]").bounding_box()
    assert details and actions
    below = details["y"] >= actions["y"] + actions["height"]
    assert below or details["y"] + details["height"] <= actions["y"]
    assert below is (left > 100)
    assert details["x"] >= 0 and details["x"] + details["width"] <= 360
    assert details["y"] >= 0 and details["y"] + details["height"] <= 740


@pytest.mark.parametrize("language", ["en", "de"])
def test_nothing_of_the_gateways_is_wider_than_the_narrowest_screen(visit: OpenSite, language: str) -> None:
    """WCAG 2.2, 1.4.10: 320 px."""
    site = visit(headers={"Accept-Language": language})
    site.page.set_viewport_size({"width": 320, "height": 640})
    for path in ("/plain-without-language.html", "/.privacy/preferences", "/.privacy/policy", "/.privacy/your-data", "/.privacy/none"):  # fmt: skip
        site.open(path)
        assert site.page.evaluate("document.documentElement.scrollWidth") == 320, path
