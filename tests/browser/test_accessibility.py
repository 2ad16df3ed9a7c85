"""Requirements A11Y-01 to A11Y-09, each as a person would meet it: with eyes, keyboard, screen reader."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenSite, Visit
from tests.pseudo_locale import mirrored

pytestmark = pytest.mark.browser

SITE = '[controller]\nname = "Example AG"\n[services.google-analytics]\n[services.linkedin]\n[services.x]\n[services.youtube]\n[services.zoom]\n'
OURS = ("/sizes.html", "/.privacy/preferences", "/.privacy/policy", "/.privacy/your-data", "/.privacy/none")
FOCUSED = "() => { const e = document.activeElement; return e.getAttribute('data-privacy') ?? e.value ?? e.textContent.trim(); }"
UNFOLD = "() => { for (const one of document.querySelectorAll('details')) one.open = true; }"
# What can be pressed and stands for itself; links in running text are excepted (WCAG 2.5.8, "inline").
TARGETS = '[data-privacy] :is(button, summary, label), [data-privacy] [data-part="actions"] a, a[data-privacy="settings"], main :is(button, summary, label), [data-part="back"], footer a'


def narrow(site: Visit, width: int = 320, height: int = 640) -> None:
    site.page.set_viewport_size({"width": width, "height": height})


def wide(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))


def test_the_notice_stands_in_the_flow_first_in_the_page_and_covers_nothing(visit: OpenSite) -> None:
    """A11Y-01"""
    site = visit(SITE)
    for width in (320, 1280):
        narrow(site, width)
        site.open("/sizes.html")
        notice = site.page.locator('body > :first-child[data-privacy="notice"]')
        assert notice.evaluate("(e) => getComputedStyle(e).position") == "static"
        text = site.page.locator("header").bounding_box()
        box = notice.bounding_box()
        assert text and box and box["y"] + box["height"] <= text["y"]
        assert site.page.evaluate(
            "[getComputedStyle(document.documentElement).overflowY, getComputedStyle(document.body).overflowY]"
        ) == ["visible", "visible"]


def test_what_has_the_focus_is_never_covered(visit: OpenSite) -> None:
    """A11Y-01: every element on the way through the page, each seen at its middle when it has the focus."""
    site = visit(SITE)
    narrow(site, 768)
    site.open("/sizes.html")
    met = 0
    for _ in range(60):
        site.page.keyboard.press("Tab")
        seen = site.page.evaluate("""() => {
          const e = document.activeElement;
          if (e === document.body) return null;
          const r = e.getClientRects()[0];
          const top = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
          return e === top || e.contains(top) || top?.contains(e) && top.matches("label");
        }""")
        if seen is None:
            break
        met += 1
        assert seen, site.page.evaluate("document.activeElement.outerHTML")
    assert met > 20


def test_the_notice_is_a_named_dialog_that_locks_nothing(visit: OpenSite) -> None:
    """A11Y-02"""
    site = visit(SITE)
    site.open("/sizes.html")
    notice = site.page.get_by_role("dialog", name="Cookies and content of other companies")
    expect(notice).to_be_visible()
    assert notice.get_attribute("aria-modal") is None
    expect(notice.get_by_role("heading", level=2)).to_be_visible()
    assert site.page.locator("main").evaluate("(e) => e.closest('[inert], [aria-hidden]')") is None
    site.page.keyboard.press("Escape")
    expect(notice).to_be_visible()
    assert site.context.cookies() == []


def test_everything_is_reached_by_keyboard_in_the_order_in_which_it_is_read(visit: OpenSite) -> None:
    """A11Y-03"""
    site = visit(SITE)
    site.open("/sizes.html")
    order = []
    for _ in range(5):
        site.page.keyboard.press("Tab")
        order.append(site.page.evaluate(FOCUSED))
    assert order == [
        "All 4 recipients in detail",
        "Privacy policy",
        "reject_all",
        "accept_all",
        "Choose for yourself",
    ]
    site.page.keyboard.press("Enter")
    site.page.keyboard.press("Tab")
    assert site.page.evaluate(FOCUSED) == "analytics"
    site.page.keyboard.press("Space")
    expect(site.page.locator("[data-privacy=notice] input[value=analytics]")).to_be_checked()


def test_only_elements_that_browsers_know_can_be_pressed(visit: OpenSite) -> None:
    """A11Y-03"""
    site = visit(SITE)
    for path in OURS:
        site.open(path)
        within = "[data-privacy]" if path == "/sizes.html" else "body"
        assert (
            site.page.locator(f"{within} [tabindex], {within} [role=button], {within} [onclick]").count() == 0
        )
        for name in site.page.locator(f"{within} :is([name], [href])").all():
            assert name.evaluate("(e) => e.localName") in ("button", "input", "a", "link", "meta"), path


def test_what_has_the_focus_shows_it(visit: OpenSite) -> None:
    """A11Y-03, A11Y-04"""
    site = visit(SITE)
    for path in ("/sizes.html", "/.privacy/preferences"):
        site.open(path)
        ringed = set()
        for _ in range(30):
            site.page.keyboard.press("Tab")
            ring = site.page.evaluate("""() => {
              const e = document.activeElement, s = getComputedStyle(e);
              return e.closest("[data-privacy], main, footer") ? [s.outlineStyle, parseFloat(s.outlineWidth), s.outlineColor, e.outerHTML.slice(0, 80)] : null;
            }""")
            if ring:
                assert ring[0] == "solid" and ring[1] >= 2, ring
                ringed.add(ring[3])
        assert len(ringed) >= 8, (path, ringed)


@pytest.mark.parametrize(
    "media", [{"forced_colors": "active"}, {"contrast": "more"}, {"color_scheme": "dark"}], ids=str
)
def test_answers_are_seen_as_buttons_in_every_theme(visit: OpenSite, media: dict[str, str]) -> None:
    """A11Y-04: a frame or ground of a colour other than what it stands on, whatever the colours."""
    site = visit(SITE)
    site.page.emulate_media(**media)  # type: ignore[arg-type]
    for path in ("/sizes.html", "/.privacy/preferences"):
        site.open(path)
        for value in ("reject_all", "accept_all"):
            border, ground, around = site.page.locator(f"button[value={value}]").evaluate("""(e) => {
              const style = getComputedStyle(e);
              const around = getComputedStyle(e.closest("[data-privacy=notice], main")).backgroundColor;
              return [style.borderTopStyle === "solid" ? style.borderTopColor : null, style.backgroundColor, around];
            }""")
            assert {border, ground} - {None, "rgba(0, 0, 0, 0)", around}, (path, border, ground, around)


def test_a_state_is_told_by_words_and_not_by_colour_alone(visit: OpenSite) -> None:
    """A11Y-04"""
    site = visit(SITE)
    site.open("/.privacy/preferences")
    expect(site.page.locator("[data-part=state]")).to_have_text("You have not decided yet.")
    site.page.locator("button[value=reject_all]").click()
    expect(site.page.locator("[data-part=state]")).to_have_text(re.compile("refused"))


def height_of(target: Locator) -> tuple[float, float]:
    """Of what can be hit, which a pseudo-element may enlarge."""
    width, height = target.evaluate("""(e) => {
      const r = e.getBoundingClientRect(), s = getComputedStyle(e, "::after");
      const more = s.content !== "none" && s.position === "absolute" ? -2 * parseFloat(s.top) : 0;
      return [r.width + more, r.height + more];
    }""")
    return float(width), float(height)


@pytest.mark.parametrize("width", [320, 1280])
def test_what_can_be_pressed_is_large_enough_for_a_finger(visit: OpenSite, width: int) -> None:
    """A11Y-05: 24 px everywhere, 44 px but for plug-ins that are themselves the size of a button."""
    site = visit(SITE)
    narrow(site, width)
    for path in OURS:
        site.open(path)
        site.page.evaluate(UNFOLD)
        targets = [one for one in site.page.locator(TARGETS).all() if one.is_visible()]
        assert targets
        for target in targets:
            small = target.evaluate(
                "(e) => e.closest('[data-size=small]') !== null || e.matches('[data-size=medium] a')"
            )
            across, down = height_of(target)
            assert min(across, down) >= (24 if small else 43.9), (
                path,
                target.evaluate("(e) => e.outerHTML.slice(0, 160)"),
                across,
                down,
            )


@pytest.mark.parametrize(("language", "percent"), [("en", 100), ("de", 200)])
def test_nothing_is_lost_on_a_narrow_screen_or_with_large_letters(
    visit: OpenSite, language: str, percent: int
) -> None:
    """A11Y-06"""
    site = visit(SITE, headers={"Accept-Language": language})
    narrow(site, 320 * percent // 100)
    for path in ("/plain-without-language.html", *OURS[1:]):
        site.open(path)
        site.page.evaluate(f"() => {{ document.documentElement.style.fontSize = '{percent}%'; }}")
        site.page.evaluate(UNFOLD)
        assert wide(site.page) <= 320 * percent // 100, path
        cut = site.page.evaluate("""() => [...document.querySelectorAll("[data-privacy] *, main *")]
          .filter((e) => e.localName !== "legend" && getComputedStyle(e).clipPath === "none" && getComputedStyle(e).overflow !== "visible" && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1))
          .map((e) => e.outerHTML.slice(0, 80))""")
        assert cut == [], path


def test_the_notice_waits_as_long_as_one_needs(visit: OpenSite) -> None:
    """A11Y-06: no time limit, and scrolling or reading on is no answer."""
    site = visit(SITE)
    site.page.clock.install()
    site.open("/sizes.html")
    site.page.clock.fast_forward("02:00:00")
    site.page.mouse.wheel(0, 4000)
    expect(site.page.locator("[data-privacy=notice]")).to_be_attached()
    assert site.context.cookies() == []


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_what_was_saved_is_said(visit: OpenSite, javascript: bool) -> None:
    """A11Y-07"""
    site = visit(SITE, javascript=javascript)
    site.open("/.privacy/preferences")
    site.page.locator("button[value=reject_all]").click()
    status = site.page.get_by_role("status")
    expect(status).to_have_text("Saved. Your choice takes effect at once.")
    expect(site.page.get_by_role("heading", level=1)).to_have_text("Privacy settings")


def test_labels_are_how_controls_are_called(visit: OpenSite) -> None:
    """A11Y-08: what one sees is how the accessible name begins (WCAG 2.5.3)."""
    site = visit(SITE)
    for path in ("/sizes.html", "/.privacy/preferences"):
        site.open(path)
        site.page.evaluate(UNFOLD)
        for role in ("button", "checkbox", "link"):
            for one in site.page.locator("[data-privacy], main").get_by_role(role).all():
                assert one.evaluate("""(e) => {
                  const seen = (e.labels?.[0] ?? e).innerText.replace(/[↗?]/g, "").trim().toLowerCase();
                  const name = (e.getAttribute("aria-label") ?? seen).toLowerCase();
                  return name !== "" && name.startsWith(seen);
                }"""), one.evaluate("(e) => e.outerHTML")


def test_a_placeholder_says_whose_it_is_and_what_pressing_does(visit: OpenSite) -> None:
    """A11Y-08"""
    site = visit(SITE)
    site.open("/sizes.html")
    group = site.page.get_by_role("group", name="YouTube: video").first
    expect(group.get_by_role("button", name="Load YouTube", exact=True)).to_be_visible()
    expect(group.get_by_role("button", name="What happens when you load YouTube?")).to_be_visible()
    site.page.locator("[data-part=why]").last.click()
    for inserted in site.page.locator(
        "[data-privacy=notice], [data-privacy=placeholder], [data-privacy=settings]"
    ).all():
        assert inserted.get_attribute("lang") == "en"
    group.get_by_role("button", name="Load YouTube", exact=True).click()
    expect(site.page.locator("iframe[title]").first).to_be_visible()


def test_nothing_moves(visit: OpenSite) -> None:
    """A11Y-09"""
    site = visit(SITE)
    for motion in ("reduce", "no-preference"):
        site.page.emulate_media(reduced_motion=motion)
        for path in OURS:
            site.open(path)
            site.page.evaluate(UNFOLD)
            assert site.page.evaluate("document.getAnimations().length") == 0
            moving = site.page.evaluate("""() => [...document.querySelectorAll("[data-privacy], [data-privacy] *, main *, footer *")]
              .filter((e) => { const s = getComputedStyle(e); return s.animationName !== "none" || parseFloat(s.transitionDuration) > 0; }).length""")
            assert moving == 0, path


def test_the_way_to_the_settings_is_at_the_same_place_on_every_page(visit: OpenSite) -> None:
    """A11Y-09 (WCAG 3.2.6), BAN-09"""
    site = visit(SITE)
    for path in ("/sizes.html", "/plain-without-language.html", "/company.html", "/gone.html"):
        site.open(path)
        last = site.page.locator("body > :last-child")
        assert last.get_attribute("data-privacy") == "settings", path
        assert (last.get_attribute("href") or "").startswith("/.privacy/preferences?")
    for path in OURS[1:]:
        site.open(path)
        names = [link.inner_text() for link in site.page.locator("footer a").all()]
        assert names[-3:] == [
            "Privacy settings",
            "Privacy policy",
            "Your data and rights",
        ]


@pytest.mark.parametrize("width", [320, 1280])
def test_from_right_to_left_everything_is_mirrored_and_nothing_is_cut(
    visit: OpenSite, tmp_path: Path, width: int
) -> None:
    """A11Y-06, in a language that is written from right to left"""
    site = visit(f'[site]\nlanguages = ["en"]\n{SITE}', templates=mirrored(tmp_path / "templates"))
    narrow(site, width)
    site.open("/plain-without-language.html")
    notice = site.page.locator("[data-privacy=notice]")
    assert notice.get_attribute("dir") == "rtl"
    heading, answers = (
        notice.locator("h2").bounding_box(),
        notice.locator("[data-part=answers]").bounding_box(),
    )
    page = notice.bounding_box()
    assert heading and answers and page
    if width == 1280:
        assert answers["x"] + answers["width"] < heading["x"]
    assert notice.locator("h2").evaluate("(e) => getComputedStyle(e).textAlign") == "start"
    for path in ("/plain-without-language.html", *OURS[1:]):
        site.open(path)
        site.page.evaluate(UNFOLD)
        assert wide(site.page) <= width, path
    site.open("/.privacy/preferences")
    box, label = (site.page.locator(part).first.bounding_box() for part in ("legend input", "legend label"))
    assert box and label and box["x"] > label["x"] + label["width"] / 2
