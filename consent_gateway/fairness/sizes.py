"""Sizes of letters in CSS: which are too small to be read, or may be."""

from __future__ import annotations

import re

LEAST = 10.0  # px
# A unit in px, where a letter of the browser's own has 16.
UNITS = {
    "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 37.8, "mm": 3.78, "q": 0.945,
    "em": 16.0, "rem": 16.0, "lh": 16.0, "rlh": 16.0, "ex": 8.0, "ch": 8.0, "%": 0.16,
}  # fmt: skip
NAMES = frozenset(
    "small medium large x-large xx-large xxx-large larger smaller inherit initial unset revert".split()
)
SYSTEM = frozenset(
    "caption icon menu message-box small-caption status-bar inherit initial unset revert".split()
)
_LENGTH = re.compile(r"\+?(\d*\.?\d+(?:e[+-]?\d+)?)(%|[a-z]+)")
_IN_SHORT = re.compile(
    r"(?<![\w.%+-])(max|min|clamp|calc)\(|(?<![\w.-])\+?\d*\.?\d+(?:%|[a-z]+)|(?<![\w.-])0(?![\w.])"
)


def is_tiny(value: str) -> bool:
    """Whether a font-size cannot be read, or nobody can say without a browser."""
    size = _least(value)
    return value not in NAMES and (size is None or size < LEAST)


def is_tiny_in_short(value: str) -> bool:
    """The same for the `font` of which it is a part."""
    size = _IN_SHORT.search(value)
    if size is None:
        return value not in SYSTEM and not NAMES & set(re.split(r"[\s/]+", value))
    return "var(" in value[: size.start()] or is_tiny(_first(value[size.start() :]))


def _first(value: str) -> str:
    """What stands before the first `/` or blank that is within no brackets."""
    depth = 0
    for place, one in enumerate(value):
        depth += {"(": 1, ")": -1}.get(one, 0)
        if not depth and one in "/ \t\n":
            return value[:place]
    return value


def _least(value: str) -> float | None:
    """The least number of px that a size comes to, as far as it can be told."""
    if named := re.fullmatch(r"(max|min|clamp)\((.*)\)", value, re.S):
        sizes = [_least(one.strip()) for one in named[2].split(",")]
        known = [size for size in sizes if size is not None]
        if named[1] == "max":
            return max(known, default=None)
        return sizes[0] if named[1] == "clamp" else min(known) if len(known) == len(sizes) else None
    length = _LENGTH.fullmatch(value)
    if length is None:
        return 0.0 if re.fullmatch(r"[+-]?0", value) else None
    return float(length[1]) * UNITS[length[2]] if length[2] in UNITS else None
