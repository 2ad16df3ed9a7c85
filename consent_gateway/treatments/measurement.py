"""Google's measurement. Held: absent. Loaded: its script by way of the gateway, nothing else.

Hints, frames and pixels stay inert when loaded, too: they would contact Google directly. The page's
own inline code is left as it is; the guard script filters what it asks for.
"""

from __future__ import annotations

from consent_gateway.analytics import SCRIPTS
from consent_gateway.page.edits import Edit
from consent_gateway.page.elements import Element
from consent_gateway.page.positions import Carrier
from consent_gateway.page.view import Page
from consent_gateway.treatments import removal


def hold(element: Element, page: Page) -> list[Edit]:
    return removal.hold(element, page)


def load(element: Element, page: Page) -> list[Edit]:
    """The script's address becomes a path of the gateway; its text is left to the guard script."""
    if element.carrier not in (Carrier.SCRIPT, Carrier.HANDLER):
        return removal.hold(element, page)
    if (address := element.address) is None:
        return []
    if not element.attribute or address.rest.partition("?")[0] not in SCRIPTS:
        return removal.hold(element, page)
    attribute = element.tag.attributes(page.data)[element.attribute]
    path = f"{page.view.prefix}/ga{address.rest}"
    return [Edit(attribute.value_start, attribute.value_end, _quotable(path))]


def _quotable(path: str) -> bytes:
    """The path as an attribute value, whatever quotes stand around it, or none. It has been through
    a URL parser: no space is left in it."""
    escaped = path.replace("&", "&amp;")
    for character in "\"'<>`":
        escaped = escaped.replace(character, f"&#{ord(character)};")
    return escaped.encode("ascii", "xmlcharrefreplace")
