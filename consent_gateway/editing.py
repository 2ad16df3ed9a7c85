"""A document as it came → the document this visitor gets, with its header fields."""

from __future__ import annotations

from dataclasses import dataclass, replace

from consent_gateway import headers
from consent_gateway.catalogue import Catalogue
from consent_gateway.consent import Instance
from consent_gateway.cookies import ConsentCookie
from consent_gateway.dressing import Dressing
from consent_gateway.messages import Response
from consent_gateway.page import charset
from consent_gateway.page.documents import Place, has_base, language_of, place_of
from consent_gateway.page.remembered import Remembered
from consent_gateway.page.rewriting import Rewriter, Rewritten
from consent_gateway.recognition import Recogniser
from consent_gateway.seen import Seen, seen_in
from consent_gateway.sniffing import Kind
from consent_gateway.visit import Visit
from consent_gateway.wording import choose


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """What goes out, what was found, and what of the browser's view the document is."""

    response: Response
    seen: Seen
    place: Place


class Editing:
    """Edits pages, style sheets and the code of workers."""

    def __init__(
        self,
        catalogue: Catalogue,
        recogniser: Recogniser,
        dressing: Dressing,
        cookie: ConsentCookie,
        languages: tuple[str, ...],
    ) -> None:
        self._catalogue = catalogue
        self._recogniser = recogniser
        self._dressing = dressing
        self._cookie = cookie
        self._languages = languages
        self._remembered = Remembered()

    def has_read(self, body: bytes) -> bool:
        """Whether what is in a page of these bytes is known, so that it is edited at once."""
        return self._remembered.knows(body)

    def edited(self, visit: Visit, response: Response, what: Kind) -> Edited:
        """The document for this visitor. Raises charset.Undecodable."""
        request = visit.request
        encoding = charset.sniff(response.body, response.headers.get("content-type"))
        data = charset.to_bytes_like_ascii(response.body, encoding)
        place = place_of(request, data) if what is Kind.HTML else Place.FRAGMENT
        if what is Kind.XML and b"http://www.w3.org/1999/xhtml" in data:
            place = place_of(request, data)
        own_language = language_of(data)
        wanted = (own_language, *visit.visitor.languages) if own_language else visit.visitor.languages
        language = choose(wanted, self._languages)
        visit = replace(visit, language=language, root=request.origin if has_base(data) else "")
        once = frozenset() if visit.consent.restricted else self._cookie.read_once(request, visit.now)
        rewriter = Rewriter(self._catalogue, self._recogniser.on(request.hostname), self._remembered)
        view = self._dressing.view(visit, once)
        if what is Kind.CSS:
            rewritten = rewriter.style_sheet(data, encoding=encoding, view=view)
        elif what is Kind.WORKER:
            rewritten = rewriter.worker(data, encoding=encoding, view=view, nothing=self._dressing.nothing)
            if self._dressing.enforces:  # a worker has the policy that its own response brings
                rewritten, place = replace(rewritten, ours=True), Place.FRAME
        else:
            rewritten = rewriter.page(
                data,
                encoding=encoding,
                view=view,
                xml=what is Kind.XML,
                insert=None
                if place is Place.FRAGMENT
                else self._dressing.insertions(visit, view, place, response),
            )
        finished = self._finished(
            response, rewritten, visit, encoding, place, once, by_language=not own_language
        )
        seen = replace(
            seen_in(data, rewritten.services),
            held=frozenset(id for id in rewritten.services if not visit.loads(id)),
            unlisted=rewritten.unlisted,
        )
        return Edited(response=finished, seen=seen, place=place)

    def _finished(
        self,
        response: Response,
        rewritten: Rewritten,
        visit: Visit,
        encoding: charset.Encoding,
        place: Place,
        once: frozenset[Instance],
        *,
        by_language: bool,
    ) -> Response:
        if not rewritten.ours:
            return response
        body = charset.from_bytes_like_ascii(rewritten.body, encoding)
        fields = headers.for_edited(
            response.headers, also_varies_with=["Accept-Language"] if by_language else []
        )
        fields = self._dressing.declared(fields, body, encoding)
        if place is Place.FRAGMENT:
            return replace(response, headers=fields, body=body)
        fields = self._dressing.policies(fields, visit, once, rewritten.services)
        finished = replace(response, headers=fields, body=body)
        if visit.said and place is Place.PAGE:
            finished = finished.adding(*self._cookie.clear_said(visit.request))
        return finished.adding(*self._cookie.clear_once(visit.request)) if once else finished
