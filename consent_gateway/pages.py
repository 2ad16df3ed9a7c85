"""The pages of the gateway itself: preferences, policy, errors, static files."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, quote

from consent_gateway import choices, notice, policy_page
from consent_gateway.consent import OBJECTION_LIFE
from consent_gateway.headers import takes_gzip
from consent_gateway.messages import Headers, Response
from consent_gateway.policy_page import Version
from consent_gateway.rendering import Rendering
from consent_gateway.replies import page, text
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
        """A load balancer that asks `for=pages` keeps us while there is trouble with what pages do not need."""
        query = parse_qs(visit.request.query)
        return Reply(response=text(200, "ok\n"), health=query.get("for") != ["pages"])

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
        """The version in force, or by `?version=` an earlier one."""
        found = _asked_for(visit)
        if found is None:
            return Reply(response=self.error(visit, 404, "not_found"))
        shown, outdated = found
        if shown and outdated:
            text, language = shown.text(visit.language)
        else:
            scheme, language = visit.request.scheme, visit.language
            text = policy_page.text(
                visit.policy.policy, self._rendering, language, scheme=scheme, live=_objecting(visit)
            )
        return Reply(
            response=self.own(
                visit,
                "policy.html",
                text=self._rendering.marked(text),
                other=language if language != visit.language else "",
                outdated=outdated,
                number=shown.number if shown else None,
                date=(shown.since if shown else self._started).date(),
                hash=shown.hash if shown else visit.policy.hash,
                earlier=[
                    one for one in reversed(visit.policy.versions) if not shown or one.number < shown.number
                ],
            )
        )

    def policy_json(self, visit: Visit) -> Reply:
        """The facts of the policy (GDPR Art. 12(7)), in force or of an earlier version: the very text whose
        SHA-256 is the hash on the page and in the records of decisions."""
        found = _asked_for(visit)
        shown, outdated = found or (None, False)
        facts = shown.facts if shown and outdated else visit.policy.text
        return _json(facts) if found else Reply(response=self.error(visit, 404, "not_found"))

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
        return _json(f"{body}\n")

    def own(self, visit: Visit, template: str, *, status: int = 200, **values: Any) -> Response:
        """A page of ours. Every one may have the control by which advertising is objected to."""
        values.setdefault("controller", visit.site.controller.name)
        html = self._rendering.render(template, visit.language, **_objecting(visit) | values)
        return page(status, html, (("Content-Language", visit.language), ("Vary", "Accept-Language, Cookie")))


def _asked_for(visit: Visit) -> tuple[Version | None, bool] | None:
    """The version that is asked for, or the one in force if that was kept, and whether it is outdated; None
    for one that there is not."""
    known = visit.policy.versions
    current = known[-1] if known and known[-1].hash == visit.policy.hash else None
    wanted = parse_qs(visit.request.query).get("version", [""])[0]
    if not wanted:
        return current, False
    version = next((one for one in known if str(one.number) == wanted), None)
    return (version, version is not current) if version else None


def _objecting(visit: Visit) -> dict[str, Any]:
    """What the control by which advertising is objected to has to know."""
    done = parse_qs(visit.request.query).get("done", [""])[0]
    return {
        "objection_since": visit.consent.objected,
        "objection_life": OBJECTION_LIFE,
        "released": visit.may_load,
        "done": done,
    }


def _json(body: str) -> Reply:
    response = text(200, body).setting("Content-Type", "application/json; charset=utf-8")
    return Reply(response=response)
