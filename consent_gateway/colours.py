"""Colours as CSS writes them, and how well one can be read on another."""

from __future__ import annotations

from dataclasses import dataclass

from consent_gateway import stylesheets


@dataclass(frozen=True, slots=True)
class Colour:
    """An opaque sRGB colour, each part between 0 and 1."""

    red: float
    green: float
    blue: float

    @classmethod
    def parse(cls, value: str) -> Colour:
        """The colour that a CSS value names. Raises ValueError for anything else, for one that can be
        seen through, and for one beyond what every screen shows."""
        found = stylesheets.colour(value)
        if found is None or found.space not in ("srgb", "hsl", "hwb"):
            raise ValueError(f"must be a colour as #hex, rgb(), hsl(), hwb() or a name: {value!r}")
        if found.alpha != 1:
            raise ValueError(f"must not be transparent, for contrast depends on it: {value!r}")
        red, green, blue = (min(1.0, max(0.0, part)) for part in found.to("srgb").coordinates)
        return cls(red, green, blue)

    @property
    def luminance(self) -> float:
        """The relative luminance (WCAG 2.2, definition of that name)."""
        red, green, blue = (_linear(part) for part in (self.red, self.green, self.blue))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def __str__(self) -> str:
        return "#" + "".join(f"{round(part * 255):02x}" for part in (self.red, self.green, self.blue))


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio, between 1 and 21 (WCAG 2.2, definition of that name)."""
    darker, lighter = sorted((one.luminance, other.luminance))
    return (lighter + 0.05) / (darker + 0.05)


def figure(ratio: float) -> str:
    """A contrast ratio to be read, never rounded up to one that would do."""
    return f"{int(ratio * 100) / 100:.2f}:1"


def _linear(part: float) -> float:
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
