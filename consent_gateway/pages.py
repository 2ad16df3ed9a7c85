"""The pages of the gateway itself: preferences, policy, errors, static files."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, quote

from consent_gateway import choices, notice
from consent_gateway.catalogue import Treatment
from consent_gateway.consent import HANDLE_LIFE, OBJECTION_LIFE, REMEMBERED
from consent_gateway.cookie_rules import is_kept_out
from consent_gateway.cookies import ONCE, ONCE_SECONDS, SAID, cookie_name
from consent_gateway.headers import takes_gzip
from consent_gateway.messages import Headers, Response
from consent_gateway.offer import Offer
from consent_gateway.periods import Period
from consent_gateway.rendering import Rendering
from consent_gateway.replies import page, text
from consent_gateway.session_cookie import SUFFIX as SESSION
from consent_gateway.visit import Reply, Visit

IMMUTABLE = "public, max-age=31536000, immutable"


class Pages:
    """Renders the pages for one visit."""

    def __init__(self, rendering: Rendering, *, started: datetime) -> None:
        self._rendering = rendering
        self._started = started

    def error(
        self, visit: Visit, status: int, message: str, *, detail: str = "", lead: str = "", **values: object
    ) -> Response:
        """A plain page that says what went wrong, in the visitor's language; `detail` is in English, `lead`
        the name of a page of ours where one can go on."""
        wording = self._rendering.wording(visit.language)
        sentence = wording["error"][message].format(**values)
        title = wording["error_titles"][message]
        said = {"title": title, "message": sentence, "detail": detail, "lead": lead}
        return self.own(visit, "error.html", status=status, **said)

    def health(self, visit: Visit) -> Reply:
        return Reply(response=text(200, "ok\n"))

    def preferences(self, visit: Visit) -> Reply:
        query = parse_qs(visit.request.query)
        return_to = choices.local_path(query.get("return", ["/"])[0])
        back = f"{visit.site.prefix}/preferences?saved=1&language={visit.language}&return={quote(return_to, safe='')}"
        values = {**self.preferences_values(visit, visit.language), "return_to": back, "back_to": return_to}
        return Reply(
            response=self.own(
                visit, "preferences.html", saved="saved" in query, released=visit.may_load, **values
            )
        )

    def preferences_values(self, visit: Visit, language: str) -> dict[str, Any]:
        return notice.preferences_values(
            self._rendering,
            language,
            visit.offer,
            visit.consent,
            controller=visit.site.controller.name,
            objected=visit.objected,
        )

    def policy(self, visit: Visit) -> Reply:
        controller = visit.site.controller
        return Reply(
            response=self.own(
                visit,
                "policy.html",
                address=controller.address,
                contact=controller.contact,
                purposes=visit.offer.purposes,
                measured=visit.site.lists("google-analytics"),
                plug_ins=visit.site.services is None
                or any(
                    one.service.treatment is Treatment.PLACEHOLDER for one in visit.offer.services.values()
                ),
                period=visit.site.analytics.rotation,
                choice_cookie=cookie_name(visit.request.scheme),
                once_cookie=cookie_name(visit.request.scheme, ONCE),
                said_cookie=cookie_name(visit.request.scheme, SAID),
                session_cookie=cookie_name(visit.request.scheme, SESSION),
                remembered=REMEMBERED,
                handle_life=HANDLE_LIFE,
                once=Period(ONCE_SECONDS, "second"),
                cookies=[
                    cookie
                    for cookie in visit.site.cookies.values()
                    if not is_kept_out(cookie.name, visit.catalogue)
                ],
                retention=visit.site.retention,
                version=_version(visit.offer),
                date=self._started.date(),
            )
        )

    def static(self, visit: Visit) -> Reply:
        file = self._rendering.static(visit.request.path.rpartition("/")[2])
        if file is None:
            return Reply(response=self.error(visit, 404, "not_found"))
        zips = takes_gzip(visit.request.headers.get("accept-encoding"))
        headers = (
            ("Content-Type", file.media_type),
            *((("Content-Encoding", "gzip"),) if zips else ()),
            ("Vary", "Accept-Encoding"),
            ("Cache-Control", IMMUTABLE),
            ("X-Content-Type-Options", "nosniff"),
            ("Cross-Origin-Resource-Policy", "cross-origin"),  # a sandboxed page of the site is of no origin
        )
        body = file.zipped if zips else file.content
        return Reply(response=Response(status=200, headers=Headers(headers), body=body))

    def gpc(self, visit: Visit) -> Reply:
        # W3C Global Privacy Control, section "GPC Support Resource".
        body = json.dumps({"gpc": True, "lastUpdate": self._started.date().isoformat()})
        response = text(200, f"{body}\n").setting("Content-Type", "application/json; charset=utf-8")
        return Reply(response=response)

    def own(self, visit: Visit, template: str, *, status: int = 200, **values: Any) -> Response:
        """A page of ours. Every one may have the control by which advertising is objected to."""
        values.setdefault("controller", visit.site.controller.name)
        values.setdefault("objection_since", visit.consent.objected)
        values.setdefault("objection_life", OBJECTION_LIFE)
        values.setdefault("released", visit.may_load)
        values.setdefault("done", parse_qs(visit.request.query).get("done", [""])[0])
        html = self._rendering.render(template, visit.language, **values)
        return page(status, html, (("Content-Language", visit.language), ("Vary", "Accept-Language, Cookie")))


def _version(offer: Offer) -> str:
    return "-".join(purpose.revision for purpose in offer.purposes)[:41]
