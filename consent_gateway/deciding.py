"""What visitors decide: on a layer, at a placeholder, at a plug-in; each with its record and its cookie."""

from __future__ import annotations

import secrets
from dataclasses import replace

from consent_gateway import choices, cookie_fields, notice
from consent_gateway.catalogue import Treatment
from consent_gateway.choices import Choice, Form
from consent_gateway.consent import NOTHING, Instance
from consent_gateway.cookie_rules import CookieRules
from consent_gateway.cookies import ConsentCookie
from consent_gateway.messages import BadForm, Headers, Response
from consent_gateway.offer import OfferedPurpose, OfferedService
from consent_gateway.page.documents import is_framed
from consent_gateway.pages import Pages
from consent_gateway.rates import Rates
from consent_gateway.record import ENDS
from consent_gateway.rendering import Rendering
from consent_gateway.replies import in_place, redirect, text
from consent_gateway.session_cookie import SessionCookie
from consent_gateway.visit import Reply, Visit

LAYERS = ("notice", "preferences")
MOST_INSTANCES = 10_000  # a number beyond is nobody's placeholder


class Deciding:
    """Carries out what a form of ours asks for."""

    def __init__(
        self,
        rendering: Rendering,
        cookie: ConsentCookie,
        session: SessionCookie,
        pages: Pages,
        rules: CookieRules,
        rates: Rates,
    ) -> None:
        self._rendering = rendering
        self._cookie = cookie
        self._session = session
        self._pages = pages
        self._rules = rules
        self._rates = rates

    def choice(self, visit: Visit) -> Reply:
        """An answer on a layer: back to where it was given, or in place what may load there."""
        if refused := self.refused(visit, grants=False):
            return refused
        form = visit.request.form()
        choice = choices.choose(
            form, consent=visit.consent, offer=visit.offer, visitor=visit.visitor, now=visit.now
        )
        if refused := self.refused(visit, grants=choice.grants):
            return refused
        layer = choices.one(form, "layer", "preferences")
        if layer not in LAYERS:
            raise BadForm(f"must be one of {', '.join(LAYERS)}", "layer")
        language = self.language_of(form, visit)
        shown = self._of_layer(visit, form, layer, language)
        reply = self.decided(visit, choice, _return_to(form), layer, language, shown)
        if _is_in_page(form):
            cookies = [("Set-Cookie", value) for value in reply.response.headers.all("set-cookie")]
            answer = in_place(replace(visit, consent=choice.consent).may_load)
            return replace(reply, response=replace(answer, headers=Headers((*answer.headers, *cookies))))
        if layer == "notice":
            return replace(reply, response=reply.response.adding(*self._cookie.write_said(visit.request)))
        return reply

    def activate(self, visit: Visit) -> Reply:
        """A plug-in loads, once or always; or, at the plug-in itself, its service is switched off."""
        form = visit.request.form()
        undoing = "on" in form.get("undo", ())
        if refused := self.refused(visit, grants=not undoing):
            return refused
        offered = _plug_in(choices.one(form, "service"), "service", visit)
        language = self.language_of(form, visit)
        values = notice.placeholder_values(self._rendering, language, offered)
        shown = notice.shown(self._rendering, "placeholder", language, **values)
        if undoing:
            undone = _undone(visit, offered)
            return self.decided(visit, undone, _return_to(form), "placeholder", language, shown)
        once = {(offered.id, _number(choices.one(form, "instance"), "instance"))}
        once |= {_loaded(value, visit) for value in form.get("loaded", ())}
        remembered = "on" in form.get("remember", ())  # one box per placeholder of the service
        choice = (
            choices.remember(offered.id, consent=visit.consent, now=visit.now)
            if remembered
            else choices.activate(offered.id, consent=visit.consent)
        )
        back = _return_to(form)
        reply = self.decided(visit, choice, back, "placeholder", language, shown, cookie=remembered)
        if _is_in_page(form):
            done = Response(status=204, headers=reply.response.headers.without("Location"))
            return replace(reply, response=done)
        target = back.partition("#")[0]
        cookie = self._cookie.write_once(once, target, visit.request, visit.now)
        return replace(reply, response=reply.response.adding(*cookie))

    def refused(self, visit: Visit, *, grants: bool) -> Reply | None:
        """The refusal of a post that came from another website or, where it grants something, from nobody
        knows where, from a frame, while the visitor has blocked everything, or too often from one address."""
        origin = choices.same_site(visit.request.headers, visit.request.scheme, visit.request.host)
        if origin is False or (origin is None and grants):
            message = "cross_site" if origin is False else "unknown_origin"
            return Reply(response=self._pages.error(visit, 403, message))
        if grants and is_framed(visit.request):
            # Words without a control, for a page of ours is not shown in a frame (SEC-07).
            return Reply(
                response=text(403, f"{self._rendering.wording(visit.language)['error']['framed']}\n")
            )
        if grants and visit.consent.restricted:
            return Reply(response=self._pages.error(visit, 409, "restricted", lead="your-data"))
        return self.hurried(visit) if grants else None

    def hurried(self, visit: Visit) -> Reply | None:
        """The refusal of what switches something on where that came too often from one address."""
        seconds = self._rates.wait("grants", visit.request, visit.now)
        if not seconds:
            return None
        refused = self._pages.error(visit, 429, "too_often").setting("Retry-After", str(seconds))
        return Reply(response=refused)

    def _of_layer(self, visit: Visit, form: Form, layer: str, language: str) -> str:
        """What was shown on a layer; of the second without the state it showed, which is this visitor's own."""
        values = (
            notice.notice_values(
                _asked(form, visit),
                changed="asked" in form,
                controller=visit.site.controller.name,
                objected=visit.objected,
                return_to="/",
                wording=self._rendering.wording(language),
                by_visitor=visit.consent.objected is not None,
            )
            if layer == "notice"
            else {**self._pages.preferences_values(replace(visit, consent=NOTHING), language), "state": ""}
        )
        return notice.shown(self._rendering, layer, language, **values)

    def decided(
        self,
        visit: Visit,
        choice: Choice,
        back: str,
        layer: str,
        language: str,
        shown: str,
        *,
        cookie: bool = True,
    ) -> Reply:
        """The way `back`, with the new cookie and what is to be recorded first."""
        receipt, handle = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
        consent = choice.consent.identified(receipt, handle, visit.now, ends=choice.kind in ENDS)
        response = redirect(back)
        if cookie:
            response = self.remembering(response, replace(visit, consent=consent))
        record = visit.record(consent, choice, layer=layer, language=language, shown=shown)
        unrecorded = self._pages.error(visit, 503, "ledger") if choice.grants else None
        # A withdrawal ends a receipt that a counted grant has made. Of what has none there may be any number.
        if (
            not record.receipt
            and not choice.grants
            and self._rates.wait("refusals", visit.request, visit.now)
        ):
            return Reply(response=response)
        return Reply(
            response=response, record=(record, shown), terms=visit.policy.text, unrecorded=unrecorded
        )

    def remembering(self, response: Response, after: Visit) -> Response:
        """With the cookie of the consent that follows, and without what it does not cover any more."""
        response = response.adding(*self._cookie.write(after.consent, after.request, after.now))
        if after.consent.handle is None:
            response = self._session.without(response, after.request)
        return self.without_withdrawn(response, after)

    def without_withdrawn(self, response: Response, after: Visit) -> Response:
        """With the fields that clear away what is not granted any more, before the next page (CON-09); what
        is only blocked stays (GDPR Art. 18(2))."""
        if after.consent.restricted:
            return response
        verdict_of = self._rules.of(after)
        for field in cookie_fields.expired(after.request, verdict_of, turn=int(after.now.timestamp())):
            response = response.adding(*field)
        return response

    def language_of(self, form: Form, visit: Visit) -> str:
        return choices.language(form, self._rendering.languages, visit.language)


def _return_to(form: Form) -> str:
    return choices.local_path(choices.one(form, "return", "/"))


def _is_in_page(form: Form) -> bool:
    """Whether the page stays as it is, and its script carries out what was decided."""
    return choices.one(form, "in_page", "") == "on"


def _undone(visit: Visit, offered: OfferedService) -> Choice:
    """A service that loads is switched off, where its plug-in stands."""
    needs = offered.service.purposes
    known = visit.offer.services.values()
    loads = visit.unblocked.loads
    others = [one.id for one in known if set(one.service.purposes) & set(needs) and loads(one.id)]
    return choices.undo(offered.id, needs, consent=visit.consent, others=others, now=visit.now)


def _loaded(value: str, visit: Visit) -> Instance:
    """What was activated on the page before, and stays."""
    service, _, number = value.partition(" ")
    return _plug_in(service, "loaded", visit).id, _number(number, "loaded")


def _plug_in(id: str, field: str, visit: Visit) -> OfferedService:
    service = visit.catalogue.services.get(id)
    if service is None or service.treatment is not Treatment.PLACEHOLDER or not visit.site.lists(id):
        raise BadForm("not a plug-in that can be loaded on this site", field)
    return visit.offered(id)


def _asked(form: choices.Form, visit: Visit) -> list[OfferedPurpose]:
    """The purposes that the notice had asked about."""
    some = form.get("asked")
    return [one for one in visit.offer.asked_first if some is None or one.id in some]


def _number(value: str, field: str) -> int:
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= MOST_INSTANCES:
        raise BadForm("must be the number of a placeholder on the page", field)
    return int(value)
