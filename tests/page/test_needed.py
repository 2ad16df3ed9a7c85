"""A script that the page needs runs, where the guard script holds what it loads."""

from __future__ import annotations

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


def runs(rewriter: Rewriter, script: str, rest: str, *, guard: bytes = b"<script>guard</script>") -> bool:
    """Whether the script stands in the page as it came, with a mark for the guard script."""
    html = f"<!doctype html><html><head><script>{script}</script></head><body>{rest}</body></html>"
    insertions = Insertions(guard=guard)
    made = rewriter.page(
        html.encode(), encoding=Encoding("utf-8"), view=VIEW, insert=lambda services: insertions
    )
    assert made.services == {"google-analytics"}
    return f'<script data-privacy-runs="google-analytics">{script}</script>' in made.body.decode()


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
