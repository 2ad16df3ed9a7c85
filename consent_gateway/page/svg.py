"""What fetches in a drawing: SVG's own positions, as tables."""

from __future__ import annotations

# SVG 2 "Linking", SVG 1.1 and Tiny 1.2: elements whose href is fetched, or was in some browser. Links
# are none, nor gradients, patterns and paths, whose href stays in the document.
HREF_ELEMENTS = frozenset(
    (
        b"image", b"feimage", b"use", b"script", b"tref", b"cursor", b"font-face-uri", b"color-profile",
        b"foreignobject", b"audio", b"video", b"animation",
    )
)  # fmt: skip


def is_href(attribute: bytes) -> bool:
    """Whether an attribute is the href of SVG 2, or that of XLink under any prefix."""
    return attribute == b"href" or attribute.endswith(b":href")


# SVG 2 "Presentation attributes": those whose value is CSS and may hold a url().
PRESENTATION = frozenset(
    (
    b"fill", b"stroke", b"filter", b"mask", b"clip-path", b"cursor",
    b"marker", b"marker-start", b"marker-mid", b"marker-end",
    )
)  # fmt: skip

# SMIL Animation: elements that give another element's attribute a value, and where the value stands.
ANIMATIONS = frozenset((b"animate", b"set", b"animatecolor"))
VALUES = (b"to", b"from", b"by", b"values")
