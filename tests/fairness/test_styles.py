"""A style sheet is refused for rules by which one answer weighs more, is not seen, or the page is covered."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from consent_gateway.catalogue import Catalogue
from consent_gateway.fairness import styles
from consent_gateway.fairness.layers import Layer
from consent_gateway.fairness.visitor import Visitor
from consent_gateway.keys import Key, KeyRing
from tests.fairness.conftest import Judge, built_in, with_templates

NOTICE = '[data-privacy="notice"]'
REFUSED = {
    "BAN-02 by value": ('button[value="reject_all"] { color: inherit }', "it holds for reject_all and not for accept_all"),
    "BAN-02 by the beginning of the value": ('button[value^="acc"] { font-weight: 900 }', "it holds for accept_all and not for reject_all"),
    "BAN-02 by place": ("div > button:first-child { font-size: 1em }", "it holds for reject_all and not for accept_all"),
    "BAN-02 by number": ("button:nth-of-type(2) { border: 0 }", "it holds for accept_all and not for reject_all"),
    "BAN-02 by what is before": ("button + button { border: 0 }", "it holds for accept_all and not for reject_all"),
    "BAN-02 by what it is not": ('button:not([value="accept_all"]) { border: 0 }', "it holds for reject_all and not for accept_all"),
    "BAN-02 in :is()": (f':is({NOTICE} [value="reject_all"], p) {{ border: 0 }}', "it holds for reject_all and not for accept_all"),
    "BAN-02 while pointed at": ('[value="reject_all"]:hover { border: 0 }', "it holds for reject_all and not for accept_all"),
    "BAN-02 a mark on one": ('[value="accept_all"]::after { content: "recommended" }', "it holds for accept_all and not for reject_all"),
    "BAN-02 when unfolded": ('form:has(details[open]) [value="reject_all"] { border: 0 }', "it holds for reject_all and not for accept_all"),
    "BAN-02 when ticked": ('form:has(:checked) [value="reject_all"] { border: 0 }', "it holds for reject_all and not for accept_all"),
    "BAN-02 on some screens": ('@media (max-width: 30em) { [value="reject_all"] { border: 0 } }', "it holds for reject_all and not for accept_all"),
    "BAN-01 both not displayed": (f"{NOTICE} button {{ display: none }}", "display: none hides the answers"),
    "BAN-01 the row not displayed": ('[data-part="answers"] { visibility: hidden }', "visibility: hidden hides the answers"),
    "BAN-01 pale": (f"{NOTICE} {{ opacity: 0.3 }}", "opacity: 0.3 hides the answers"),
    "BAN-01 clipped": (f"{NOTICE} form {{ clip-path: inset(100%) }}", "hides the answers"),
    "BAN-01 moved away": (f"{NOTICE} button {{ text-indent: -9999px }}", "hides the answers"),
    "BAN-01 by a property of its own": (f"{NOTICE} button {{ display: var(--shown) }}", "hides the answers, or may"),
    "BAN-01 tiny": (f"{NOTICE} button {{ font-size: 4px }}", "hides the answers"),
    "BAN-01 tiny in short": (f"{NOTICE} button {{ font: 700 3px serif }}", "hides the answers"),
    "BAN-01 cut off": (f"{NOTICE} {{ max-height: 4em; overflow: hidden }}", "overflow: hidden hides the answers"),
    "BAN-01 fading": (f"@media (prefers-reduced-motion: no-preference) {{ {NOTICE} {{ animation: fade 1s forwards }} }}", "hides the answers, or may"),
    "BAN-09 no way to the settings": ('[data-privacy="settings"] { display: none }', "hides the link to the settings"),
    "A11Y-01 fixed": (f"{NOTICE} {{ position: fixed }}", "position: fixed lets it cover the page (WCAG 2.4.11)"),
    "A11Y-01 sticky": (f"@media all {{ {NOTICE} {{ position: sticky }} }}", "position: sticky lets it cover the page"),
    "BAN-08 locked": ("body { overflow: hidden }", "overflow: hidden may keep the page from being scrolled"),
    "BAN-08 locked while asked": (f"html:has({NOTICE}) {{ overflow-y: clip }}", "may keep the page from being scrolled"),
    "A11Y-09 moving": (f"{NOTICE} {{ transition: opacity 1s }}", "stands outside @media (prefers-reduced-motion: no-preference)"),
    "A11Y-03 no ring": ("button:focus { outline: 0 }", "outline: 0 takes the ring of focus away"),
    "PLH-01 a font from elsewhere": ('@font-face { font-family: X; src: url("https://fonts.example/x.woff2") }', "contacts another host"),
    "PLH-01 a style sheet from elsewhere": ('@import "//cdn.example/x.css";', "contacts another host"),
    "A11Y-04 grey on grey": (f"{NOTICE} button {{ color: #999; background: #ccc }}", "is 1.77:1, at least 4.5:1 is needed (WCAG 1.4.3)"),
    "A11Y-04 words without ground": (f"{NOTICE} p {{ color: #ddd }}", "it sets color without background, so that contrast cannot be judged"),
    "A11Y-04 ground without words": (f"{NOTICE} {{ background: black }}", "it sets background without color"),
    "A11Y-04 past the theme": (f"{NOTICE} {{ --_on-accent: #1b4fae }}", "belongs into [theme] of the site file"),
    "A11Y-04 past the theme, on the page": (":root { --privacy-text: #fff }", "belongs into [theme] of the site file"),
    "A11Y-04 a default": (f"{NOTICE} {{ color: var(--privacy-text, #aaaaaa) }}", "contrast of text #aaaaaa on surface #ffffff is 2.32:1"),
    "BAN-01 said twice": (f"{NOTICE} button {{ display: none; display: tomorrow }}", "display: none hides the answers"),
    "BAN-02 in two states": ('[value="reject_all"]:hover:not(:focus) { border: 0 }', "it holds for reject_all and not for accept_all"),
    "BAN-01 tiny in other units": (f"{NOTICE} button {{ font-size: 5pt }}", "font-size: 5pt hides the answers"),
    "BAN-01 tiny in parts": (f"{NOTICE} button {{ font-size: .5em }}", "hides the answers"),
    "BAN-01 of a size nobody knows": (f"{NOTICE} button {{ font-size: calc(1em - 15px) }}", "hides the answers, or may"),
    "BAN-01 words to be seen through": (f"{NOTICE} button {{ color: #fff0 }}", "color: #fff0 hides the answers"),
    "BAN-01 words nearly gone": (f"{NOTICE} button {{ color: rgb(255 255 255 / 5%) }}", "hides the answers"),
    "BAN-01 behind": (f"{NOTICE} form {{ z-index: -1 }}", "z-index: -1 hides the answers"),
    "BAN-01 not only in print": (f"@media not print {{ {NOTICE} {{ display: none }} }}", "display: none hides the answers"),
    "A11Y-01 lying over the page": (f"{NOTICE} {{ position: absolute; inset: 0 }}", "position: absolute lets it cover the page or the answers (WCAG 2.4.11)"),
    "A11Y-01 lying over the answers": (f"{NOTICE} h2 {{ position: absolute; height: 100% }}", "position: absolute lets it cover the page or the answers"),
    "A11Y-09 for those who want less": (f"@media not (prefers-reduced-motion: no-preference) {{ {NOTICE} {{ transition: color 1s }} }}", "stands outside @media"),
    "A11Y-09 for all": (f"@media (prefers-reduced-motion: no-preference), all {{ {NOTICE} {{ transition: color 1s }} }}", "stands outside @media"),
    "A11Y-03 a ring to be seen through": ("button:focus { outline-color: #0000 }", "takes the ring of focus away"),
    "A11Y-04 past the theme, to be seen through": (f"{NOTICE} {{ --_text: transparent }}", "belongs into [theme] of the site file"),
    "A11Y-04 a default to be seen through": (f"{NOTICE} {{ color: var(--privacy-text, transparent) }}", "text: transparent can be seen through"),
    "A11Y-04 the paler of two": (f"{NOTICE} button {{ color: #999; background: #ccc; color: oklch(0 0 0) }}", "is 1.77:1"),
    "PLH-01 an address in other letters": (f"{NOTICE} {{ background-image: url(\\68ttps://cdn.example/x.png) }}", "contacts another host"),
    "PLH-01 one of several pictures": (f'{NOTICE} {{ background-image: image-set("/a.png" 1x, "//cdn.example/x.png" 2x) }}', "contacts another host"),
    "a scope": ('@scope ([data-privacy="notice"]) { button { color: red } }', "@scope cannot be judged"),
    "a rule of tomorrow": ("@tomorrow { button { color: red } }", "@tomorrow cannot be judged"),
    "a rule in a rule": (f"{NOTICE} {{ button {{ color: red }} }}", "a rule inside a rule"),
    "a selector of tomorrow": (f"{NOTICE}:tomorrow {{ color: red }}", "cannot be judged"),
}  # fmt: skip


@pytest.fixture(scope="module")
def seen(catalogue: Catalogue) -> list[Layer]:
    """All that visitors are shown of the built-in templates."""
    now = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
    gateway, rendering = with_templates(catalogue, KeyRing((Key("test", b"k" * 32),)), now)
    sights = Visitor(gateway, rendering, "en", now).sights()
    return [layer for sight in sights for layer in sight.layers()]


@pytest.mark.parametrize("name", REFUSED)
def test_a_rule_that_is_not_fair_is_refused_with_its_line(name: str, seen: list[Layer]) -> None:
    css, reason = REFUSED[name]
    found = list(styles.faults(f"/* ours */\n{css}\n", seen))
    assert any(reason in said for _, said in found), found
    assert name.startswith("a ") or all(line == 2 for line, _ in found)


def test_faults_are_told_with_file_and_line(judge: Judge) -> None:
    (fault,) = judge({"static/notice.css": f"/* ours */\n{NOTICE} {{ position: fixed }}\n"})
    assert fault.startswith("static/notice.css:2: ") and "position: fixed lets it cover the page" in fault


@pytest.mark.parametrize(
    "css",
    [
        f"{NOTICE} button {{ border-radius: 99px; text-transform: none }}",
        f"@media print {{ {NOTICE} {{ display: none }} }}",
        f"@media screen and (Prefers-Reduced-Motion:no-preference) {{ {NOTICE} button {{ transition: color 0.1s }} }}",
        f"{NOTICE} {{ background-image: url(\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>\") }}",
        f'{NOTICE} b::before {{ content: "//" }}',
        f"{NOTICE} button {{ font: 700 1.1em/1.2 var(--own, serif) }}",
        f"{NOTICE} button {{ font-size: clamp(12pt, 2vw, 20px) }}",
        f"{NOTICE} h2 {{ position: absolute; width: 1px; height: 1px; overflow: hidden }}",
        f"@media (prefers-reduced-motion: no-preference) {{ {NOTICE} button {{ transition: background-color 0.1s }} }}",
        '@font-face { font-family: Own; src: url("/fonts/own.woff2") }',
        f"{NOTICE} button {{ color: #fff; background: #14633a }}",
        f'{NOTICE} :is([value="reject_all"], [value="accept_all"]) {{ letter-spacing: 0.01em }}',
        f'{NOTICE} [value="save"] {{ font-weight: 400 }}',
    ],
)
def test_what_holds_for_both_answers_and_hides_nothing_is_the_operators_affair(
    css: str, seen: list[Layer]
) -> None:
    assert list(styles.faults(css, seen)) == []


@pytest.mark.parametrize("name", ["notice", "settings", "pages", "placeholder"])
def test_the_gateways_own_style_sheets_are_fair(name: str, judge: Judge) -> None:
    assert judge({f"static/{name}.css": built_in(f"static/{name}.css")}) == []


@pytest.mark.parametrize(
    "rule",
    [
        'div[data-part="answers"] { display: grid; grid-template-rows: 0px 60px; grid-template-columns: 1fr }',
        'div[data-part="answers"] { grid-template-columns: 4px 300px; grid-auto-flow: column; gap: 0 }',
        "form { display: block; max-height: 100px; overflow: auto }",
    ],
)
def test_room_that_is_taken_from_one_answer_or_both_is_refused(judge: Judge, rule: str) -> None:
    """BAN-01, BAN-02"""
    css = built_in("static/notice.css") + f'\n:is(#_, [data-privacy="notice"]) {rule}\n'
    assert any("hides the answers" in reason for reason in judge({"static/notice.css": css}))
