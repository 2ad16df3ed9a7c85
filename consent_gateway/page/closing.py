"""What stands at the end of a page, before the settings link: the placeholders of what would draw itself
above the page, and what switches off plug-ins that could not have it beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from consent_gateway.catalogue import Service, Treatment
from consent_gateway.page.elements import Element
from consent_gateway.page.view import Page, Plugin

Services = Mapping[str, Service]


def floating(elements: Iterable[Element], services: Services, page: Page) -> bytes:
    """A placeholder for every service whose scripts are held and draw above the page, unless a plug-in of
    its own in the page has one already."""
    found = {one.owner for one in elements if isinstance(one.owner, str) and _runs(one)}
    written = b""
    for id in sorted(found - page.placeholders):
        if not services[id].floats or page.view.loads_loader(id):
            continue
        own = page.view.placeholder(_plugin(id, services[id], page), first=page.first)
        if own:
            page.placeholders.add(id)
            written += own
    return written


def undoing(found: frozenset[str], services: Services, page: Page) -> bytes:
    """What switches off the plug-ins that may load and could not have it beside them, such as those that
    the page's code makes."""
    written = b""
    for id in sorted(found - page.undone):
        if services[id].treatment is not Treatment.PLACEHOLDER or not page.view.loads(id):
            continue
        own = page.view.undo(id, first=page.first, place="apart")
        if own:
            page.undone.add(id)
            written += own
    return written


def _runs(element: Element) -> bool:
    """Whether a browser would run it here: an image or a connection of the service draws nothing."""
    tag = element.tag
    return tag.name == b"script" and not (tag.noscript or tag.template)


def _plugin(id: str, service: Service, page: Page) -> Plugin:
    return Plugin(
        service=id,
        instance=page.next_instance(),
        width="100%",
        height="44px",
        alternative="",
        kinds=(service.floats,),
        text="",
        original=b"",
        apart=True,
    )
