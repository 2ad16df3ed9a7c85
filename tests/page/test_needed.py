"""A script that the page needs runs, where the guard script holds what it loads."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from consent_gateway.catalogue import Catalogue
from consent_gateway.page.charset import Encoding
from consent_gateway.page.rewriting import Insertions, Rewriter
from consent_gateway.recognition import Recogniser
from consent_gateway.site import Site
from tests.page.test_rewriting import VIEW

BOOT = "load('https://www.google-analytics.com/analytics.js');"


@pytest.fixture(scope="module")
def rewriter(catalogue: Catalogue) -> Rewriter:
    return Rewriter(catalogue, Recogniser(Site(), catalogue, ()).on("www.example.com"))


def rewritten(
    rewriter: Rewriter, script: str, rest: str, *, guard: bytes = b"<script></script>", released: str = ""
) -> str:
    """The page with the script in its head. Nothing or one service is released."""
    html = f"<!doctype html><html><head><script>{script}</script></head><body>{rest}</body></html>"
    insertions = Insertions(guard=guard)
    view = replace(VIEW, loads=lambda service: service == released)
    encoding = Encoding("utf-8")
    return rewriter.page(
        html.encode(), encoding=encoding, view=view, insert=lambda services: insertions
    ).body.decode()


def runs(rewriter: Rewriter, script: str, rest: str, *, guard: bytes = b"<script></script>") -> bool:
    """Whether the script stands in the page as it came, with a mark for the guard script."""
    marked = f'<script data-privacy-runs="google-analytics">{script}</script>'
    return marked in rewritten(rewriter, script, rest, guard=guard)


@pytest.mark.parametrize(
    "use",
    [
        "<script>addStyles('/a.css')</script>",
        '<button onclick="addStyles(this)">More</button>',
        '<a href="javascript:addStyles()">More</a>',
    ],
)
def test_a_function_of_the_page_is_there_for_what_calls_it(rewriter: Rewriter, use: str) -> None:
    declaring = f"function addStyles(u) {{}} {BOOT}"
    assert runs(rewriter, declaring, use)
    assert not runs(rewriter, declaring, "<p>Nobody calls it.</p>")
    assert not runs(rewriter, declaring, use, guard=b"")


@pytest.mark.parametrize(
    ("script", "use"),
    [
        (f"function gtag() {{ dataLayer.push(arguments) }} {BOOT}", "<script>gtag('event', 'a')</script>"),
        (
            f"(function () {{ function inner() {{}} }})(); {BOOT}",
            "<script>function inner() {} inner()</script>",
        ),
        (f"function go() {{}} {BOOT}", "<script>go()</script>"),
        (f"(function named() {{ {BOOT} }})()", "<script>other()</script>"),
    ],
)
def test_what_has_a_stand_in_or_is_not_declared_for_all_does_not_count(
    rewriter: Rewriter, script: str, use: str
) -> None:
    assert not runs(rewriter, script, use)


def test_a_script_longer_than_a_snippet_is_the_pages_application(rewriter: Rewriter) -> None:
    assert runs(rewriter, "var a = 1;" * 4000 + BOOT, "<p>Text.</p>")
    assert not runs(rewriter, "var a = 1;" * 300 + BOOT, "<p>Text.</p>")


def test_the_mark_names_every_service_that_the_script_loads(rewriter: Rewriter) -> None:
    both = f"function addStyles(u) {{}} {BOOT} load('https://platform.linkedin.com/in.js');"
    html = rewritten(rewriter, both, "<script>addStyles()</script>")
    (names,) = re.findall(r'<script data-privacy-runs="([^"]*)">', html)
    assert sorted(names.split()) == ["google-analytics", "linkedin"] and both in html


def test_a_page_whose_service_is_released_stays_as_the_site_wrote_it(rewriter: Rewriter) -> None:
    declaring = f"function addStyles(u) {{}} {BOOT}"
    html = rewritten(rewriter, declaring, "<script>addStyles()</script>", released="google-analytics")
    assert f"<script>{declaring}</script>" in html


def test_a_script_that_also_imports_a_tracker_is_held_whole(rewriter: Rewriter) -> None:
    importing = f"function addStyles(u) {{}} {BOOT} import('https://x.bidswitch.net/sync.js');"
    html = rewritten(rewriter, importing, "<script>addStyles()</script>")
    assert "bidswitch" not in html and "data-privacy-runs" not in html


LINKEDIN = "load('https://platform.linkedin.com/in.js');"
FACEBOOK = "load('https://connect.facebook.net/de/sdk.js');"
X = "load('https://platform.twitter.com/widgets.js');"
TWEET = "b = document.createElement('blockquote'); b.className = 'twitter-tweet';"


@pytest.mark.parametrize(
    ("script", "makes"),
    [
        (f"{LINKEDIN} w = document.createElement('script'); w.type = 'IN/FollowCompany';", True),
        (f"{FACEBOOK} d = document.createElement('div'); d.setAttribute('class', 'wide fb-post');", True),
        (f"{FACEBOOK} d.classList.add('fb-post')", True),
        (f"{X} place.insertAdjacentHTML('beforeend', '<blockquote class=\"twitter-tweet\">')", True),
        (X + TWEET, True),
        (f"{LINKEDIN} document.createElement('script');", False),
        (f"{FACEBOOK} document.querySelector('.fb-post'); document.createElement('script');", False),
        (f"{X} if (document.querySelector('.twitter-tweet')) document.createElement('script')", False),
        (f"{LINKEDIN} document.createElement('script').src = '/admin/main/x.js'", False),
    ],
)
def test_code_that_makes_the_plug_in_itself_runs_so_that_it_has_a_placeholder(
    rewriter: Rewriter, script: str, makes: bool
) -> None:
    html = rewritten(rewriter, script, "<p>Text</p>")
    assert ("data-privacy-runs" in html) is makes
    assert ('type="text/plain"' in html) is not makes


@pytest.mark.parametrize(
    "way",
    [
        "import(u)", "frame.contentWindow.location.replace(u)", "frames[0].location = u", "window.open(u, 'f')",
        "a.target = 'f'", "form.submit()", "a.click()", "s.setAttribute('attributeName', 'href')",
        "document.createElement('base').href = u",
    ],
)  # fmt: skip
def test_code_with_ways_that_no_guard_holds_does_not_run(rewriter: Rewriter, way: str) -> None:
    """PLH-01"""
    html = rewritten(rewriter, f"{X} {TWEET} u = 'https://platform.twitter.com'; {way}", "<p>Text</p>")
    assert "data-privacy-runs" not in html and 'type="text/plain"' in html
