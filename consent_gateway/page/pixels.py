"""Tracking pixels: images of another website that nobody is meant to see, whoever serves them."""

from __future__ import annotations

import re
from collections.abc import Callable

from consent_gateway.catalogue import Known
from consent_gateway.urls import Address

PIXEL_ELEMENTS = frozenset((b"img", b"image"))
PIXEL = Known("Image nobody sees", "analytics")

_TINY = re.compile(r"\s*[01](?:px)?\s*")
_SIDES = [
    re.compile(rf"(?:^|;)\s*{side}\s*:\s*[01](?:px)?\s*(?:;|!|$)", re.I) for side in ("width", "height")
]
_UNSEEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)\s*(?:;|!|$)", re.I)
# Lazy loaders and layouts hide real pictures or give them a side of 1; spacers of old have no query.
_PICTURE = re.compile(r"[^?]*\.(?:(?:avif|bmp|jpe?g|svg|webp)(?:\?|$)|(?:gif|png)$)", re.I | re.S)


def is_pixel(attribute: Callable[[str], str], address: Address) -> bool:
    """Whether an image with these attributes is declared not to be seen and its address no picture's."""
    return _is_unseen(attribute) and not _PICTURE.match(address.rest)


def _is_unseen(attribute: Callable[[str], str]) -> bool:
    if _TINY.fullmatch(attribute("width")) and _TINY.fullmatch(attribute("height")):
        return True
    style = attribute("style")
    return bool(style) and (_UNSEEN.search(style) is not None or all(side.search(style) for side in _SIDES))
