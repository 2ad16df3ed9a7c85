"""What a gateway recognises in a document and why, what it makes of it for a visitor, and what is given back
once he agrees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from consent_gateway.catalogue import Known, Treatment
from consent_gateway.cookie_names import expression
from consent_gateway.cookie_rules import named
from consent_gateway.gateway import Gateway
from consent_gateway.grounds import Ground, Means, Rule, ground_of
from consent_gateway.messages import Request
from consent_gateway.page import charset, hydration, needed, nested
from consent_gateway.page.charset import Encoding, text_of
from consent_gateway.page.elements import Element, Listed, Owner, Recognition, Unlisted, counting
from consent_gateway.page.finding import Finder
from consent_gateway.page.insertions import places
from consent_gateway.page.mentions import mentions
from consent_gateway.page.positions import Carrier
from consent_gateway.page.reading import Reading, read
from consent_gateway.page.rewriting import Rewriter
from consent_gateway.page.view import Page, View
from consent_gateway.urls import Address

_COOKIE = re.compile(rb"\bdocument\s*\.\s*cookie\s*=\s*[\"'`]([^\"'`=;\s$]{1,100})=")


class Held(StrEnum):
    """What becomes of something for one visitor."""

    PLACEHOLDER = "placeholder"  # of its size, with a button
    AT_THE_END = "placeholder at the end of the page"  # for what draws itself above the page
    REMOVAL = "removal"  # inert: nothing stands there, and nothing is asked for
    MEASUREMENT = "measurement"  # the same; once released it goes by way of the gateway
    AT_RUN_TIME = "held when its code runs"  # by the guard script
    NOT = "not held"


class Place(NamedTuple):
    """Line and column in the document, in characters from 1; the element, and its attribute if it is one."""

    line: int
    column: int
    element: str
    attribute: str = ""

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One thing of a third party in a document. `service` is its id in the catalogue, empty for a tracker, what a
    list names and what nobody knows; `owner` is a name for people. `address` is what would be asked for, empty
    where code makes it. `original` is what comes back after an opt-in, empty where nothing brings it back."""

    service: str
    owner: str
    rule: Rule
    place: Place
    treatment: Held
    address: str
    original: str

    @property
    def is_held(self) -> bool:
        return self.treatment is not Held.NOT

    @property
    def is_unknown(self) -> bool:
        """Whether it is in no catalogue and in no list."""
        return self.rule.means is Means.UNLISTED


def explained(
    document: bytes, gateway: Gateway, request: Request, now: datetime, *, content_type: str = ""
) -> list[Explanation]:
    """Everything of third parties in an HTML document that came for a request, in the order in which it stands
    there, as it is for the visitor who asks. Raises charset.Undecodable."""
    encoding = charset.sniff(document, content_type)
    data = charset.to_bytes_like_ascii(document, encoding)
    recognition, view = gateway.reading(request, now)
    return _Explaining(gateway, recognition, view).document(data, encoding, 0)


class _Explaining:
    def __init__(self, gateway: Gateway, recognition: Recognition, view: View) -> None:
        self._catalogue = gateway.catalogue
        self._recognition = recognition
        self._view = view
        self._rewriter = Rewriter(gateway.catalogue, recognition)

    def document(self, data: bytes, encoding: Encoding, depth: int) -> list[Explanation]:
        reading = read(data)
        where = places(data, reading)
        body = len(data) if where.notice is None or depth else where.notice
        page = Page(data, self._view, reading.certain, body, settled=not hydration.expected(data))
        naming = replace(self._recognition, of_address=self._of_any_address)
        finder = Finder(data, reading, naming, encoding, self._view.url)
        found = [
            *self._elements(finder, page, encoding),
            *self._cookies(data, reading, encoding),
            *self._inside(data, reading, encoding, depth),
        ]
        found += self._mentioned(data, reading, encoding, {one.service for one in found})
        return sorted(found, key=lambda one: one.place[:2])

    def _of_any_address(self, address: Address, carrier: Carrier) -> Owner | None:
        """Also of a third party that the site lets load because nobody knows it."""
        owner = self._recognition.of_address(address, carrier)
        return owner or (None if self._recognition.is_own(address) else Unlisted(address.host))

    # ---- elements ------------------------------------------------------------------------------

    def _elements(self, finder: Finder, page: Page, encoding: Encoding) -> Iterator[Explanation]:
        elements = counting(list(finder))
        held = [one for one in elements if not self._passes(one)]
        run = needed.scripts(page.data, held, self._recognition)
        done: dict[tuple[int, Owner], Held] = {}
        for one in (*elements, *(finder.unexplained if held else ())):
            key = (one.tag.start, one.owner)
            if key in done and (one.span is None or done[key] is Held.PLACEHOLDER):
                continue
            done[key] = self._treated(one, page, runs=one.tag.start in run)
            yield self._element(one, done[key], page.data, encoding)

    def _passes(self, element: Element) -> bool:
        owner, address = element.owner, element.address
        if isinstance(owner, Unlisted):
            return address is None or self._recognition.of_address(address, element.carrier) is None
        return isinstance(owner, str) and self._view.loads_loader(owner)

    def _treated(self, element: Element, page: Page, *, runs: bool) -> Held:
        if self._passes(element):
            return Held.NOT
        if runs:
            return Held.AT_RUN_TIME
        number = page.instances
        self._rewriter.treat(element, page)
        if page.instances > number:
            return Held.PLACEHOLDER
        if not isinstance(element.owner, str):
            return Held.REMOVAL
        service = self._catalogue.services[element.owner]
        if service.floats and element.tag.name == b"script":
            return Held.AT_THE_END
        return Held.MEASUREMENT if service.treatment is Treatment.MEASUREMENT else Held.REMOVAL

    def _element(self, one: Element, held: Held, data: bytes, encoding: Encoding) -> Explanation:
        ground = ground_of(one, data, self._catalogue)
        attribute = one.tag.attributes(data).get(one.attribute) if one.attribute else None
        at = one.span[0] if one.span else attribute.name_start if attribute else one.tag.start
        end = one.end if one.end is not None else one.tag.element_end(data)
        returns = isinstance(one.owner, str)
        name = one.tag.name.decode("latin-1")
        place = _place(data, ground, at, name, one.attribute.decode("latin-1"), encoding)
        return Explanation(
            service=one.owner if isinstance(one.owner, str) else "",
            owner=self._name(one.owner),
            rule=ground.rule,
            place=place,
            treatment=held,
            address=one.address.url if one.address else "",
            original=text_of(data[one.tag.start : end], encoding) if returns else "",
        )

    def _name(self, owner: Owner) -> str:
        if isinstance(owner, Known):
            return owner.company
        if isinstance(owner, Listed):
            return owner.list
        return owner.host if isinstance(owner, Unlisted) else self._catalogue.services[owner].name

    # ---- code, and documents in attributes -----------------------------------------------------

    def _cookies(self, data: bytes, reading: Reading, encoding: Encoding) -> Iterator[Explanation]:
        """What scripts of the page set under names that belong to services."""
        for tag in reading.tags:
            if tag.name != b"script" or tag.body_end is None:
                continue
            for match in _COOKIE.finditer(data, tag.end, tag.body_end):
                name = text_of(match[1], encoding)
                for text, id, _ in named(self._catalogue, "cookie"):
                    if expression(text).fullmatch(name):
                        ground = Ground(Rule(Means.COOKIE, text), match.start())
                        yield self._in_code(id, ground, "", data, encoding)

    def _mentioned(
        self, data: bytes, reading: Reading, encoding: Encoding, known: set[str]
    ) -> Iterator[Explanation]:
        """Services that only the code of the page names: once each, where it does so first."""
        lowered = data.lower()
        for host, rest in mentions(data, reading, self._recognition.knows):
            id = self._recognition.of_mention(host, rest)
            at = lowered.find(host.encode())
            if id and id not in known and at >= 0:
                known.add(id)
                ground = Ground(Rule(Means.CODE, f"names {host}"), at)
                yield self._in_code(id, ground, f"https://{host}{rest}", data, encoding)

    def _in_code(self, id: str, ground: Ground, address: str, data: bytes, encoding: Encoding) -> Explanation:
        """What code does when it runs: nothing of it is taken out, so that nothing has to come back."""
        return Explanation(
            service=id,
            owner=self._catalogue.services[id].name,
            rule=ground.rule,
            place=_place(data, ground, 0, "script", "", encoding),
            treatment=Held.NOT if self._view.loads(id) else Held.AT_RUN_TIME,
            address=address,
            original="",
        )

    def _inside(self, data: bytes, reading: Reading, encoding: Encoding, depth: int) -> Iterator[Explanation]:
        """What is in documents that stand in attributes: at the place of the attribute."""
        if depth >= nested.DEEPEST:
            return
        for one in nested.documents(data, reading, encoding):
            if one.styles or one.xml:
                continue
            content = charset.to_bytes_like_ascii(one.content, one.encoding)
            at = Ground(Rule(Means.CODE, ""), one.attribute.name_start)
            place = _place(data, at, 0, "", text_of(one.attribute.name, encoding), encoding)
            for inner in self.document(content, one.encoding, depth + 1):
                yield replace(inner, place=place._replace(element=inner.place.element))


def _place(data: bytes, ground: Ground, at: int, element: str, attribute: str, encoding: Encoding) -> Place:
    offset = at if ground.at is None else ground.at
    start = data.rfind(b"\n", 0, offset) + 1
    column = len(text_of(data[start:offset], encoding)) + 1
    return Place(data.count(b"\n", 0, offset) + 1, column, element, attribute)
