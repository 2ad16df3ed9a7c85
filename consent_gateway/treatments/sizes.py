"""How large a plug-in is before it is loaded."""

from __future__ import annotations

import re

from consent_gateway.catalogue import Mount
from consent_gateway.page.tags import Tag
from consent_gateway.urls import attribute_text

INVISIBLE = 10  # CSS pixels: a frame no larger than this is a tracking pixel

_LENGTH = re.compile(r"(\d+(?:\.\d+)?)(px|%|em|rem|vh|vw)?$")
_LENGTH_PREFIXES = ("", "data-", "data-style-", "data-embed-")  # as vendors spell them, observed 2026-11
_STYLE_LENGTH = re.compile(r"(?:^|;)\s*((?:min-)?(?:width|height))\s*:\s*([^;!]+)", re.I)


def size(tag: Tag, data: bytes, mount: Mount | None) -> tuple[str, str]:
    """Width and height as CSS lengths: of the element's style, its attributes, else as usual."""
    lengths: dict[str, str] = {}
    for name in ("width", "height"):
        for prefix in _LENGTH_PREFIXES:
            match = _LENGTH.match(value_of(tag, data, f"{prefix}{name}".encode()).strip())
            if match and (match[2] not in (None, "px") or float(match[1]) > INVISIBLE):  # else a ratio
                lengths.setdefault(name, f"{match[1]}{match[2] or 'px'}")
    for name, value in _STYLE_LENGTH.findall(value_of(tag, data, b"style")):
        if match := _LENGTH.match(value.strip().lower()):
            lengths[name.lower()] = f"{match[1]}{match[2] or 'px'}"
    if lengths.get("width") == "0px":  # of a frame that grows with its text: min-width: 100%
        lengths["width"] = lengths.get("min-width", "0px")
    if lengths.get("height", "0px") == "0px" and "min-height" in lengths:
        lengths["height"] = lengths["min-height"]
    width, height = usual(mount)
    return lengths.get("width") or width, lengths.get("height") or height


def usual(mount: Mount | None) -> tuple[str, str]:
    """Width and height as CSS lengths, of a plug-in that says nothing about them."""
    width, height = mount.size if mount else (300, 150)  # CSS 2.1 10.3.2: a frame without a size
    return f"{width}px" if width else "100%", f"{height}px" if height else "auto"


def value_of(tag: Tag, data: bytes, name: bytes) -> str:
    """The value of an attribute; empty where there is none."""
    attribute = tag.attributes(data).get(name)
    if attribute is None:
        return ""
    return attribute_text(data[attribute.value_start : attribute.value_end].decode("utf-8", "replace"))
