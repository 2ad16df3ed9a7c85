"""Held: inert, with nothing in its place. Loaded: as the site wrote it."""

from __future__ import annotations

from consent_gateway.catalogue import Known
from consent_gateway.page.edits import Edit, inert_attribute, inert_text, inert_type
from consent_gateway.page.elements import Element, Listed, Unlisted
from consent_gateway.page.positions import Carrier
from consent_gateway.page.view import Page

LABELS: dict[type, str] = {Known: "known", Listed: "listed", Unlisted: "unlisted"}


def hold(element: Element, page: Page) -> list[Edit]:
    """The edits after which no browser fetches the element's address or runs its code."""
    if element.span and not (element.tag.doubtful and element.attribute):
        return [Edit(*element.span)]
    if element.carrier in (Carrier.HANDLER, Carrier.PING):
        return inert_attribute(page.data, element.tag, element.attribute)
    if element.tag.name == b"link":
        # Without rel it says nothing, and no browser complains.
        quiet = element.carrier is not Carrier.LAZY and page.first_edit_of(element.tag)
        names = (b"rel", element.attribute) if quiet else (element.attribute,)
        return [edit for name in names for edit in inert_attribute(page.data, element.tag, name)]
    if element.tag.name != b"script":
        return inert_attribute(page.data, element.tag, element.attribute)
    edits = []
    if page.first_edit_of(element.tag):
        edits = [inert_type(element.tag, label(element), uses=element.uses), *_module(element, page)]
    if element.attribute:
        return edits + inert_attribute(page.data, element.tag, element.attribute)
    return edits + inert_text(page.data, element.tag) if edits else []


def _module(element: Element, page: Page) -> list[Edit]:
    """The type of a module is kept: it says how to run the script again."""
    kind = element.tag.attributes(page.data).get(b"type")
    if kind is None or page.data[kind.value_start : kind.value_end].strip().lower() != b"module":
        return []
    return inert_attribute(page.data, element.tag, b"type")


def load(element: Element, page: Page) -> list[Edit]:
    return []


def label(element: Element) -> str:
    """What the held element is marked with: its service's id, else only that it is held."""
    return element.owner if isinstance(element.owner, str) else LABELS[type(element.owner)]
