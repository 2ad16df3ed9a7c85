"""Which attributes make a browser fetch something: the positions of HTML and SVG, as tables."""

from __future__ import annotations

import re
from enum import StrEnum


class Carrier(StrEnum):
    """What kind of fetch an address in a page leads to."""

    SCRIPT = "script"
    FRAME = "iframe"
    IMAGE = "image"
    MEDIA = "media"
    STYLE = "style"
    OBJECT = "object"
    HINT = "hint"
    PING = "ping"
    REFRESH = "refresh"
    LAZY = "lazy"
    MOUNT = "mount"


# HTML standard, section "Attributes" and the fetching algorithms of each element.
FETCHING: dict[bytes, dict[bytes, Carrier]] = {
    b"script": {b"src": Carrier.SCRIPT},
    b"iframe": {b"src": Carrier.FRAME},
    b"frame": {b"src": Carrier.FRAME},
    b"portal": {b"src": Carrier.FRAME},
    b"fencedframe": {b"src": Carrier.FRAME},
    b"img": {b"src": Carrier.IMAGE, b"srcset": Carrier.IMAGE},
    b"image": {b"src": Carrier.IMAGE, b"srcset": Carrier.IMAGE},
    b"source": {b"src": Carrier.MEDIA, b"srcset": Carrier.IMAGE},
    b"video": {b"src": Carrier.MEDIA, b"poster": Carrier.IMAGE},
    b"audio": {b"src": Carrier.MEDIA},
    b"track": {b"src": Carrier.MEDIA},
    b"object": {b"data": Carrier.OBJECT},
    b"embed": {b"src": Carrier.OBJECT},
    b"input": {b"src": Carrier.IMAGE},
    b"a": {b"ping": Carrier.PING},
    b"area": {b"ping": Carrier.PING},
    **{
        name: {b"background": Carrier.IMAGE}
        for name in (b"body", b"table", b"thead", b"tbody", b"tfoot", b"tr", b"td", b"th")
    },
}

# SVG 2, "Linking": elements whose href is fetched. Links and gradients inside the file are not.
FETCHING_SVG: dict[bytes, Carrier] = {
    b"script": Carrier.SCRIPT,
    b"image": Carrier.IMAGE,
    b"feimage": Carrier.IMAGE,
    b"use": Carrier.IMAGE,
}
SVG_HREF = (b"href", b"xlink:href")

# HTML standard 4.6.7 "Link types": those with which a browser fetches or connects.
LINK_CARRIERS: dict[str, Carrier] = {
    "stylesheet": Carrier.STYLE,
    "preload": Carrier.HINT,
    "modulepreload": Carrier.HINT,
    "prefetch": Carrier.HINT,
    "prerender": Carrier.HINT,
    "preconnect": Carrier.HINT,
    "dns-prefetch": Carrier.HINT,
    "icon": Carrier.IMAGE,
    "apple-touch-icon": Carrier.IMAGE,
    "apple-touch-icon-precomposed": Carrier.IMAGE,
    "apple-touch-startup-image": Carrier.IMAGE,
    "mask-icon": Carrier.IMAGE,
    "manifest": Carrier.HINT,
    "import": Carrier.HINT,
    "subresource": Carrier.HINT,
}


def link_carrier(rel: str) -> Carrier | None:
    """What a `<link>` of these types fetches; None for types that are only information."""
    for word in rel.lower().split():
        if carrier := LINK_CARRIERS.get(word):
            return carrier
    return None


# Attributes from which lazy loaders fill in src or srcset (observed in public pages).
LAZY = re.compile(
    rb"data-(?:[a-z0-9]+-)*(?:src|srcset|lazy|lazyload|original|bg|background|background-image|"
    rb"bg-image|poster|delayed-url|iframe-src|url-src)(?:-[a-z0-9]+)*$"
)
LAZY_ELEMENTS = frozenset(
    (b"script", b"iframe", b"img", b"source", b"video", b"audio", b"embed", b"object", b"link", b"div", b"span", b"section", b"figure")
)  # fmt: skip

_CANDIDATE = re.compile(r"[\s,]*([^\s]+[^\s,])(?:[^,(]|\([^)]*\))*(?:,|$)")


def srcset_addresses(value: str) -> list[str]:
    """The addresses of a srcset attribute (HTML standard 4.8.4.3.10)."""
    return [match[1] for match in _CANDIDATE.finditer(value)]


_REFRESH = re.compile(r"\s*[\d.]*\s*[;,\s]\s*(?:url\s*=\s*)?[\"']?([^\"']+)", re.I)


def refresh_address(content: str) -> str | None:
    """The address a `<meta http-equiv=refresh>` goes to (HTML standard 4.2.5.3)."""
    match = _REFRESH.match(content)
    return match[1].strip() if match else None


# HTML standard 4.12.1 and MIME Sniffing 4.6: the types that run.
JAVASCRIPT = frozenset(
    f"{top}/{sub}"
    for top in ("text", "application")
    for sub in ("javascript", "ecmascript", "x-javascript", "x-ecmascript")
) | {f"text/{sub}" for sub in ("livescript", "jscript", *(f"javascript1.{n}" for n in range(6)))}


def runs(script_type: str | None, language: str | None = None) -> bool:
    """Whether a `<script>` of this type attribute runs as JavaScript."""
    if script_type is None:
        return language is None or language == "" or f"text/{language.lower()}" in JAVASCRIPT
    kind = script_type.strip().lower()
    return kind == "" or kind == "module" or kind.partition(";")[0].strip() in JAVASCRIPT
