"""A page as it came → the page this visitor gets: read, find, treat, insert, write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from consent_gateway.catalogue import Catalogue
from consent_gateway.page import charset, closing, needed, nested, sheets, workers
from consent_gateway.page.charset import UTF8, Encoding, as_utf8, text_of
from consent_gateway.page.contents import Contents, Source, contents
from consent_gateway.page.css import CssAddress
from consent_gateway.page.edits import Edit, apply, kept
from consent_gateway.page.elements import NAMELESS, Element, Owner, Recognition, Unlisted
from consent_gateway.page.insertions import Places
from consent_gateway.page.policies import path_below
from consent_gateway.page.positions import Carrier
from consent_gateway.page.remembered import Remembered
from consent_gateway.page.view import Page, View
from consent_gateway.page.workers import emptied
from consent_gateway.treatments import TREATMENTS, removal
from consent_gateway.urls import resolve


@dataclass(frozen=True, slots=True, kw_only=True)
class Insertions:
    """What goes into a document besides the edits; empty parts are left out. ASCII only."""

    guard: bytes = b""
    notice: bytes = b""
    settings: bytes = b""


NO_INSERTIONS = Insertions()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewritten:
    """The page after the edits, and the services it was found to contain, held or not.

    `ours` says that the bytes depend on the visitor or are no longer the origin's. `unlisted` has the hosts that
    are held because nobody has named them, each with what it was to be fetched for.
    """

    body: bytes
    services: frozenset[str]
    ours: bool
    unlisted: frozenset[tuple[str, Carrier]] = frozenset()


EMPTY = Rewritten(body=b"", services=frozenset(), ours=True)


class Rewriter:
    """Rewrites pages and style sheets by one catalogue."""

    def __init__(
        self, catalogue: Catalogue, recognise: Recognition, remembered: Remembered | None = None
    ) -> None:
        self._catalogue = catalogue
        self._recognise = recognise
        self._remembered = remembered

    def page(
        self,
        data: bytes,
        *,
        encoding: Encoding,
        view: View,
        insert: Callable[[frozenset[str]], Insertions] | None = None,
        xml: bool = False,
        depth: int = 0,
    ) -> Rewritten:
        """An HTML or XML document. `insert` gives what goes in, knowing what services are there.
        `depth` counts the documents around it: within another there are no placeholders."""
        url = view.url.partition("?")[0]  # no address in a page is relative to a query
        source = Source(data=data, encoding=encoding, url=url, xml=xml, host=self._recognise.host)
        found = self._contents(source)
        where = found.where
        body = len(data) if where.notice is None or depth else where.notice
        page = Page(data, view, certain=found.reading.certain, body=body, settled=found.settled)
        elements = found.elements
        edits, inner = self._nested(data, found, view, depth + 1)
        services = found.services.union(*(document.services for document in inner))
        unlisted = found.unlisted.union(*(document.unlisted for document in inner))
        parts = insert(services) if insert else NO_INSERTIONS
        guarded = parts.guard != b"" and where.guard is not None
        edits += self._treated(elements, page, guarded=guarded)
        if edits:  # what such a page connects to ahead is for what is held
            edits += [edit for hint in found.finder.unexplained for edit in removal.hold(hint, page)]
        edits += found.finder.admitted(view.root + path_below(view.prefix), view.loads)
        if parts.settings and where.settings is not None:
            known = self._catalogue.services
            apart = closing.floating(elements, known, page) + closing.undoing(services, known, page)
            parts = replace(parts, settings=apart + parts.settings)
        edits += _inserted(where, parts)
        if not page.first:
            edits += self._forms(where, page)
        ours = bool(edits or elements or services)
        return Rewritten(body=apply(data, edits), services=services, ours=ours, unlisted=unlisted)

    def style_sheet(self, data: bytes, *, encoding: Encoding, view: View) -> Rewritten:
        """A style sheet: held addresses become an empty one."""
        text, offsets = as_utf8(data, encoding)
        found: Iterator[tuple[CssAddress, Owner]] = sheets.contacts(
            text, UTF8, lambda value: self._owner_of(value, Carrier.STYLE, view)
        )
        edits = ((owner, Edit(offsets[one.start], offsets[one.end], one.nothing)) for one, owner in found)
        return self._file(data, edits, view, Carrier.STYLE)

    def worker(self, data: bytes, *, encoding: Encoding, view: View, nothing: str) -> Rewritten:
        """The code of a worker: held addresses in it lead to `nothing`, a path of ours without code."""
        found = (
            (self._owner_of(text_of(value, encoding), Carrier.SCRIPT, view), emptied(start, end, nothing))
            for start, end, value in workers.addresses(data)
        )
        return self._file(data, found, view, Carrier.SCRIPT)

    def _owner_of(self, value: str, carrier: Carrier, view: View) -> Owner | None:
        target = resolve(value, view.url)
        return self._recognise.of_address(target, carrier) if target else None

    def _file(
        self, data: bytes, found: Iterable[tuple[Owner | None, Edit]], view: View, carrier: Carrier
    ) -> Rewritten:
        """A file with the owners of the addresses in it, each with the edit that holds it."""
        edits = []
        services = set()
        unlisted = set()
        for owner, edit in found:
            if isinstance(owner, str):
                services.add(owner)
            if isinstance(owner, Unlisted):
                unlisted.add((owner.host, carrier))
            if owner is not None and not self._loads(owner, view):
                edits.append(edit)
        return Rewritten(
            body=apply(data, edits),
            services=frozenset(services),
            ours=bool(edits or services),
            unlisted=frozenset(unlisted),
        )

    def _contents(self, source: Source) -> Contents:
        def read(source: Source) -> Contents:
            return contents(source, self._recognise)

        return self._remembered.contents(source, read) if self._remembered else read(source)

    def _nested(
        self, data: bytes, found: Contents, view: View, depth: int
    ) -> tuple[list[Edit], list[Rewritten]]:
        """The edits of documents in attributes, and those documents."""
        edits = []
        inner = []
        for document in found.documents:
            base = nested.base_in_data(found.base) if document.media_type else found.base
            inside = self._inside(document, replace(view, url=base), depth)
            inner.append(inside)
            if inside.body != document.content:
                edits.append(
                    kept(data, document.attribute)
                    if document.doubtful
                    else document.with_content(inside.body)
                )
        return edits, inner

    def _inside(self, document: nested.Document, view: View, depth: int) -> Rewritten:
        """A document in an attribute. One that cannot be read is empty then."""
        encoding = document.encoding
        try:
            content = charset.to_bytes_like_ascii(document.content, encoding)
        except charset.Undecodable:
            return EMPTY
        if depth > nested.DEEPEST:
            return EMPTY
        if document.styles:
            inside = self.style_sheet(content, encoding=encoding, view=view)
        else:
            inside = self.page(content, encoding=encoding, view=view, xml=document.xml, depth=depth)
        if not inside.ours:  # its bytes stay, also where they are half a character
            return replace(inside, body=document.content)
        return replace(inside, body=charset.from_bytes_like_ascii(inside.body, encoding))

    def _treated(self, elements: Sequence[Element], page: Page, *, guarded: bool) -> Iterator[Edit]:
        """The edits of all elements; under the guard script what the page needs runs, with a mark."""
        held = [one for one in elements if not self._loads(one.owner, page.view)]
        run = needed.scripts(page.data, held, self._recognise) if guarded else frozenset()
        for one in elements:
            if one.tag.start in run:
                yield needed.mark(one.tag, held)
            else:
                yield from self.treat(one, page)

    def treat(self, element: Element, page: Page) -> list[Edit]:
        """The edits of one element, for one that may load those that it needs; each element once, in order."""
        owner = element.owner
        if isinstance(owner, NAMELESS):
            return removal.hold(element, page)
        treatment = TREATMENTS[self._catalogue.services[owner].treatment]
        if page.view.loads(owner):
            return treatment.load(element, page)
        return treatment.hold(element, page)

    def _loads(self, owner: Owner, view: View) -> bool:
        return isinstance(owner, str) and view.loads_loader(owner)

    def _forms(self, where: Places, page: Page) -> Iterable[Edit]:
        """The forms that the buttons of ours among the plug-ins belong to: at the start of the body, where
        no open paragraph or form of the page can swallow them."""
        at = len(page.data) if where.notice is None else where.notice
        return [Edit(at, at, page.view.forms(sorted(page.placeholders | page.undone)))]


def _inserted(where: Places, parts: Insertions) -> Iterable[Edit]:
    if parts.guard and where.guard is not None:
        yield Edit(where.guard, where.guard, parts.guard)
    if parts.notice and where.notice is not None:
        yield Edit(where.notice, where.notice, parts.notice)
    if parts.settings and where.settings is not None:
        yield Edit(where.settings, where.settings, parts.settings)
