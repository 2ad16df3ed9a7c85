"""What is inserted looks as it has to, whatever the page, the width and the language."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.conftest import OpenSite

pytestmark = pytest.mark.browser

WIDTHS = (320, 360, 375, 390, 768, 1280, 1920)


def size(element: Locator) -> tuple[float, float]:
    box = element.bounding_box()
    assert box is not None
    return box["width"], box["height"]


@pytest.mark.parametrize("language", ["en", "de"])
def test_agreeing_is_never_larger_than_refusing(visit: OpenSite, language: str) -> None:
    site = visit(headers={"Accept-Language": language})
    for path in ("/plain-without-language.html", "/.privacy/preferences"):
        site.open(path)
        for width in WIDTHS:
            site.page.set_viewport_size({"width": width, "height": 800})
            reject, accept = (
                site.page.locator(f'button[name=decision][value="{decision}_all"]')
                for decision in ("reject", "accept")
            )
            assert size(reject) == size(accept), (path, width)
            assert size(reject)[1] >= 44


ALL_BUT_PLACE = """(e) => {
  const style = getComputedStyle(e), found = {};
  const follows = /^(perspective-origin|transform-origin|inset|top|bottom|left|right)/;
  for (const name of style) if (!follows.test(name)) found[name] = style[name];
  const { width, height } = e.getBoundingClientRect();
  return { ...found, tag: e.localName, width, height, attributes: e.getAttributeNames().filter((name) => name !== "value").join() };
}"""


@pytest.mark.parametrize(
    "media", [{}, {"color_scheme": "dark"}, {"forced_colors": "active"}, {"contrast": "more"}], ids=str
)
def test_refusing_and_agreeing_weigh_the_same_in_every_respect(
    visit: OpenSite, media: dict[str, str]
) -> None:
    """BAN-01, BAN-02: every computed property of the two is the same, and both are seen at once."""
    site = visit()
    site.page.emulate_media(**media)  # type: ignore[arg-type]
    for path in ("/plain-without-language.html", "/.privacy/preferences"):
        site.open(path)
        reject, accept = (
            site.page.locator(f'button[name=decision][value="{decision}_all"]')
            for decision in ("reject", "accept")
        )
        for width in WIDTHS:
            site.page.set_viewport_size({"width": width, "height": 900})
            expect(reject).to_be_visible()
            assert reject.evaluate(ALL_BUT_PLACE) == accept.evaluate(ALL_BUT_PLACE), (path, width)
        for state in ("hover", "focus"):
            looks = []
            for answer in (reject, accept):
                site.page.mouse.move(0, 899)
                getattr(answer, state)()
                looks.append(answer.evaluate(ALL_BUT_PLACE))
            assert looks[0] == looks[1], (path, state)


SHIFTS = """() => {
  window.shifts = [];
  new PerformanceObserver((list) => shifts.push(...list.getEntries().map((entry) => [entry.value, ...entry.sources.map((one) => `${(one.node?.outerHTML ?? one.node?.data)?.slice(0, 80)} ${JSON.stringify(one.previousRect)} ${JSON.stringify(one.currentRect)}`)].join(" | "))))
    .observe({ type: "layout-shift", buffered: true });
}"""


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_of_the_page_moves_because_of_what_is_inserted(visit: OpenSite, width: int) -> None:
    """A cumulative layout shift of 0, also where the style sheets come late."""
    site = visit()
    site.page.set_viewport_size({"width": width, "height": 900})
    site.page.add_init_script(f"({SHIFTS})()")

    def late(route: Route) -> None:
        time.sleep(0.3)
        route.continue_()

    site.page.route("**/static/*.css", late)
    for path in ("/sizes.html", "/plain.html", "/.privacy/preferences"):
        site.open(path)
        site.page.wait_for_timeout(600)
        assert site.page.evaluate("shifts") == [], path


def test_the_notice_is_never_seen_without_its_style(visit: OpenSite) -> None:
    """No flash: as long as its style sheet is under way nothing of it is painted."""
    site = visit()
    waiting: list[Route] = []
    site.page.route("**/static/notice.*.css", lambda route: waiting.append(route))
    site.page.goto(f"{site.base}/plain.html", wait_until="commit")
    site.page.wait_for_timeout(500)
    painted = site.page.evaluate("performance.getEntriesByType('paint').map((entry) => entry.name)")
    assert waiting and "first-contentful-paint" not in painted
    waiting[0].continue_()
    expect(site.page.locator("[data-privacy=notice] h2")).to_be_visible()


def test_a_theme_is_seen_in_all_that_the_gateway_shows(visit: OpenSite) -> None:
    theme = '[theme]\naccent = "#7a1f5c"\nradius = "3px"\n[theme.dark]\naccent = "#f0a8d8"\non_accent = "#2a0d20"\n'
    site = visit(f"{theme}[services.youtube]\n")
    for scheme, expected in (("light", (122, 31, 92)), ("dark", (240, 168, 216))):
        site.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        site.open("/sizes.html")
        for button in (
            "button[value=reject_all]",
            "button[value=accept_all]",
            "[data-privacy=activate] >> nth=0",
        ):
            assert colour(site.page.locator(button), "backgroundColor") == expected, button
        assert (
            site.page.locator("[data-privacy=settings]").evaluate("(e) => getComputedStyle(e).borderRadius")
            == "3px"
        )
        site.open("/.privacy/preferences")
        assert colour(site.page.locator("button[value=reject_all]"), "backgroundColor") == expected
    site.open("/sizes.html")
    site.page.add_style_tag(content=":root { --privacy-accent-dark: #ffffff }")
    assert colour(site.page.locator("button[value=reject_all]"), "backgroundColor") == (255, 255, 255)


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
