"""What a layer brings along: styles, code and what is fetched. All of it is to be in `static/`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

# By these an element fetches something, or makes another address of those that are written.
FETCHED = frozenset(
    ("src", "srcset", "poster", "data", "background", "xlink:href", "imagesrcset", "manifest")
)
BY_HREF = frozenset(("link", "image", "use", "feimage", "base"))
PICTURES = frozenset(("img", "image", "source", "input"))
_CODE = re.compile(r"[\s\x00-\x1f]*j[\s]*a[\s]*v[\s]*a[\s]*s[\s]*c[\s]*r[\s]*i[\s]*p[\s]*t[\s]*:", re.I)


def faults(elements: tuple[Element, ...], prefix: str) -> Iterator[str]:
    """Why elements must not be shown: `prefix` is what the gateway's own addresses begin with."""
    for element in elements:
        yield from _styled(element)
        yield from _coded(element)
        yield from _fetched(element, prefix)


def _styled(element: Element) -> Iterator[str]:
    if element.tag == "style" or element.get("style") is not None:
        yield f"<{element.tag}> brings style of its own; it belongs in static/*.css, where it is checked"


def _coded(element: Element) -> Iterator[str]:
    handles = any(name.startswith("on") for name in element.attrib)
    if (
        handles
        or any(_CODE.match(value) for _, value in element.items())
        or element.get("srcdoc") is not None
    ):
        yield f"<{element.tag}> brings code of its own"
    if element.tag == "script" and element.get("src") is None:
        yield "a <script> brings code that is not in static/"
    if element.tag == "meta" and element.get("http-equiv", "").strip().lower() == "refresh":
        yield "a <meta> leads visitors away"


def _fetched(element: Element, prefix: str) -> Iterator[str]:
    names = FETCHED | ({"href"} if element.tag in BY_HREF else set())
    for name in sorted(names & set(element.keys())):
        value = element.get(name, "").strip()
        addresses = (
            [one.split()[0] for one in value.split(",") if one.split()] if "srcset" in name else [value]
        )
        for address in addresses:
            if not _is_ours(address, prefix) and not _is_picture(element, address):
                yield f"a <{element.tag}> brings {address}, which is not in static/"


def _is_ours(address: str, prefix: str) -> bool:
    return re.fullmatch(rf"{re.escape(prefix)}/static/[\w-][\w.-]*", address) is not None


def _is_picture(element: Element, address: str) -> bool:
    """Whether it is a picture that stands in the page itself, or a part of the page."""
    inline = element.tag in PICTURES and re.match(r"data:image/", address, re.I) is not None
    return inline or (element.tag == "use" and address.startswith("#"))
