"""By which rule something in a page is known: the pattern, selector or expression itself, and where it fits."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from consent_gateway.catalogue import Catalogue, Known, Selector, Service
from consent_gateway.page import code
from consent_gateway.page.elements import Element, Listed, Unlisted
from consent_gateway.page.hints import UNEXPLAINED
from consent_gateway.page.pixels import PIXEL
from consent_gateway.page.tags import Tag
from consent_gateway.signatures import Signatures
from consent_gateway.urls import Address, Matcher, Pattern, attribute_text, without_stand_ins


class Means(StrEnum):
    """What something is known by."""

    ADDRESS = "address"
    SELECTOR = "selector"
    CODE = "inline code"
    COOKIE = "cookie"
    LIST = "list"
    LOOKS = "looks"
    UNLISTED = "unlisted"


class Rule(NamedTuple):
    """What something is known by, and the rule as catalogue or list have it."""

    means: Means
    text: str

    def __str__(self) -> str:
        return f"{self.means} {self.text}".rstrip()


class Ground(NamedTuple):
    """A rule, and the offset in the document at which it fits; None: where the element stands."""

    rule: Rule
    at: int | None = None


def ground_of(element: Element, data: bytes, catalogue: Catalogue) -> Ground:
    """The rule by which an element of a page belongs to its owner."""
    owner = element.owner
    if isinstance(owner, Unlisted):
        return Ground(Rule(Means.UNLISTED, owner.host))
    if isinstance(owner, Listed):
        return Ground(Rule(Means.LIST, owner.list))
    if isinstance(owner, Known):
        return Ground(_of_tracker(owner, element.address, catalogue))
    service = catalogue.services[owner]
    if element.mount and element.mount.selectors and (text := _selector(element, data)):
        return Ground(Rule(Means.SELECTOR, text))
    if element.address:
        return Ground(Rule(Means.ADDRESS, _pattern(service, element.address)))
    return _of_code(element.tag, data, service.uses if element.uses else service.boot)


def _of_tracker(owner: Known, address: Address | None, catalogue: Catalogue) -> Rule:
    if owner in (PIXEL, UNEXPLAINED):
        return Rule(Means.LOOKS, owner.company.lower())
    assert address is not None
    hosts = ((pattern, str(pattern)) for pattern, other in catalogue.known.hosts if other == owner)
    if text := Matcher(hosts, stand_ins=True).find(address.host, address.rest):
        return Rule(Means.ADDRESS, text)
    software = ((one.signature, one.name) for one in catalogue.known.software)
    name = Signatures(software, stand_ins=True).find(address.host, address.rest)
    return Rule(Means.ADDRESS, f"as the software {name or owner.company} makes it")


def _pattern(service: Service, address: Address) -> str:
    """The pattern of the service that fits; else it is its server's, as a plug-in in the page or a relay
    of its script says."""
    patterns = ((Pattern.parse(text), text) for text in service.urls)
    found = Matcher(patterns, stand_ins=True).find(address.host, address.rest)
    return found or f"on the server {address.host}"


def _selector(element: Element, data: bytes) -> str:
    """The first selector of the plug-in that fits its tag."""
    assert element.mount is not None
    name = element.tag.name.decode("latin-1")
    values = {
        key.decode("latin-1"): attribute_text(
            without_stand_ins(data[found.value_start : found.value_end]).decode("latin-1")
        )
        for key, found in element.tag.attributes(data).items()
    }
    fitting = (text for text in element.mount.selectors if Selector.parse(text).matches(name, values))
    return next(fitting, "")


def _of_code(tag: Tag, data: bytes, expressions: Iterable[str]) -> Ground:
    """The expression that fits the code of a script, as it is written or as it spells when it runs."""
    end = tag.body_end if tag.body_end is not None else tag.end
    for text in expressions:
        if found := re.compile(text.encode("ascii")).search(data, tag.start, end):
            return Ground(Rule(Means.CODE, text), found.start())
    spelt = without_stand_ins(code.spelt_out(data[tag.start : end]))
    for text in expressions:
        if re.search(text.encode("ascii"), spelt):
            return Ground(Rule(Means.CODE, text))
    return Ground(Rule(Means.CODE, "as it spells when it runs"))
