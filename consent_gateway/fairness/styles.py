"""What may not be in a style sheet, whoever has written it: rules by which the answers to the notice
weigh differently, are not seen, or cover the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from xml.etree.ElementTree import Element

from consent_gateway.colours import Colour, contrast
from consent_gateway.fairness.document import Document
from consent_gateway.fairness.layers import ANSWERS, Layer
from consent_gateway.fairness.rules import Rule
from consent_gateway.stylesheets import StyleRule, Unjudgeable, rules
from consent_gateway.theme import OWN, Colours, Theme
from consent_gateway.theme import faults as illegible

# A declaration by which an element is not seen, or hardly: the value does it, or may.
NOT_SEEN = {
    "display": r"none|contents|.*var\(.*",
    "visibility": r"hidden|collapse|.*var\(.*",
    "content-visibility": r"hidden|auto|.*var\(.*",
    "opacity": r"(?!1(\.0*)?$|100%$).*",
    "clip": r"(?!auto$).*",
    "clip-path": r"(?!none$).*",
    "mask": r"(?!none$).*",
    "mask-image": r"(?!none$).*",
    "filter": r"(?!none$).*",
    "transform": r"(?!none$).*",
    "translate": r"(?!none$).*",
    "scale": r"(?!none$|1$).*",
    "zoom": r"(?!1$|normal$).*",
    "text-indent": r"(?!0$).*",
    "pointer-events": r"none|.*var\(.*",
    "height": r"[01](px)?|0\D.*",
    "width": r"[01](px)?|0\D.*",
    "max-height": r"(?!none$).*",
    "max-width": r"[01](px)?|0\D.*",
    "font-size": r"0.*|[1-9](\.\d+)?px|.*var\(.*",
    "font": r"(.*\s)?(0|[1-9](\.\d+)?px)\b.*",
    "line-height": r"0.*",
    "overflow": r".*(hidden|clip|auto|scroll).*",
    "overflow-x": r"hidden|clip|auto|scroll",
    "overflow-y": r"hidden|clip|auto|scroll",
    **dict.fromkeys(
        (
            "grid",
            "grid-template",
            "grid-template-rows",
            "grid-template-columns",
            "grid-auto-rows",
            "grid-auto-columns",
        ),
        r".*(?<![\d.])\d{1,2}(\.\d+)?px.*|(.* )?0( .*)?",
    ),
    "color": r"transparent|.*/ *0\)",
    "-webkit-text-fill-color": r".*",
    "animation": r"(?!none$).*",
    "animation-name": r"(?!none$).*",
    **dict.fromkeys(
        (
            "inset",
            "left",
            "right",
            "top",
            "bottom",
            "margin",
            "margin-left",
            "margin-top",
            "margin-inline-start",
        ),
        r".*-\d{3,}.*",
    ),
}
COVERING = {"position": r"fixed|sticky|.*var\(.*"}
LOCKING = {"overflow": r".*(hidden|clip|var\().*", "overflow-y": r"hidden|clip|.*var\(.*", "position": r"fixed|.*var\(.*", "touch-action": r"none"}  # fmt: skip
MOVING = {"animation": r"(?!none$).*", "animation-name": r"(?!none$).*", "transition": r"(?!none$).*", "transition-property": r"(?!none$).*"}  # fmt: skip
NO_RING = {"outline": r"none|0(px)?|.*transparent.*", "outline-width": r"0(px)?", "outline-style": r"none", "outline-color": r"transparent"}  # fmt: skip
FOCUSABLE = frozenset(("a", "button", "input", "summary"))


def _found(rule: StyleRule, table: dict[str, str]) -> Iterator[str]:
    for name, value in rule.declarations.items():
        if name in table and re.fullmatch(table[name], value, re.S):
            yield f"{name}: {value}"


def _printed(rule: StyleRule) -> bool:
    return "@media print" in rule.conditions


def _one_alone(rule: StyleRule, held: frozenset[Element], layer: Layer) -> Iterator[str]:
    if not rule.declarations:
        return
    for reject, accept in zip(*(layer.answers[value] for value in ANSWERS), strict=False):
        met = [[one in held for one in answer.iter()] for answer in (reject, accept)]
        if met[0] != met[1]:
            yield f"it holds for {' and not for '.join(ANSWERS if sum(met[0]) > sum(met[1]) else ANSWERS[::-1])}"


def _unseen(rule: StyleRule, held: frozenset[Element], layer: Layer) -> Iterator[str]:
    if not _printed(rule) and held & (layer.shown_around | layer.settings):
        what = "the answers" if held & layer.shown_around else "the link to the settings"
        yield from (f"{found} hides {what}, or may" for found in _found(rule, NOT_SEEN))


def _covers(rule: StyleRule, held: frozenset[Element], layer: Layer) -> Iterator[str]:
    if held & layer.ours:
        yield from (f"{found} lets it cover the page" for found in _found(rule, COVERING))


def _locks(rule: StyleRule, held: frozenset[Element], layer: Layer) -> Iterator[str]:
    if any(element.tag in ("html", "body") for element in held):
        yield from (f"{found} may keep the page from being scrolled" for found in _found(rule, LOCKING))


def _moves(rule: StyleRule, held: frozenset[Element], layer: Layer) -> Iterator[str]:
    asked = any("prefers-reduced-motion: no-preference" in condition for condition in rule.conditions)
    if held and not asked:
        for found in _found(rule, MOVING):
            yield f"{found} stands outside @media (prefers-reduced-motion: no-preference)"


def _no_ring(rule: StyleRule, held: frozenset[Element], layer: Layer) -> Iterator[str]:
    if any(element.tag in FOCUSABLE for element in held):
        yield from (f"{found} takes the ring of focus away" for found in _found(rule, NO_RING))


def _contacts(rule: StyleRule, held: frozenset[Element], layer: Layer) -> Iterator[str]:
    for name, value in rule.declarations.items():
        if (
            re.search(r"(?:url\(\s*|src\(|image\(|['\"])\s*['\"]?(?:[a-z][a-z0-9+.-]*:)?//", value)
            or rule.selector == "@import"
        ):
            yield f"{name}: {value} contacts another host, or may, before anybody has agreed"


def _hard_to_read(rule: StyleRule, held: frozenset[Element], layer: Layer) -> Iterator[str]:
    if not held & (layer.ours | frozenset(layer.document.path(layer.part))):
        return
    over = _literal(rule.declarations.get("color"))
    on = _literal(rule.declarations.get("background-color") or rule.declarations.get("background"))
    if over and on:
        if (found := contrast(over, on)) < 4.5:
            yield f"contrast of {over} on {on} is {int(found * 100) / 100:.2f}:1, at least 4.5:1 is needed"
    elif over or on:
        said, other = ("color", "background") if over else ("background", "color")
        yield f"it sets {said} without {other}, so that contrast cannot be judged; set both, or take [theme]"
    for name, value in rule.declarations.items():
        if re.sub(r"^--(privacy-|_)?", "", name).removesuffix("-dark").replace("-", "_") in OWN and _literal(
            value
        ):
            yield f"{name}: {value} belongs into [theme] of the site file, where its contrast is checked"


@lru_cache(maxsize=1024)
def _literal(value: str | None) -> Colour | None:
    """The colour that a declaration names by itself, if it does: what is the theme's is checked as a whole."""
    try:
        return Colour.parse(value) if value else None
    except ValueError:
        return None


RULES = (
    Rule(_one_alone, "EDPB Cookie Banner Taskforce, report of 17 January 2023, nos. 17, 18"),
    Rule(_unseen, "EDPB Cookie Banner Taskforce, nos. 8, 14, 32"),
    Rule(_covers, "WCAG 2.4.11"),
    Rule(_locks, "EDPB Guidelines 05/2020, nos. 39 to 41"),
    Rule(_moves, "WCAG 2.3.3"),
    Rule(_no_ring, "WCAG 2.4.7"),
    Rule(_contacts, "TDDDG § 25(1)"),
    Rule(_hard_to_read, "WCAG 1.4.3"),
)


def faults(css: str, layers: list[Layer]) -> Iterator[tuple[int | None, str]]:
    """Each reason for which a style sheet must not be served, with its line and article."""
    try:
        for rule in rules(css):
            yield from ((rule.line, f"{rule.selector}: {reason}") for reason in _of(rule, layers))
    except Unjudgeable as error:
        yield None, f"{error}; what cannot be judged is not served"
    for (*_, key), reason in illegible(_defaults(css)):
        yield _line_of(css, key), reason


def _of(rule: StyleRule, layers: list[Layer]) -> Iterator[str]:
    is_plain = not rule.selector.startswith("@")
    seen: set[str] = set()
    of_page: dict[Document, frozenset[Element]] = {}
    judged = False
    for layer in layers:
        page = layer.document
        if page not in of_page:
            of_page[page] = rule.holds_for(page.tree) if is_plain else frozenset()
        held = of_page[page]
        if not held and judged:
            continue  # what it says of nothing here has been judged
        judged = True
        for one in RULES:
            for reason in one.broken(rule, held, layer):
                if reason not in seen:
                    seen.add(reason)
                    yield reason


_DEFAULT = re.compile(r"var\(\s*--privacy-([a-z-]+)\s*,\s*((?:[^()]|\([^()]*\))+?)\s*\)")


def _defaults(css: str) -> Theme:
    """The colours that a style sheet falls back to where the theme says nothing."""
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    for name, value in _DEFAULT.findall(css):
        known = name.removesuffix("-dark").replace("-", "_")
        if known in OWN:
            try:
                (dark if name.endswith("-dark") else light)[known] = str(Colour.parse(value))
            except ValueError:
                continue  # depends on something else
    return Theme(**light, dark=Colours(**dark))


def _line_of(css: str, key: str) -> int | None:
    found = re.search(rf"--privacy-{key.replace('_', '-')}\s*,", css)
    return css.count("\n", 0, found.start()) + 1 if found else None
