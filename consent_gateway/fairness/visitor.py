"""Somebody who sees everything that visitors can be shown in one language, before and after choosing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import NamedTuple
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

from consent_gateway import notice
from consent_gateway.consent import NOTHING
from consent_gateway.cookies import SAID, cookie_name
from consent_gateway.fairness import site_page
from consent_gateway.fairness.document import Document
from consent_gateway.fairness.layers import Layer
from consent_gateway.gateway import Gateway
from consent_gateway.messages import FORM_TYPE, Headers, Request, Response
from consent_gateway.offer import Offer, OfferedPurpose, offer
from consent_gateway.rendering import Rendering

OBJECTING = (("Sec-GPC", "1"),)
INSERTED = ("notice", "placeholder", "undo", "said", "settings")


class NoNotice(Exception):
    """A visitor who is to be asked gets no notice."""


class Sight(NamedTuple):
    """Something that visitors can be shown: the template that has most to do with it, and its layers."""

    template: str
    layers: Callable[[], Iterator[Layer]]


@dataclass(frozen=True)
class Visitor:
    """Who speaks one language, and sees every layer."""

    gateway: Gateway
    rendering: Rendering
    language: str
    now: datetime

    def sights(self) -> Iterator[Sight]:
        """All there is to be seen. Looking raises Malformed, NoNotice, and whatever a template raises."""
        yield Sight("notice.html", self._first)
        yield Sight("notice.html", self._objecting)
        if len(self._offered) > 1:
            yield Sight("notice.html", self._asked_again)
        yield Sight("said.html", self._said)
        yield Sight("undo.html", self._loaded)
        for path in ("preferences", "policy", "your-data"):
            for agreed in (False, True):
                yield Sight(f"{path.replace('-', '_')}.html", partial(self._own_page, path, agreed=agreed))
        yield Sight("preferences.html", partial(self._own_page, "preferences", agreed=True, query="&saved=1"))
        yield Sight("error.html", partial(self._own_page, "error", agreed=False))

    def _first(self) -> Iterator[Layer]:
        return self._site_page(asked=notice.asked(NOTHING, self._offer))

    def _objecting(self) -> Iterator[Layer]:
        asked = notice.asked(NOTHING, self._offer, self._offer.yielding)
        return self._site_page(*OBJECTING, asked=asked)

    def _asked_again(self) -> Iterator[Layer]:
        known, *asked = self._offered
        cookie = self._cookie_after(("decision", "reject_all"), ("layer", "notice"), ("asked", known.id))
        return self._site_page(("Cookie", cookie), asked=asked)

    def _said(self) -> Iterator[Layer]:
        decided = self._cookie_after(("decision", "reject_all"), ("layer", "notice"))
        said = f"{cookie_name(self._request('/').scheme, SAID)}=1"
        return self._site_page(("Cookie", f"{decided}; {said}" if said not in decided else decided), asked=())

    def _loaded(self) -> Iterator[Layer]:
        return self._site_page(("Cookie", self._agreed()), asked=(), decided=True)

    def _site_page(
        self,
        *fields: tuple[str, str],
        asked: list[OfferedPurpose] | tuple[()],
        decided: bool = False,
    ) -> Iterator[Layer]:
        page = self._page(*fields)
        parts = {name: list(page.all(data_privacy=name)) for name in INSERTED}
        if asked and not parts["notice"]:
            raise NoNotice
        ours = {element for ones in parts.values() for one in ones for element in one.iter()}
        of_site = {element for element in page.root.iter() if site_page.is_of_site(element, self._frame)}
        rest = tuple(element for element in page.root.iter() if element not in ours | of_site)
        for name in INSERTED[:-1]:
            for part in parts[name]:
                must_say = tuple(self._must_say(asked)) if name == "notice" else ()
                yield self._layer(f"{name}.html", page, part, tuple(part.iter()), decided, must_say)
        settings = parts["settings"][0] if parts["settings"] else page.root
        brought = (*rest, *(element for one in parts["settings"] for element in one.iter()))
        yield self._layer("settings.html", page, settings, brought, decided)

    def _own_page(self, path: str, *, agreed: bool, query: str = "") -> Iterator[Layer]:
        target = f"{self.gateway.site.prefix}/{path}?language={self.language}{query}"
        fields = (("Cookie", self._agreed()),) if agreed else ()
        reply = self.gateway.answer(self._request(target, *fields), self.now)
        assert reply is not None
        page = Document(reply.response.body.decode("utf-8"))
        body = next(page.all("body"), page.root)
        yield self._layer(
            f"{path.replace('-', '_')}.html", page, body, tuple(page.root.iter()), decided=agreed
        )

    def _layer(
        self,
        template: str,
        page: Document,
        part: Element,
        brought: tuple[Element, ...],
        decided: bool,
        must_say: tuple[tuple[str, str], ...] = (),
    ) -> Layer:
        return Layer(
            template,
            self.language,
            page,
            part,
            prefix=self.gateway.site.prefix,
            brought=brought,
            decided=decided,
            must_say=must_say,
        )

    @property
    def _offer(self) -> Offer:
        return offer(self.gateway.site, self.gateway.catalogue, self.gateway.seen.services)

    @property
    def _offered(self) -> list[OfferedPurpose]:
        return notice.asked(NOTHING, self._offer)

    @cached_property
    def _frame(self) -> str:
        return site_page.frame(self.gateway.site, self.gateway.catalogue)

    def _must_say(self, asked: list[OfferedPurpose] | tuple[()]) -> Iterator[tuple[str, str]]:
        wording = self.rendering.wording(self.language)
        controller = self.gateway.site.controller.name or wording["notice"]["nobody"]
        yield "who is responsible", " ".join(controller.split())
        yield "where a choice can be withdrawn", wording["settings"]["link"]
        for purpose in asked:
            yield "what for", wording["purposes"][purpose.id]["name"]

    def _request(self, target: str, *fields: tuple[str, str], body: bytes = b"") -> Request:
        site = self.gateway.site.site
        said = (
            ("Accept-Language", self.language),
            ("Sec-Fetch-Dest", "document"),
            ("Sec-Fetch-Site", "same-origin"),
        )
        return Request(
            method="POST" if body else "GET",
            scheme=site.scheme or "https",
            host=site.hosts[0] if site.hosts else "localhost",
            target=target,
            headers=Headers((*said, *fields)),
            body=body,
        )

    def _page(self, *fields: tuple[str, str]) -> Document:
        html = site_page.html(self.language, self._frame)
        response = Response(
            status=200, headers=Headers.of(Content_Type="text/html; charset=utf-8"), body=html.encode()
        )
        changed, _ = self.gateway.rewrite(self._request("/", *fields), response, self.now)
        return Document(changed.body.decode("utf-8"))

    def _agreed(self) -> str:
        """The cookie of somebody who has accepted all."""
        return self._cookie_after(("decision", "accept_all"))

    def _cookie_after(self, *fields: tuple[str, str]) -> str:
        form = urlencode((*fields, ("language", self.language))).encode()
        request = self._request(f"{self.gateway.site.prefix}/choice", ("Content-Type", FORM_TYPE), body=form)
        reply = self.gateway.answer(request, self.now)
        assert reply is not None
        return "; ".join(value.partition(";")[0] for value in reply.response.headers.all("set-cookie"))
