"""A service that the site adds to the catalogue, in a browser: held, asked about, loaded, named."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.acme import NAME, SERVICE, SITE
from tests.browser.conftest import OpenSite

pytestmark = pytest.mark.browser


def test_a_third_party_that_no_catalogue_has_loads_after_the_click_and_stands_in_the_policy(
    visit: OpenSite,
) -> None:
    """GEN-02, PLH-01, PLH-03"""
    site = visit(SITE, files={NAME: SERVICE})
    site.open("/acme.html")
    placeholders = site.page.locator('[data-privacy="placeholder"]')
    expect(placeholders).to_have_count(2)
    expect(placeholders.first).to_contain_text("Acme Reviews SIA")
    assert site.third_parties() == set()

    placeholders.last.locator("[data-privacy=activate]").click()
    expect(site.page.locator('iframe[src="https://widget.acme.example/frame/4711"]')).to_have_count(1)
    site.settle()
    assert site.third_parties() == {"widget.acme.example"}
    assert site.console == []

    site.open("/.privacy/policy")
    expect(site.page.locator("body")).to_contain_text("Acme Reviews SIA")


def test_what_code_makes_of_it_later_is_held_by_the_guard_script(visit: OpenSite) -> None:
    site = visit(SITE, files={NAME: SERVICE})
    site.open("/plain.html")
    site.page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.src = "https://widget.acme.example/reviews.js";
          const frame = Object.assign(document.createElement("iframe"), {width: 400, height: 200});
          frame.src = "https://widget.acme.example/frame/4711";
          document.body.append(script, frame);
        }"""
    )
    expect(site.page.locator('[data-privacy="placeholder"]')).to_have_count(1)
    site.settle()
    assert site.third_parties() == set()
