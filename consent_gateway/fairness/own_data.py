"""What an operator or a provider is called or has declared is a fact, and not judged as wording."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from consent_gateway.completeness import own_words
from consent_gateway.gateway import Gateway

_BETWEEN = "\0"  # the texts of two elements


def of(gateway: Gateway) -> frozenset[str]:
    """The names, addresses, reasons, grounds and transfers that are data."""
    return frozenset(" ".join(one.split()) for one in _data(gateway)) - {""}


def without(element: Element, data: Iterable[str]) -> str:
    """The words in an element but for what is data."""
    said = _BETWEEN.join(re.sub(r"\s+", " ", one) for one in element.itertext())
    present = sorted((one for one in data if one in said), key=len, reverse=True)
    if present:
        said = re.sub("|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in present), "…", said)
    return " ".join(said.replace(_BETWEEN, "").split())


def _data(gateway: Gateway) -> Iterator[str]:
    site = gateway.site
    yield from (site.controller.name, site.controller.address, site.controller.contact)
    yield from site.cookies
    for _, words in own_words(site):
        yield from (text for _, text in words.texts)
    for service in gateway.catalogue.services.values():
        yield from (service.name, service.controller.name, service.controller.address)
