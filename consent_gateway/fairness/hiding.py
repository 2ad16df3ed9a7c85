"""Because of what in the markup an element is not seen, heard or reached."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

# An attribute that hides an element and all in it; with a value where only that one does.
HIDING = {
    "hidden": None, "inert": None, "disabled": None, "popover": None,
    "aria-hidden": "true", "aria-disabled": "true", "tabindex": "-1",
}  # fmt: skip
UNSEEN = ("hidden", "inert", "popover")
FOLDING = ("details", "template", "noscript", "dialog")


def hidden_by(path: Iterator[Element]) -> Iterator[str]:
    """What hides an element, of itself and all around it."""
    for around in path:
        for name, wanted in HIDING.items():
            if around.get(name) is not None and wanted in (None, around.get(name)):
                yield f"hidden by {name} on <{around.tag}>"
        if around.tag in FOLDING and around.get("open") is None:
            yield f"folded away in a <{around.tag}>"


def words_are_hidden(element: Element) -> bool:
    """Whether something in an element is hidden, and not the element itself."""
    inner = (one for one in element.iter() if one is not element)
    return any(name in one.attrib for one in inner for name in UNSEEN)
