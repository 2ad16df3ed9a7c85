"""The privacy policy in a real browser: whole, readable, printable, and from nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.conftest import OpenSite
from tests.policies import EXAMPLE
from tests.pseudo_locale import mirrored

pytestmark = pytest.mark.browser

SITE = EXAMPLE.replace('hosts = ["www.morgenrot-solar.example"]\n', "").replace('scheme = "https"\n', "")
SITE = SITE.partition("[analytics]")[0] + "[services" + EXAMPLE.partition("[services")[2]

# Each heading, and whether a click at its place would reach it.
HIDDEN = """() => [...document.querySelectorAll("h1, h2, h3, tbody tr")].filter((one) => {
  one.scrollIntoView({ block: "center", behavior: "instant" });
  const box = one.getBoundingClientRect();
  const there = document.elementFromPoint(box.left + Math.min(20, box.width / 2), box.top + box.height / 2);
  return !box.width || !there || !(one.contains(there) || there.contains(one));
}).map((one) => one.textContent)"""
WIDE = """() => [...document.querySelectorAll("main *")].filter((one) => {
  const box = one.getBoundingClientRect();
  if (one.closest("thead")) return false; // narrow, it is there for screen readers only
  return box.right > innerWidth + 1 || box.left < -1 || one.scrollWidth > one.clientWidth + 1 && one.clientWidth;
}).map((one) => one.outerHTML.slice(0, 90))"""


@pytest.mark.parametrize(("language", "width"), [("de", 360), ("en", 1280)])
def test_nothing_covers_it_nothing_is_cut_off_and_nobody_else_is_asked(
    visit: OpenSite, language: str, width: int
) -> None:
    """POL-06"""
    site = visit(SITE, javascript=width == 360)
    requested: list[str] = []
    site.page.on("request", lambda request: requested.append(request.url))
    site.page.set_viewport_size({"width": width, "height": 800})
    site.open(f"/.privacy/policy?language={language}")
    assert site.page.locator("h2").count() == 19  # with that of the contents
    assert [url for url in requested if not url.startswith(site.base)] == []
    assert site.third_parties() == set()
    assert site.page.locator("script").count() == 0
    assert site.page.evaluate(HIDDEN) == []
    assert site.page.evaluate(WIDE) == []


def test_it_prints_whole_with_addresses_and_without_controls(visit: OpenSite) -> None:
    """POL-06"""
    site = visit(SITE)
    site.open("/.privacy/policy?language=en")
    site.page.emulate_media(media="print", color_scheme="dark")
    assert not site.page.locator("footer").is_visible()
    assert not site.page.locator("main nav").is_visible()
    assert all(site.page.locator("h2[id]").nth(number).is_visible() for number in range(1, 19))
    link = site.page.locator('main li a[href^="https://"]').first
    said = link.evaluate("one => getComputedStyle(one, '::after').content + getComputedStyle(one).color")
    assert "https://" in said and said.endswith("rgb(0, 0, 0)")
    assert site.page.locator("thead").last.is_visible()
    assert site.page.pdf(format="A4").startswith(b"%PDF-")


def test_from_right_to_left_nothing_is_cut_off_either(visit: OpenSite, tmp_path: Path) -> None:
    """POL-06"""
    site = visit(SITE.replace('["en", "de"]', '["en"]'), templates=mirrored(tmp_path / "mirrored"))
    for width in (360, 1280):
        site.page.set_viewport_size({"width": width, "height": 800})
        site.open("/.privacy/policy?language=en")
        assert site.page.locator('html[dir="rtl"] h2').count() == 19
        assert site.page.evaluate(WIDE) == []
