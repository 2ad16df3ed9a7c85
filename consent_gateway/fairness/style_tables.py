"""Declarations of CSS by which something is not seen, covers, locks or moves: the value does it, or may."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from consent_gateway.fairness.sizes import is_tiny, is_tiny_in_short
from consent_gateway.stylesheets import StyleRule, colour

# The value as a regular expression, or what says it of a value.
Values = str | Callable[[str], bool]


def is_seen_through(value: str) -> bool:
    """Whether a value is a colour that lets through what is behind it."""
    named = colour(value)
    return "transparent" in value or (named is not None and named.alpha < 1)


_NO_ROOM = r"(0|\.).*|\d(\.\d+)?(px|pt|%|v\w+)?"
_FEW_PIXELS = r".*(?<![\d.])\d{1,2}(\.\d+)?px.*|(.* )?0( .*)?"
_FAR_AWAY = r".*-\d{3,}.*"

NOT_SEEN: Mapping[str, Values] = {
    "display": r"none|contents|.*var\(.*",
    "visibility": r"hidden|collapse|.*var\(.*",
    "content-visibility": r"hidden|auto|.*var\(.*",
    "opacity": r"(?!1(\.0*)?$|100%$).*",
    "clip": r"(?!auto$).*",
    **dict.fromkeys(("clip-path", "mask", "mask-image", "filter", "transform", "translate"), r"(?!none$).*"),
    "scale": r"(?!none$|1$).*",
    "zoom": r"(?!1$|normal$).*",
    "z-index": r"-.*|.*var\(.*",
    "text-indent": r"(?!0$).*",
    "pointer-events": r"none|.*var\(.*",
    **dict.fromkeys(("height", "width", "max-width", "inline-size", "block-size"), _NO_ROOM),
    "max-height": r"(?!none$).*",
    "font-size": is_tiny,
    "font": is_tiny_in_short,
    "line-height": r"0.*|\..*",
    "overflow": r".*(hidden|clip|auto|scroll).*",
    **dict.fromkeys(("overflow-x", "overflow-y"), r"hidden|clip|auto|scroll"),
    **dict.fromkeys(("grid", "grid-template", "grid-template-rows", "grid-template-columns"), _FEW_PIXELS),
    **dict.fromkeys(("grid-auto-rows", "grid-auto-columns"), _FEW_PIXELS),
    "color": is_seen_through,
    "-webkit-text-fill-color": r".*",
    **dict.fromkeys(("animation", "animation-name"), r"(?!none$).*"),
    **dict.fromkeys(("inset", "left", "right", "top", "bottom"), _FAR_AWAY),
    **dict.fromkeys(("margin", "margin-left", "margin-top", "margin-inline-start"), _FAR_AWAY),
}
COVERING: Mapping[str, Values] = {"position": r"fixed|sticky|.*var\(.*"}
LYING_OVER: Mapping[str, Values] = {"position": r"absolute"}
LOCKING: Mapping[str, Values] = {
    "overflow": r".*(hidden|clip|var\().*",
    "overflow-y": r"hidden|clip|.*var\(.*",
    "position": r"fixed|.*var\(.*",
    "touch-action": r"none",
}
MOVING: Mapping[str, Values] = dict.fromkeys(
    ("animation", "animation-name", "transition", "transition-property"), r"(?!none$).*"
)
NO_RING: Mapping[str, Values] = {
    "outline": r"none|0(px)?|.*transparent.*",
    "outline-width": r"0(px)?",
    "outline-style": r"none",
    "outline-color": is_seen_through,
}


def found(rule: StyleRule, table: Mapping[str, Values]) -> Iterator[str]:
    """The declarations of a rule that are in a table."""
    for name, value in rule.declarations:
        values = table.get(name)
        if (isinstance(values, str) and re.fullmatch(values, value, re.S)) or (
            callable(values) and values(value)
        ):
            yield f"{name}: {value}"


def is_for_hearing_only(rule: StyleRule) -> bool:
    """Whether what a rule holds for is a dot that only screen readers find, and covers nothing."""
    wanted = {("width", "1px"), ("height", "1px"), ("overflow", "hidden")}
    return wanted <= set(rule.declarations)
