"""The pages of the gateway itself: preferences, policy, your data, errors, static files."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, quote

from consent_gateway import choices, notice, policy_page
from consent_gateway.headers import takes_gzip
from consent_gateway.messages import Headers, Response
from consent_gateway.rendering import Rendering
from consent_gateway.replies import page, text
from consent_gateway.session_cookie import SessionCookie
from consent_gateway.visit import Reply, Visit

IMMUTABLE = "public, max-age=31536000, immutable"


class Pages:
    """Renders the pages for one visit."""

    def __init__(self, rendering: Rendering, session: SessionCookie, *, started: datetime) -> None:
        self._rendering = rendering
        self._session = session
        self._started = started

    def error(
        self, visit: Visit, status: int, message: str, *, detail: str = "", **values: object
    ) -> Response:
        """A plain page that says what went wrong, in the visitor's language; `detail` is in English."""
        wording = self._rendering.wording(visit.language)
        sentence = wording["error"][message].format(**values)
        title = wording["error_titles"][message]
        return self.page(visit, "error.html", status=status, title=title, message=sentence, detail=detail)

    def health(self, visit: Visit) -> Reply:
        return Reply(response=text(200, "ok\n"))

    def preferences(self, visit: Visit) -> Reply:
        query = parse_qs(visit.request.query)
        return_to = choices.local_path(query.get("return", ["/"])[0])
        back = f"{visit.site.prefix}/preferences?saved=1&language={visit.language}&return={quote(return_to, safe='')}"
        values = {**self.preferences_values(visit, visit.language), "return_to": back, "back_to": return_to}
        return Reply(
            response=self.page(
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
        wanted = parse_qs(visit.request.query).get("version", [""])[0]
        known = visit.policy.versions
        version = next((one for one in known if str(one.number) == wanted), None)
        if wanted and version is None:
            return Reply(response=self.error(visit, 404, "not_found"))
        current = known[-1] if known and known[-1].hash == visit.policy.hash else None
        shown = version or current
        outdated = version is not None and version is not current
        if version and outdated:
            text, language = version.text(visit.language)
        else:
            scheme, language = visit.request.scheme, visit.language
            text = policy_page.text(visit.policy.policy, self._rendering, language, scheme=scheme)
        return Reply(
            response=self.page(
                visit,
                "policy.html",
                text=self._rendering.marked(text),
                other=language if language != visit.language else "",
                outdated=outdated,
                number=shown.number if shown else None,
                date=(shown.since if shown else self._started).date(),
                hash=shown.hash if shown else visit.policy.hash,
                earlier=[one for one in reversed(known) if one is not shown],
            )
        )

    def policy_json(self, visit: Visit) -> Reply:
        """The facts of the policy in force (GDPR Art. 12(7)): the very text whose SHA-256 is the hash on
        the page and in the records of decisions."""
        return _json(visit.policy.text)

    def your_data(self, visit: Visit) -> Reply:
        return Reply(response=self.page(visit, "your_data.html", held=self._held(visit)))

    def your_data_json(self, visit: Visit) -> Reply:
        body = json.dumps({"held": self._held(visit)}, ensure_ascii=False, indent=1)
        return _json(f"{body}\n")

    def _held(self, visit: Visit) -> list[dict[str, str]]:
        """What the cookie of this browser holds; empty without a valid one (GDPR Art. 11(2), 15)."""
        consent, wording = visit.consent, self._rendering.wording(visit.language)
        held: list[tuple[str, str]] = []
        if consent.decided:
            held.append(("decided", consent.decided.date().isoformat()))
            for label, purposes in (("granted", consent.granted), ("refused", consent.refused)):
                names = ", ".join(
                    wording["purposes"][id]["name"] for id in purposes if id in wording["purposes"]
                )
                if names:
                    held.append((label, names))
        if consent.services:
            names = ", ".join(
                visit.catalogue.services[id].name
                for id in sorted(consent.services)
                if id in visit.catalogue.services
            )
            held.append(("services", names))
        if consent.receipt:
            held.append(("receipt", consent.receipt))
        if consent.handle:
            born = consent.handle.born.isoformat()
            held.append(("handle", wording["your_data"]["handle_value"].format(date=born)))
            if session := self._session.read(visit.request, consent.handle.value):
                start = session.start.strftime("%Y-%m-%d %H:%M")
                said = wording["your_data"]["session_value"].format(start=start, pages=session.pages)
                held.append(("session", said))
        return [{"label": label, "text": value} for label, value in held]

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

    def page(self, visit: Visit, template: str, *, status: int = 200, **values: Any) -> Response:
        """A page of the gateway's own, from a template."""
        values.setdefault("controller", visit.site.controller.name)
        html = self._rendering.render(template, visit.language, **values)
        return page(status, html, (("Content-Language", visit.language), ("Vary", "Accept-Language, Cookie")))


def _json(body: str) -> Reply:
    response = text(200, body).setting("Content-Type", "application/json; charset=utf-8")
    return Reply(response=response)
