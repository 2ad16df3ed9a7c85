"""What is done with the elements of a service: one file per treatment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from consent_gateway.catalogue import Treatment
from consent_gateway.page.edits import Edit
from consent_gateway.page.elements import Element
from consent_gateway.page.view import Page
from consent_gateway.treatments import measurement, placeholder, removal


class Treat(Protocol):
    """The edits for an element that is held, and for one that may load."""

    def hold(self, element: Element, page: Page) -> list[Edit]: ...

    def load(self, element: Element, page: Page) -> list[Edit]: ...


TREATMENTS: Mapping[Treatment, Treat] = {
    Treatment.MEASUREMENT: measurement,
    Treatment.PLACEHOLDER: placeholder,
    Treatment.REMOVAL: removal,
}
