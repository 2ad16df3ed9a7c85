"""Pages side by side as somebody sees them who opens them in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.demo.staged import Staged, staging

pytestmark = pytest.mark.browser

NOTHING = "No request to another company"
LEAKY = """\
<iframe src="https://www.youtube.com/embed/abcdefghijk" width="400" height="200"></iframe>
<script src="https://cdn.nobody.example/w.js"></script>
<script>
  var parts = document.createElement("script"); parts.src = "https://" + "static" + ".hotjar.com/c/x.js";
  document.head.append(parts);
  new Image().src = ["https:", "", "collect.nobody.example", "p"].join("/");
</script>
"""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staged]:
    with staging(tmp_path_factory.mktemp("catalogue")) as under_way:
        yield under_way


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US") as context:
        opened = context.new_page()
        opened.set_default_timeout(8000)
        yield opened


def connections(page: Page) -> set[str]:
    """Every host that is connected to from now on; what a policy refuses never is."""
    found: set[str] = set()
    page.on("requestfinished", lambda request: found.add(urlsplit(request.url).hostname or ""))
    return found


@pytest.mark.parametrize(
    ("id", "drawn", "host"),
    [
        ("youtube", "", "www.youtube.com"),
        ("facebook", "This is where Facebook would draw.", "connect.facebook.net"),
        ("crisp", "Crisp (chat)", "client.crisp.chat"),
        ("linkedin", "This is where LinkedIn would draw.", "platform.linkedin.com"),
        ("google-fonts", "", "fonts.googleapis.com"),
    ],
)
def test_held_nothing_is_asked_for_and_loaded_the_stand_in_is(
    stage: Staged, page: Page, id: str, drawn: str, host: str
) -> None:
    found = connections(page)
    page.goto(f"{stage.address}/services/{id}")
    expect(page.locator('.asked[data-side="after"]')).to_contain_text(host)
    expect(page.locator('.asked[data-side="before"]')).to_have_text(NOTHING)
    if drawn:
        expect(page.frame_locator("iframe").nth(1).get_by_text(drawn)).to_be_visible()
    assert all(one == "127.0.0.1" or one.endswith(".localhost") for one in found)


def test_measurement_goes_by_way_of_the_gateway(stage: Staged, page: Page) -> None:
    found = connections(page)
    page.goto(f"{stage.address}/services/google-analytics")
    for side in ("before", "after"):
        expect(page.locator(f'.asked[data-side="{side}"]')).to_have_text(NOTHING)
    assert "www.googletagmanager.com.localhost" not in found


def test_a_click_restores_what_the_website_wrote(stage: Staged, page: Page) -> None:
    page.goto(f"{stage.address}/services/youtube")
    held = page.frame_locator("iframe").nth(0)
    held.get_by_role("button", name="Load YouTube", exact=True).click()
    expect(held.frame_locator("iframe").get_by_text("This is where YouTube would be.")).to_be_visible()
    expect(page.locator('.asked[data-side="before"]')).to_contain_text("www.youtube.com")


def test_a_leaky_file_leaks_to_stand_ins_and_through_the_gateway_not_at_all(
    tmp_path: Path, page: Page
) -> None:
    file = tmp_path / "leaky.html"
    file.write_text(LEAKY)
    with staging(tmp_path / "state", file) as stage:
        found = connections(page)
        page.goto(stage.address)
        without = page.locator('.asked[data-side="without"]')
        expect(without).to_contain_text("cdn.nobody.example")
        expect(without).to_contain_text("www.youtube.com")
        expect(page.locator('.asked[data-side="before"]')).to_have_text(NOTHING)
        page.wait_for_load_state("networkidle")
        assert all(one == "127.0.0.1" or one.endswith(".localhost") for one in found)
        expect(page.locator(".report li", has_text="cdn.nobody.example")).to_contain_text("unknown")


def test_on_a_phone_the_page_through_the_gateway_is_drawn_when_it_is_scrolled_to(
    tmp_path: Path, page: Page
) -> None:
    file = tmp_path / "leaky.html"
    file.write_text("<!doctype html><body style='background: rgb(1, 2, 3)'><p>text")
    page.set_viewport_size({"width": 360, "height": 740})
    with staging(tmp_path / "state", file) as stage:
        page.goto(stage.address, wait_until="load")
        frame = page.locator("iframe").nth(1)
        assert frame.get_attribute("loading") is None, (
            "it is asked for at once, and not when it comes into view"
        )
        frame.scroll_into_view_if_needed()
        drawn = page.frames[2].evaluate(
            "() => new Promise((done) => requestAnimationFrame(() => done(innerHeight)))"
        )
        assert drawn > 300  # frames that are out of sight are not drawn, and get no turn here


@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_around_fit_and_name_what_they_hold(stage: Staged, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("/", "/?q=google", "/services/facebook"):
        page.goto(f"{stage.address}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("[...document.querySelectorAll('iframe')].every((one) => one.title)")
    page.goto(stage.address)
    page.get_by_label("Name, company or host").fill("openstreetmap")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="OpenStreetMap").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("OpenStreetMap")
