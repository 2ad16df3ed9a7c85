"""Google's measurement. Held: absent. Loaded: its script by way of the gateway, nothing else.

Hints, frames and pixels stay inert when loaded, too: they would contact Google directly. The page's
own inline code is left as it is; the guard script filters what it asks for.
"""

from __future__ import annotations

from consent_gateway.analytics import endpoints
from consent_gateway.page.edits import Edit
from consent_gateway.page.elements import Element
from consent_gateway.page.positions import Carrier
from consent_gateway.page.relays import relayed
from consent_gateway.page.tags import Tag
from consent_gateway.page.view import Page
from consent_gateway.treatments import removal

# Runs a script in a worker, where no guard script sees what it sends.
IN_A_WORKER = b"text/partytown"


def hold(element: Element, page: Page) -> list[Edit]:
    return removal.hold(element, page)


def load(element: Element, page: Page) -> list[Edit]:
    """The script's address becomes a path of the gateway, also where a consent tool of the site's has
    yet to put it into `src`; its text is left to the guard script."""
    if element.address is None and element.carrier in (Carrier.SCRIPT, Carrier.HANDLER):
        return _in_the_page(element.tag, page)
    if element.tag.name != b"script" or element.carrier not in (Carrier.SCRIPT, Carrier.LAZY):
        return removal.hold(element, page)
    rest = _at_google(element) if element.attribute else None
    if rest is None:
        return removal.hold(element, page)
    attribute = element.tag.attributes(page.data)[element.attribute]
    path = f"{page.view.root}{page.view.prefix}/ga{rest}"
    edit = Edit(attribute.value_start, attribute.value_end, _quotable(path))
    return [edit, *_in_the_page(element.tag, page)]


def _at_google(element: Element) -> str | None:
    """Path and query of a script as Google has it; None for what is not to be had by way of the gateway."""
    assert element.address is not None
    rest = element.address.rest
    relay = relayed(rest, element.carrier)
    if relay and relay.service == element.owner:
        return relay.rest
    return rest if rest.partition("?")[0] in endpoints.load().scripts else None


def _in_the_page(tag: Tag, page: Page) -> list[Edit]:
    """A script that would run in a worker runs in the page, under the guard script."""
    kind = tag.attributes(page.data).get(b"type")
    if tag.name != b"script" or kind is None:
        return []
    if page.data[kind.value_start : kind.value_end].strip().lower() != IN_A_WORKER:
        return []
    return [Edit(kind.value_start, kind.value_end, b"text/javascript")]


def _quotable(path: str) -> bytes:
    """The path as an attribute value, whatever quotes stand around it, or none. It has been through
    a URL parser: no space is left in it."""
    escaped = path.replace("&", "&amp;")
    for character in "\"'<>`":
        escaped = escaped.replace(character, f"&#{ord(character)};")
    return escaped.encode("ascii", "xmlcharrefreplace")
