"""Requests for the operator's other systems: the form, what is taken of it, and how a request stands."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from urllib.parse import parse_qs

from consent_gateway import choices
from consent_gateway.choices import Form
from consent_gateway.locales import date_in
from consent_gateway.messages import BadForm, Response
from consent_gateway.pace import Pace
from consent_gateway.pages import Pages
from consent_gateway.rendering import Rendering
from consent_gateway.replies import redirect, text
from consent_gateway.retention import rule_of
from consent_gateway.site_tables import REQUESTS
from consent_gateway.subject_requests.asking import LookingUp, Receiving
from consent_gateway.subject_requests.notices import to_tell
from consent_gateway.subject_requests.request import KINDS, NewRequest, SubjectRequest, Unacceptable, address
from consent_gateway.visit import Reply, Visit

logger = logging.getLogger(__name__)

FIELDS = ("kind", "reply_to", "message")


class Requesting:
    """Answers what comes to the form, and to the page of a request."""

    def __init__(self, pages: Pages, rendering: Rendering, an_hour: int) -> None:
        self._pages = pages
        self._rendering = rendering
        self._pace = Pace(an_hour)
        self._has_warned = False

    def show(self, visit: Visit) -> Reply:
        """The form; with `number` and `key` the page of that request, or with `download` as a file."""
        query = parse_qs(visit.request.query)
        if not {"number", "key"} & query.keys():
            return Reply(response=self._form(visit))
        number, key = query.get("number", [""])[0], query.get("key", [""])[0]
        known = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
        return Reply(
            response=_untold(self._unknown(visit)),
            asking=LookingUp(
                number=known,
                key=key,
                found=self._shown(visit, download="download" in query, fresh="sent" in query),
                unavailable=_untold(self._error(visit, 503, "request")),
            ),
        )

    def take(self, visit: Visit) -> Reply:
        """What is to be received of a posted form: with faults the form again, and nothing is lost of it."""
        if choices.same_site(visit.request.headers, visit.request.scheme, visit.request.host) is False:
            return Reply(response=self._pages.error(visit, 403, "cross_site"))
        form = visit.request.form()
        given = {name: choices.one(form, name, "") for name in FIELDS}
        language = self._language(form, visit)
        try:
            new = NewRequest(**given, language=language, host=visit.request.hostname, received=visit.now)
        except Unacceptable as error:
            if error.field not in FIELDS:
                raise BadForm(error.reason, error.field) from error
            return Reply(response=self._form(visit, given=given, faults=[error.field]))
        if seconds := self._pace.wait(visit.request.address, visit.now):
            self._warn_of_proxies(visit)
            return Reply(response=self._too_many(visit, seconds))
        return Reply(response=self._form(visit), asking=self._receiving(visit, new))

    # ---- steps ------------------------------------------------------------------------------

    def _receiving(self, visit: Visit, new: NewRequest) -> Receiving:
        asked_from = visit.request.address

        def too_many(seconds: int) -> Response:
            self._pace.give_back(asked_from, visit.now)
            return self._too_many(visit, seconds)

        def received(request: SubjectRequest) -> Response:
            self._pace.keep(asked_from, visit.now)
            return _untold(redirect(f"{address(visit.site.prefix, request)}&sent=1"))

        return Receiving(
            new=new,
            recipients=to_tell(new.kind, visit.site.recipients),
            received=received,
            unreceived=self._error(visit, 503, "request"),
            too_many=too_many,
        )

    def _warn_of_proxies(self, visit: Visit) -> None:
        request = visit.request
        if self._has_warned or request.through_trusted or not request.headers.all("x-forwarded-for"):
            return
        self._has_warned = True
        logger.warning(
            "too many requests about personal data from one address, and they came with X-Forwarded-For: if there "
            "is a proxy in front, name it in [site] trusted_proxies, or all its visitors count as one"
        )

    def _form(
        self, visit: Visit, *, given: dict[str, str] | None = None, faults: list[str] | None = None
    ) -> Response:
        return self._pages.own(
            visit,
            "request.html",
            status=400 if faults else 200,
            kinds=KINDS,
            given=given or dict.fromkeys(FIELDS, ""),
            faults=faults or [],
            contact=visit.site.controller.contact,
            period=rule_of(visit.site, REQUESTS).period,
        )

    def _shown(
        self, visit: Visit, *, download: bool, fresh: bool
    ) -> Callable[[SubjectRequest | None], Response]:
        def shown(request: SubjectRequest | None) -> Response:
            if request is None:
                return _untold(self._unknown(visit))
            return _untold(
                self._file(visit, request) if download else self._page(visit, request, fresh=fresh)
            )

        return shown

    def _page(self, visit: Visit, request: SubjectRequest, *, fresh: bool) -> Response:
        return self._pages.own(
            visit,
            "request_taken.html",
            request=request,
            steps=request.steps,
            fresh=fresh,
            contact=visit.site.controller.contact,
            authority=visit.site.controller.supervisory_authority,
        )

    def _file(self, visit: Visit, request: SubjectRequest) -> Response:
        """The confirmation as a text to keep (GDPR Art. 12(3))."""
        said, language = self._rendering.wording(visit.language)["request"], visit.language
        lines = [
            said["number"].format(number=request.number),
            visit.site.controller.name,
            "",
            f"{said['asked']}: {said[f'kind_{request.kind}']}",
            f"{said['received']}: {date_in(request.received.date(), language)}",
            f"{said['due']}: {date_in(request.due, language)}",
            f"{said['status']}: {said[f'status_{request.status}']}",
            "",
            f"{said['reply_to']} {request.reply_to}",
            f"{said['message']} {request.message}",
            "",
        ]
        for step in request.steps:
            done = f"{date_in(request.day_of(step), language)}: {said[f'step_{step.what}']} {step.text}"
            lines.append(done.rstrip())
        if request.status == "refused":
            authority = visit.site.controller.supervisory_authority
            lines += ["", said["remedy"]]
            lines += [said["remedy_authority"].format(authority=authority)] if authority else []
        name = f"request-{request.number}.txt"
        return text(200, "\n".join(lines) + "\n").setting(
            "Content-Disposition", f'attachment; filename="{name}"'
        )

    def _unknown(self, visit: Visit) -> Response:
        sentence = self._rendering.wording(visit.language)["request"]["unknown"]
        title = self._rendering.wording(visit.language)["error_titles"]["not_found"]
        return self._pages.own(
            visit, "error.html", status=404, title=title, message=sentence, detail="", lead=""
        )

    def _too_many(self, visit: Visit, seconds: int) -> Response:
        minutes = max(1, math.ceil(seconds / 60))
        return self._error(visit, 429, "too_many", minutes=minutes).setting("Retry-After", str(seconds))

    def _error(self, visit: Visit, status: int, message: str, *, minutes: int = 0) -> Response:
        contact = visit.site.controller.contact or visit.site.controller.name
        return self._pages.error(visit, status, message, contact=contact, minutes=minutes)

    def _language(self, form: Form, visit: Visit) -> str:
        return choices.language(form, self._rendering.languages, visit.language)


def _untold(response: Response) -> Response:
    """Number and key stand in the address: no link on from there hands them to the site as a Referer."""
    return response.setting("Referrer-Policy", "no-referrer")
