"""Which attributes make a browser fetch something: the positions of HTML and SVG, as tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache

from consent_gateway.page import css, svg

LONGEST_NAMES = 200  # bytes of an element's and an attribute's; those that fetch are shorter by far


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
    HANDLER = "handler"
    MOUNT = "mount"


# HTML standard, section "Attributes" and the fetching algorithms of each element; "Obsolete features"
# for what browsers fetched once. attributionsrc: the Attribution Reporting API.
FETCHING: dict[bytes, dict[bytes, Carrier]] = {
    b"html": {b"manifest": Carrier.HINT},
    b"script": {b"src": Carrier.SCRIPT, b"attributionsrc": Carrier.PING},
    b"iframe": {b"src": Carrier.FRAME},
    b"frame": {b"src": Carrier.FRAME},
    b"portal": {b"src": Carrier.FRAME},
    b"fencedframe": {b"src": Carrier.FRAME},
    b"img": {
        b"src": Carrier.IMAGE,
        b"srcset": Carrier.IMAGE,
        b"lowsrc": Carrier.IMAGE,
        b"dynsrc": Carrier.MEDIA,
        b"attributionsrc": Carrier.PING,
    },
    b"image": {b"src": Carrier.IMAGE, b"srcset": Carrier.IMAGE},
    b"source": {b"src": Carrier.MEDIA, b"srcset": Carrier.IMAGE},
    b"video": {b"src": Carrier.MEDIA, b"poster": Carrier.IMAGE},
    b"audio": {b"src": Carrier.MEDIA},
    b"track": {b"src": Carrier.MEDIA},
    b"bgsound": {b"src": Carrier.MEDIA},
    b"object": {
        b"data": Carrier.OBJECT,
        b"codebase": Carrier.OBJECT,
        b"classid": Carrier.OBJECT,
        b"archive": Carrier.OBJECT,
    },
    b"applet": {
        b"code": Carrier.OBJECT,
        b"codebase": Carrier.OBJECT,
        b"archive": Carrier.OBJECT,
        b"object": Carrier.OBJECT,
    },
    b"embed": {b"src": Carrier.OBJECT},
    b"input": {b"src": Carrier.IMAGE},
    b"amp-analytics": {b"config": Carrier.LAZY},
    b"a": {b"ping": Carrier.PING, b"attributionsrc": Carrier.PING},
    b"area": {b"ping": Carrier.PING, b"attributionsrc": Carrier.PING},
    **{
        name: {b"background": Carrier.IMAGE}
        for name in (b"body", b"table", b"thead", b"tbody", b"tfoot", b"tr", b"td", b"th")
    },
}

# HTML 4.01 13.3.2: the parameters in which a plug-in of old was told what to show.
PLUGIN_PARAMETERS = frozenset(("movie", "src", "url", "filename", "data", "code", "archive", "codebase"))

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
    "compression-dictionary": Carrier.HINT,
    "next": Carrier.HINT,  # Firefox prefetches it
    "search": Carrier.HINT,  # browsers fetch the description on a home page
}


def link_carrier(rel: str) -> Carrier | None:
    """What a `<link>` of these types fetches; None for types that are only information."""
    for word in rel.lower().split():
        if carrier := LINK_CARRIERS.get(word):
            return carrier
    return None


# Attributes from which lazy loaders and consent tools fill in src or srcset (observed in public pages).
_LAZY = re.compile(
    rb"(?=[a-z0-9_:-]{1,200}\Z)(?:(?!imagesrcset|attributionsrc)(?!src)[a-z0-9_:-]+src(?!doc|lang)[a-z0-9_:-]*|src-[a-z0-9_:-]+|data-(?:[a-z0-9]+-)*(?:lazy|lazyload|original|bg|bgset|"
    rb"background|background-image|bg-image|poster|delayed-url|pmdelayedstyle)(?:-[a-z0-9]+)*)"
)
_LAZY_HREF = re.compile(rb"data-(?:[a-z0-9]+-)*href")
_LAZY_ELEMENTS = frozenset(
    (b"script", b"iframe", b"img", b"source", b"video", b"audio", b"embed", b"object", b"link", b"div", b"span", b"section", b"figure")
)  # fmt: skip
_OF_COMPONENTS = frozenset((b"src", b"srcset", b"poster"))


def carrier_of(element: bytes, attribute: bytes) -> Carrier | None:
    """What comes of an attribute, wherever that is told by the two names. STYLE: it holds CSS, HANDLER:
    code, LAZY: an address that a script of the page may load some time."""
    return _carrier_of(element, attribute) if len(element) + len(attribute) < LONGEST_NAMES else None


@lru_cache(maxsize=4096)
def _carrier_of(element: bytes, attribute: bytes) -> Carrier | None:
    if carrier := FETCHING.get(element, {}).get(attribute):
        return carrier
    if attribute == b"style" or attribute in svg.PRESENTATION:
        return Carrier.STYLE
    if attribute.startswith(b"on"):
        return Carrier.HANDLER
    if element in svg.HREF_ELEMENTS and svg.is_href(attribute):
        return Carrier.SCRIPT if element == b"script" else Carrier.IMAGE
    if element in svg.ANIMATIONS and attribute in svg.VALUES:
        return Carrier.IMAGE
    if _is_lazy(element, attribute):
        return Carrier.FRAME if element == b"iframe" else Carrier.LAZY
    return None


def _is_lazy(element: bytes, attribute: bytes) -> bool:
    own = b"-" in element  # an element of the page's own, such as <amp-img>
    if own and attribute in _OF_COMPONENTS:
        return True
    if element == b"link" and _LAZY_HREF.fullmatch(attribute):
        return True
    return (own or element in _LAZY_ELEMENTS) and _LAZY.fullmatch(attribute) is not None


_ADDRESSES = frozenset((b"href", b"src", b"data", b"poster", b"background"))  # nothing but one address

_SRCSET_ADDRESS = re.compile(r"[ \t\n\r\f,]*+([^ \t\n\r\f]++)")
_DESCRIPTORS = re.compile(r"(?:[^,(]++|\([^)]*+\)?)*+,?")


def srcset_addresses(value: str) -> Iterator[str]:
    """The addresses of a srcset attribute (HTML standard 4.8.4.3.10)."""
    position = 0
    while match := _SRCSET_ADDRESS.match(value, position):
        position = match.end()
        yield match[1].rstrip(",")
        if not match[1].endswith(",") and (rest := _DESCRIPTORS.match(value, position)):
            position = rest.end()


def candidates(attribute: bytes, value: str) -> Iterator[str]:
    """The addresses in an attribute's value: one, a list, or CSS."""
    if b"srcset" in attribute or attribute.endswith(b"bgset"):
        yield from srcset_addresses(value)
    elif attribute in (b"ping", b"attributionsrc", b"archive"):
        yield from value.split()
    elif attribute == b"values":
        yield from (part.strip() for part in value.split(";"))
    else:
        yield value
    if (
        attribute not in _ADDRESSES
        and "url(" in value.lower()
        and not value.lstrip().lower().startswith("data:")
    ):
        yield from (found.value.decode("utf-8", "replace") for found in css.addresses(value.encode()))


_REFRESH = re.compile(
    r"[ \t\n\r\f]*+(?:[0-9]++[0-9.]*+|\.[0-9.]*+)(?:[ \t\n\r\f]*[;,]|[ \t\n\r\f])[ \t\n\r\f]*"
    r"(?:url[ \t\n\r\f]*=[ \t\n\r\f]*)?(?:\"([^\"]+)|'([^']+)|([^\"'].*))",
    re.I | re.S,
)


def refresh_address(content: str) -> str | None:
    """The address a `<meta http-equiv=refresh>` goes to (HTML standard 4.2.5.3)."""
    match = _REFRESH.match(content)
    return (match[1] or match[2] or match[3]).strip() if match else None


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


# Beside the types that run: what optimisers and consent tools call a script that they run later
# (observed in public pages): "litespeed/javascript", "3a7f…-text/javascript", "rocketlazyloadscript".
_PARKED = re.compile(r"(?!.*(?:type|coffee|vb)script).*(?:script|-module)|text/(?:partytown|psajs)")


def parked(script_type: str) -> bool:
    """Whether a `<script>` of this type is run by another script of the page later."""
    return _PARKED.fullmatch(script_type.strip().lower()) is not None
