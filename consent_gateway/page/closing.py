"""What stands at the end of a page, before the settings link."""

from __future__ import annotations

from collections.abc import Mapping

from consent_gateway.catalogue import Service, Treatment
from consent_gateway.page.view import Page

Services = Mapping[str, Service]


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
