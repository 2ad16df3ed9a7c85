"""What may not be in a style sheet, whoever has written it: rules by which the answers to the notice
weigh differently, are not seen, or cover the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from xml.etree.ElementTree import Element

from consent_gateway.colours import Colour, contrast, figure
from consent_gateway.fairness import style_defaults
from consent_gateway.fairness.layers import ANSWERS, Layer
from consent_gateway.fairness.rules import Rule
from consent_gateway.fairness.style_tables import (
    COVERING,
    LOCKING,
    LYING_OVER,
    MOVING,
    NO_RING,
    NOT_SEEN,
    found,
    is_for_hearing_only,
)
from consent_gateway.stylesheets import StyleRule, Unjudgeable, addresses, colour, rules
from consent_gateway.theme import OWN

FOCUSABLE = frozenset(("a", "button", "input", "summary"))
OVER_PLUG_INS = ("placeholder.html", "undo.html")  # which lie where the plug-in does


def _printed(rule: StyleRule) -> bool:
    return "@media print" in rule.conditions


def _without_motion(condition: str) -> bool:
    """Whether a condition lets in only visitors who have nothing against movement."""
    media = condition.lower()
    asked = "(prefers-reduced-motion:no-preference)" in re.sub(r"\s+", "", media)
    return media.startswith("@media") and asked and not re.search(r"\b(not|or)\b|,", media)


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
        yield from (f"{one} hides {what}, or may" for one in found(rule, NOT_SEEN))


def _covers(rule: StyleRule, held: frozenset[Element], layer: Layer) -> Iterator[str]:
    if not held & layer.ours:
        return
    yield from (f"{one} lets it cover the page" for one in found(rule, COVERING))
    if layer.template not in OVER_PLUG_INS and not is_for_hearing_only(rule):
        yield from (f"{one} lets it cover the page or the answers" for one in found(rule, LYING_OVER))


def _locks(rule: StyleRule, held: frozenset[Element], layer: Layer) -> Iterator[str]:
    if any(element.tag in ("html", "body") for element in held):
        yield from (f"{one} may keep the page from being scrolled" for one in found(rule, LOCKING))


def _moves(rule: StyleRule, held: frozenset[Element], layer: Layer) -> Iterator[str]:
    if held and not any(map(_without_motion, rule.conditions)):
        for one in found(rule, MOVING):
            yield f"{one} stands outside @media (prefers-reduced-motion: no-preference)"


def _no_ring(rule: StyleRule, held: frozenset[Element], layer: Layer) -> Iterator[str]:
    if any(element.tag in FOCUSABLE for element in held):
        yield from (f"{one} takes the ring of focus away" for one in found(rule, NO_RING))


def _contacts(rule: StyleRule) -> Iterator[str]:
    for name, value in rule.declarations:
        if rule.selector == "@import" or any(map(_is_elsewhere, addresses(value))):
            yield f"{name}: {value} contacts another host, or may, before anybody has agreed"


def _is_elsewhere(address: str) -> bool:
    """Whether it leads to another host, or may: what stands in the style sheet itself does not."""
    plain = re.sub(r"[\t\n\r]", "", address).strip()
    return re.match(r"(?!data:)[a-z][a-z0-9+.-]*:|[/\\]{2}", plain, re.I) is not None


def _hard_to_read(rule: StyleRule, held: frozenset[Element], layer: Layer) -> Iterator[str]:
    if not held & (layer.ours | frozenset(layer.document.path(layer.part))):
        return
    words, grounds = _literals(rule, "color"), _literals(rule, "background", "background-color")
    for over in words:
        for on in grounds:
            if (ratio := contrast(over, on)) < 4.5:
                yield f"contrast of {over} on {on} is {figure(ratio)}, at least 4.5:1 is needed"
    if bool(words) != bool(grounds):
        said, other = ("color", "background") if words else ("background", "color")
        yield f"it sets {said} without {other}, so that contrast cannot be judged; set both, or take [theme]"
    for name, value in rule.declarations:
        own = re.sub(r"^--(privacy-|_)?", "", name).removesuffix("-dark").replace("-", "_")
        if own in OWN and _is_colour(value):
            yield f"{name}: {value} belongs into [theme] of the site file, where its contrast is checked"


def _literals(rule: StyleRule, *names: str) -> list[Colour]:
    """The colours that declarations name by themselves: what is the theme's is checked as a whole."""
    values = (_literal(value) for name, value in rule.declarations if name in names)
    return [value for value in values if value]


@lru_cache(maxsize=1024)
def _literal(value: str) -> Colour | None:
    try:
        return Colour.parse(value)
    except ValueError:
        return None


@lru_cache(maxsize=1024)
def _is_colour(value: str) -> bool:
    return colour(value) is not None


RULES = (
    Rule(_one_alone, "EDPB Cookie Banner Taskforce, report of 17 January 2023, nos. 17, 18"),
    Rule(_unseen, "EDPB Cookie Banner Taskforce, nos. 8, 14, 32"),
    Rule(_covers, "WCAG 2.4.11"),
    Rule(_locks, "EDPB Guidelines 05/2020, nos. 39 to 41"),
    Rule(_moves, "WCAG 2.3.3"),
    Rule(_no_ring, "WCAG 2.4.7"),
    Rule(_hard_to_read, "WCAG 1.4.3"),
)
WHATEVER_IT_HOLDS_FOR = Rule(_contacts, "TDDDG § 25(1)")


def faults(css: str, layers: list[Layer]) -> Iterator[tuple[int | None, str]]:
    """Each reason for which a style sheet must not be served, with its line and article."""
    try:
        for rule in rules(css):
            reasons = dict.fromkeys((*WHATEVER_IT_HOLDS_FOR.broken(rule), *_of(rule, layers)))
            yield from ((rule.line, f"{rule.selector}: {reason}") for reason in reasons)
    except Unjudgeable as error:
        yield None, f"{error}; what cannot be judged is not served"
    yield from style_defaults.faults(css)


def _of(rule: StyleRule, layers: list[Layer]) -> Iterator[str]:
    if rule.selector.startswith("@"):
        return
    pages = dict.fromkeys(layer.document for layer in layers)
    held = {page: rule.holds_for(page.tree) for page in pages}
    for layer in layers:
        if of_page := held[layer.document]:
            for one in RULES:
                yield from one.broken(rule, of_page, layer)
