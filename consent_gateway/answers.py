"""The gateway's own paths: notice and preferences, choices, placeholders, privacy centre."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace

from consent_gateway import choices, cookie_fields, notice, placeholders, reports
from consent_gateway.catalogue import Treatment
from consent_gateway.choices import Choice
from consent_gateway.consent import Instance
from consent_gateway.cookie_rules import CookieRules, Verdict
from consent_gateway.cookies import ConsentCookie
from consent_gateway.dressing import Dressing
from consent_gateway.messages import BadForm, Response
from consent_gateway.offer import OfferedPurpose, OfferedService
from consent_gateway.page.rewriting import Rewriter
from consent_gateway.pages import Pages
from consent_gateway.recognition import Recogniser
from consent_gateway.rendering import Rendering
from consent_gateway.replies import in_place, no_content, redirect
from consent_gateway.session_cookie import SessionCookie
from consent_gateway.urls import Address
from consent_gateway.visit import Reply, Visit

Handler = Callable[[Visit], Reply]
LAYERS = ("notice", "preferences")
MOST_INSTANCES = 10_000  # a number beyond is nobody's placeholder


class Answers:
    """Answers the requests to the gateway's own paths."""

    def __init__(
        self,
        rendering: Rendering,
        cookie: ConsentCookie,
        session: SessionCookie,
        pages: Pages,
        recogniser: Recogniser,
        dressing: Dressing,
        intake: reports.Intake,
        rules: CookieRules,
    ) -> None:
        self._rules = rules
        self._dressing = dressing
        self._recogniser = recogniser
        self._intake = intake
        self._rendering = rendering
        self._cookie = cookie
        self._session = session
        self._pages = pages
        self._routes: Mapping[str, Mapping[str, Handler]] = {
            "/choice": {"POST": self._choice},
            "/activate": {"POST": self._activate},
            "": {"GET": self._entrance},
            "/": {"GET": self._entrance},
            "/preferences": {"GET": pages.preferences},
            "/policy": {"GET": pages.policy},
            "/your-data": {"GET": pages.your_data},
            "/your-data.json": {"GET": pages.your_data_json},
            "/placeholder": {"GET": self._placeholder},
            "/reports": {"POST": self._reports},
            "/healthz": {"GET": pages.health},
        }

    def answer(self, visit: Visit) -> Reply | None:
        """The reply, or None where the path is not ours."""
        prefix = visit.site.prefix
        if visit.request.path == "/.well-known/gpc.json":
            return self._allowed(visit, {"GET": self._pages.gpc})
        if visit.request.path != prefix and not visit.request.path.startswith(f"{prefix}/"):
            return None
        path = visit.request.path.removeprefix(prefix)
        if path.startswith("/static/"):
            return self._allowed(visit, {"GET": self._pages.static})
        route = self._routes.get(path)
        if route is None:
            return Reply(response=self._pages.error(visit, 404, "not_found"))
        return self._allowed(visit, route)

    def _allowed(self, visit: Visit, handlers: Mapping[str, Handler]) -> Reply:
        method = "GET" if visit.request.method == "HEAD" else visit.request.method
        handler = handlers.get(method)
        if handler is None:
            methods = ", ".join((*handlers, *(["HEAD"] if "GET" in handlers else [])))
            refused = self._pages.error(visit, 405, "method", methods=methods)
            return Reply(response=refused.setting("Allow", methods))
        try:
            return handler(visit)
        except BadForm as error:
            detail = f"{error.field}: {error.reason}" if error.field else error.reason
            return Reply(response=self._pages.error(visit, 400, "form", detail=detail))

    def _entrance(self, visit: Visit) -> Reply:
        return Reply(response=redirect(f"{visit.site.prefix}/preferences"))

    def _placeholder(self, visit: Visit) -> Reply:
        rewriter = Rewriter(visit.catalogue, self._recogniser.on(visit.request.hostname))
        found = placeholders.placeholder(visit, self._dressing, rewriter, self._rendering.languages)
        return found or Reply(response=self._pages.error(visit, 404, "not_found"))

    def _choice(self, visit: Visit) -> Reply:
        origin = choices.same_site(visit.request.headers, visit.request.scheme, visit.request.host)
        if origin is False:
            return Reply(response=self._pages.error(visit, 403, "cross_site"))
        form = visit.request.form()
        choice = choices.choose(
            form, consent=visit.consent, offer=visit.offer, visitor=visit.visitor, now=visit.now
        )
        if origin is None and choice.grants:
            return Reply(response=self._pages.error(visit, 403, "unknown_origin"))
        layer = choices.one(form, "layer", "preferences")
        if layer not in LAYERS:
            raise BadForm(f"must be one of {', '.join(LAYERS)}", "layer")
        language = self._form_language(form, visit)
        values = (
            notice.notice_values(
                _asked(form, visit),
                changed="asked" in form,
                controller=visit.site.controller.name,
                objected=visit.objected,
                return_to="/",
                wording=self._rendering.wording(language),
            )
            if layer == "notice"
            else self._pages.preferences_values(visit, language)
        )
        shown = notice.shown(self._rendering, layer, language, **values)
        return_to = choices.local_path(choices.one(form, "return", "/"))
        reply = self._granted(visit, choice, return_to, layer, language, shown)
        if choices.one(form, "in_page", "") == "on":
            answer = in_place(replace(visit, consent=choice.consent).may_load)
            for cookie in reply.response.headers.all("set-cookie"):
                answer = answer.adding("Set-Cookie", cookie)
            return replace(reply, response=answer)
        if layer == "notice":
            return replace(reply, response=reply.response.adding(*self._cookie.write_said(visit.request)))
        return reply

    def _activate(self, visit: Visit) -> Reply:
        origin = choices.same_site(visit.request.headers, visit.request.scheme, visit.request.host)
        if origin is not False and "on" in visit.request.form().get("undo", ()):
            return self._undone(visit)
        if not origin:
            return Reply(
                response=self._pages.error(visit, 403, "cross_site" if origin is False else "unknown_origin")
            )
        form = visit.request.form()
        offered = self._activated(choices.one(form, "service"), "service", visit)
        once = {(offered.id, _number(choices.one(form, "instance"), "instance"))}
        once |= {self._loaded(value, visit) for value in form.get("loaded", ())}
        return_to = choices.local_path(choices.one(form, "return", "/"))
        language = self._form_language(form, visit)
        shown = notice.shown(
            self._rendering,
            "placeholder",
            language,
            **notice.placeholder_values(self._rendering, language, offered),
        )
        remembered = "on" in form.get("remember", ())  # one box per placeholder of the service
        choice = (
            choices.remember(offered.id, consent=visit.consent, now=visit.now)
            if remembered
            else choices.activate(offered.id, consent=visit.consent)
        )
        reply = self._granted(visit, choice, return_to, "placeholder", language, shown, cookie=remembered)
        if choices.one(form, "in_page", "") == "on":
            done = Response(status=204, headers=reply.response.headers.without("Location"))
            return replace(reply, response=done)
        cookie = self._cookie.write_once(once, return_to.partition("#")[0], visit.request, visit.now)
        return replace(reply, response=reply.response.adding(*cookie))

    def _undone(self, visit: Visit) -> Reply:
        """A service that loads is switched off, where its plug-in stands."""
        form = visit.request.form()
        offered = self._activated(choices.one(form, "service"), "service", visit)
        language = self._form_language(form, visit)
        needs = offered.service.purposes
        known = visit.offer.services.values()
        others = [one.id for one in known if set(one.service.purposes) & set(needs) and visit.loads(one.id)]
        choice = choices.undo(offered.id, needs, consent=visit.consent, others=others, now=visit.now)
        shown = notice.shown(
            self._rendering,
            "placeholder",
            language,
            **notice.placeholder_values(self._rendering, language, offered),
        )
        return_to = choices.local_path(choices.one(form, "return", "/"))
        return self._granted(visit, choice, return_to, "placeholder", language, shown)

    def _reports(self, visit: Visit) -> Reply:
        if choices.same_site(visit.request.headers, visit.request.scheme, visit.request.host) is False:
            return Reply(response=self._pages.error(visit, 403, "cross_site"))

        def owner_of(address: Address) -> str:
            return self._recogniser.named_owner(address, visit.request.hostname)

        def is_held(cookie: str) -> bool:
            return self._rules.of(visit.loads, visit.grants)(cookie) is Verdict.UNDECLARED

        blocked = reports.read(visit.request, owner_of, is_held, visit.now.date())
        self._intake.take(len(blocked), visit.now)
        telling = tuple(one for one in blocked if not _loads_in_place(one.owner, visit))
        return Reply(response=no_content(), blocked=telling)

    def _loaded(self, value: str, visit: Visit) -> Instance:
        """What was activated on the page before, and stays."""
        service, _, number = value.partition(" ")
        return self._activated(service, "loaded", visit).id, _number(number, "loaded")

    def _activated(self, id: str, field: str, visit: Visit) -> OfferedService:
        service = visit.catalogue.services.get(id)
        if service is None or service.treatment is not Treatment.PLACEHOLDER or not visit.site.lists(id):
            raise BadForm("not a plug-in that can be loaded on this site", field)
        return visit.offer.services.get(id) or OfferedService(id, service)

    def _granted(
        self,
        visit: Visit,
        choice: Choice,
        return_to: str,
        layer: str,
        language: str,
        shown: str,
        *,
        cookie: bool = True,
    ) -> Reply:
        consent = choice.consent.identified(secrets.token_urlsafe(16), secrets.token_urlsafe(16), visit.now)
        response = redirect(return_to)
        if cookie:
            response = response.adding(*self._cookie.write(consent, visit.request, visit.now))
            if consent.handle is None:
                response = self._session.without(response, visit.request)
            response = self._without_withdrawn(response, replace(visit, consent=consent))
        record = visit.record(consent, choice, layer=layer, language=language, shown=shown)
        unrecorded = self._pages.error(visit, 503, "ledger") if choice.grants else None
        return Reply(response=response, record=(record, shown), terms=visit.terms, unrecorded=unrecorded)

    def _without_withdrawn(self, response: Response, after: Visit) -> Response:
        """With the fields that clear away what is not granted any more, before the next page (CON-09)."""
        verdict_of = self._rules.of(after.loads, after.grants)
        for field in cookie_fields.expired(after.request, verdict_of, turn=int(after.now.timestamp())):
            response = response.adding(*field)
        return response

    def _form_language(self, form: choices.Form, visit: Visit) -> str:
        language = choices.one(form, "language", visit.language)
        if language not in self._rendering.languages:
            raise BadForm("not a language of this site", "language")
        return language


def _asked(form: choices.Form, visit: Visit) -> list[OfferedPurpose]:
    """The purposes that the notice had asked about."""
    some = form.get("asked")
    return [one for one in visit.offer.asked_first if some is None or one.id in some]


def _number(value: str, field: str) -> int:
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= MOST_INSTANCES:
        raise BadForm("must be the number of a placeholder on the page", field)
    return int(value)


def _loads_in_place(owner: str, visit: Visit) -> bool:
    """Whether it may have loaded into a page whose policy does not name it yet: this visitor has
    released it, or it has placeholders, of which nobody can tell whether one was clicked."""
    service = visit.catalogue.services.get(owner)
    if service is None or visit.site.third_parties.unlisted == "hold":
        return False
    return visit.loads(owner) or (service.treatment is Treatment.PLACEHOLDER and visit.site.lists(owner))
