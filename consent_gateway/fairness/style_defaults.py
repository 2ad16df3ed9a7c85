"""The colours that a style sheet falls back to where the theme says nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from consent_gateway.colours import Colour
from consent_gateway.fairness.style_tables import is_seen_through
from consent_gateway.theme import OWN, Colours, Theme
from consent_gateway.theme import faults as illegible

_DEFAULT = re.compile(r"var\(\s*--privacy-([a-z-]+)\s*,\s*((?:[^()]|\([^()]*\))+?)\s*\)")


def faults(css: str) -> Iterator[tuple[int | None, str]]:
    """The line of each that cannot be read, and the reason with its article."""
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    for found in _DEFAULT.finditer(css):
        name, value = found.groups()
        known = name.removesuffix("-dark").replace("-", "_")
        if known not in OWN:
            continue
        if is_seen_through(value.lower()):
            yield _line(css, found.start()), f"{name}: {value} can be seen through (WCAG 1.4.3)"
            continue
        try:
            (dark if name.endswith("-dark") else light)[known] = str(Colour.parse(value))
        except ValueError:
            continue  # depends on something else
    for (*_, key), reason in illegible(Theme(**light, dark=Colours(**dark))):
        place = re.search(rf"--privacy-{key.replace('_', '-')}\s*,", css)
        yield _line(css, place.start()) if place else None, reason


def _line(css: str, place: int) -> int:
    return css.count("\n", 0, place) + 1
