"""How the gateway looks on a site: colours, corners and letters, as the custom properties of its CSS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, NamedTuple

from consent_gateway.colours import Colour, contrast, figure
from consent_gateway.datafile import AfterValidator, Table, Written


def _colour(value: str) -> str:
    return str(Colour.parse(value))


def _radius(value: str) -> str:
    if not re.fullmatch(r"0|\d{1,3}(\.\d+)?(px|rem|em)", value):
        raise ValueError(f"must be a length such as '8px', '0.5rem' or '0': {value!r}")
    return value


def _font(value: str) -> str:
    family = r"""(?:[\w-]+(?: [\w-]+)*|"[\w .-]+"|'[\w .-]+')"""
    if not re.fullmatch(rf"{family}(\s*,\s*{family})*", value):
        raise ValueError(f"must be names of fonts with commas between them: {value!r}")
    return value


ColourField = Annotated[
    str, AfterValidator(_colour), Written("colour: `#hex`, `rgb()`, `hsl()`, `hwb()` or a name")
]
Radius = Annotated[str, AfterValidator(_radius), Written('length such as `"8px"`, `"0.5rem"` or `"0"`')]
Font = Annotated[str, AfterValidator(_font), Written("names of fonts with commas between them")]


class Colours(Table):
    """The same colours for pages and visitors that want it dark."""

    accent: ColourField | None = None
    """Buttons, links, the ring of focus."""
    on_accent: ColourField | None = None
    """The words on a button."""
    surface: ColourField | None = None
    """What the notice, the settings link and the gateway's pages stand on."""
    surface_quiet: ColourField | None = None
    """What placeholders stand on, and the ground of the pages."""
    text: ColourField | None = None
    """Text."""
    quiet: ColourField | None = None
    """Text of less weight."""
    line: ColourField | None = None
    """Frames."""


class Theme(Colours):
    """How the notice, placeholders and the gateway's pages look. Colours that cannot be read on each other are refused (WCAG 2.2)."""

    dark: Colours = Colours()
    radius: Radius | None = None
    """How round corners are."""
    font: Font | None = None
    """Fonts that are there already; none is loaded."""


# What stands in the CSS, too: light and dark.
OWN = {
    "accent": ("#1b4fae", "#9dc0ff"),
    "on_accent": ("#ffffff", "#0b1a33"),
    "surface": ("#ffffff", "#171c24"),
    "surface_quiet": ("#eef2f7", "#222a35"),
    "text": ("#1c2430", "#eef2f7"),
    "quiet": ("#465160", "#b6c1cf"),
    "line": ("#7d899a", "#7d8a9c"),
}
OWN_RADIUS, OWN_FONT = "8px", 'system-ui, -apple-system, "Segoe UI", sans-serif'


class Pair(NamedTuple):
    """One colour that is seen on another: the least contrast, and the success criterion of WCAG 2.2."""

    over: str
    on: str
    least: float
    criterion: str


TEXT, CONTROL = (4.5, "1.4.3"), (3.0, "1.4.11")
PAIRS = (
    Pair("text", "surface", *TEXT),
    Pair("quiet", "surface", *TEXT),
    Pair("accent", "surface", *TEXT),  # links; the ring of focus needs less
    Pair("on_accent", "accent", *TEXT),  # every answer
    Pair("line", "surface", *CONTROL),  # the frame of the settings link
    Pair("text", "surface_quiet", *TEXT),
    Pair("quiet", "surface_quiet", *TEXT),
    Pair("accent", "surface_quiet", *TEXT),
    Pair("line", "surface_quiet", *CONTROL),  # the frame of a placeholder
)


def faults(theme: Theme) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each key of the theme because of which something could not be read, with the reason."""
    for scheme, colours, place in ((0, theme, ("theme",)), (1, theme.dark, ("theme", "dark"))):
        said = {name: value for name, value in colours if name in OWN and value}
        for pair in PAIRS:
            key = next((name for name in (pair.over, pair.on) if name in said), None)
            if key is None:
                continue
            over, on = (said.get(name, OWN[name][scheme]) for name in (pair.over, pair.on))
            found = contrast(Colour.parse(over), Colour.parse(on))
            if found < pair.least:
                yield (*place, key), _reason(pair, over, on, found)


def _reason(pair: Pair, over: str, on: str, found: float) -> str:
    return (
        f"contrast of {pair.over} {over} on {pair.on} {on} is {figure(found)}, "
        f"at least {pair.least:g}:1 is needed (WCAG {pair.criterion})"
    )


def css(theme: Theme) -> str:
    """A rule that sets what the theme says; nothing for an empty one. It has no weight, so that what
    a site sets on :root itself counts."""
    named = {
        **{name: value for name, value in theme if name != "dark"},
        **{f"{name}_dark": value for name, value in theme.dark},
    }
    said = [f"--privacy-{name.replace('_', '-')}: {value};" for name, value in named.items() if value]
    return f":where(:root) {{ {' '.join(said)} }}\n" if said else ""
