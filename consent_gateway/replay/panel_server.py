"""The panel: the states a visitor can be in, both versions of the site, and whom each has contacted."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from aiohttp import web

from consent_gateway.audit.states import Visitor, visitors
from consent_gateway.cookie_rules import OWN
from consent_gateway.gateway import Gateway
from consent_gateway.messages import Headers, Response
from consent_gateway.proxy.replaying import CHOSEN, Signals
from consent_gateway.replay.answers import file
from consent_gateway.replay.contacts import Contacts
from consent_gateway.replay.places import Places, real_name
from consent_gateway.replay.recording import Recording
from consent_gateway.replay.servers import plain, sent

FILES = {"/": "panel.html", "/panel.css": "panel.css", "/panel.js": "panel.js"}
MOST_PAGES = 1000


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the panel shows: a recording by its name, and where its two versions are."""

    name: str
    recording: Recording
    direct: Places
    through: Places


class Panel:
    """Serves the panel. Its host is that of the site behind the gateway: cookies are per host, whatever the
    port (RFC 6265 8.5), so that it can give a browser those of a visitor."""

    def __init__(
        self,
        address: str,
        shown: Shown,
        gateway: Gateway,
        contacts: Contacts,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._address = address
        self._shown = shown
        self._gateway = gateway
        self._contacts = contacts
        self._now = now

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        asked = await plain(request)
        if asked.host != self._address:
            return sent(Response(status=421))  # some website has given its name our address
        if asked.method in ("GET", "HEAD"):
            if asked.path == "/contacts":
                return await self._stream(request)
            if asked.path == "/replay.json":
                return sent(_json(self._described()))
            if asked.path in FILES:
                response = file(FILES[asked.path])
                return sent(response.adding("Content-Security-Policy", self._policy()))
            return sent(Response(status=404))
        if asked.headers.get("origin") != f"http://{self._address}":
            return sent(Response(status=403))
        if asked.path == "/state":
            return sent(self._chosen(asked.form().get("state", [""])[0]))
        if asked.path == "/clear":
            self._contacts.clear()
            return sent(Response(status=204))
        return sent(Response(status=404))

    def signals_of(self, state: str) -> Signals:
        """The header fields of a visitor in a state, but for his cookies."""
        found = self._visitors().get(state)
        return {name: value for name, value in found.fields if name.lower() != "cookie"} if found else {}

    def _visitors(self) -> dict[str, Visitor]:
        made = visitors(self._gateway, self._shown.through.site, "http", self._now())
        return {visitor.state.id: visitor for visitor in made}

    def _chosen(self, state: str) -> Response:
        """Makes the browser that visitor: the gateway's cookies are his, and no other."""
        visitor = self._visitors().get(state)
        if visitor is None:
            return Response(status=400)
        fields = [("Set-Cookie", f"{name}=; Path=/; Max-Age=0") for name in sorted(OWN)]
        for name, value in visitor.fields:
            if name.lower() == "cookie":
                fields += [
                    ("Set-Cookie", f"{pair.strip()}; Path=/; HttpOnly; SameSite=Lax")
                    for pair in value.split(";")
                ]
        fields.append(("Set-Cookie", f"{CHOSEN}={state}; Path=/; HttpOnly; SameSite=Lax"))
        return Response(status=204, headers=Headers(tuple(fields)))

    def _described(self) -> object:
        shown = self._shown
        pages = list(shown.recording.pages)[:MOST_PAGES]
        return {
            "name": shown.name,
            "exchanges": shown.recording.exchanges,
            "hosts": [real_name(host) for host in shown.through.hosts],
            "pages": [
                {
                    "label": f"{real_name(page.name)}{page.target}",
                    "direct": f"http://{shown.direct.of(page.name)}{page.target}",
                    "through": f"http://{shown.through.of(page.name)}{page.target}",
                }
                for page in pages
                if page.name in shown.through.names
            ],
            "states": [
                {"id": visitor.state.id, "sentence": visitor.state.sentence}
                for visitor in self._visitors().values()
            ],
        }

    def _policy(self) -> str:
        frames = " ".join((*self._shown.direct.sources, *self._shown.through.sources))
        return (
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
            f"frame-src {frames}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        )

    async def _stream(self, request: web.BaseRequest) -> web.StreamResponse:
        """The views as server-sent events (HTML standard 9.2)."""
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        try:
            async for view in self._contacts.views():
                await response.write(f"data: {view}\n\n".encode() if view else b":\n\n")
        except ConnectionError:
            pass  # the page was closed
        return response


def _json(value: object) -> Response:
    fields = (("Content-Type", "application/json"), ("Cache-Control", "no-store"))
    return Response(status=200, headers=Headers(fields), body=json.dumps(value).encode())
