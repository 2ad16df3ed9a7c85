"""One server for all stand-ins. It records every request before it answers."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from datetime import datetime
from urllib.parse import unquote, urlsplit

from aiohttp import web

from consent_gateway.demo import hits
from consent_gateway.demo.addresses import Addresses
from consent_gateway.demo.files import read
from consent_gateway.demo.stand_ins import SUFFIX, Cookie, StandIn, find, find_google
from consent_gateway.demo.traffic import Sent, Side, Traffic
from consent_gateway.messages import FORM_TYPE

SIDE = "side"  # in addresses that a stand-in's own frame refers to: its referrer says nothing of the site
_E_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


class ThirdParties:
    """Answers as the company would whose host is asked for."""

    def __init__(self, addresses: Addresses, traffic: Traffic) -> None:
        self._addresses = addresses
        self._traffic = traffic

    def application(self) -> web.Application:
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._answer)
        return application

    async def _answer(self, request: web.Request) -> web.Response:
        name = urlsplit(f"//{request.host}").hostname or ""
        if not name.endswith(SUFFIX):
            return self._to_gateway(request)
        stand_in = find(name.removesuffix(SUFFIX), request.method, request.path)
        side = self._side(request)
        sent = self._sent(request, stand_in, side)
        if stand_in.host == "region1.google-analytics.com":
            sent = _as_hit(sent, request)
        self._traffic.record(sent)
        response = self._response(request, stand_in, side)
        for cookie in stand_in.cookies:
            response.headers.add("Set-Cookie", _set_cookie(cookie))
        return response

    def _to_gateway(self, request: web.Request) -> web.Response:
        """The gateway asks by number, no browser does."""
        stand_in = find_google(request.path)
        if stand_in is None:
            return web.Response(status=404)
        sent = replace(self._sent(request, stand_in, Side.PROTECTED), by_gateway=True, carried=())
        self._traffic.record(_as_hit(sent, request) if not stand_in.file else sent)
        return self._response(request, stand_in, Side.PROTECTED)

    def _sent(self, request: web.Request, stand_in: StandIn, side: Side | None) -> Sent:
        return Sent(
            time=datetime.now().astimezone().strftime("%H:%M:%S"),
            side=side,
            by_gateway=False,
            company=stand_in.company,
            host=stand_in.host,
            path=request.path,
            what=stand_in.what,
            carried=tuple(self._carried(request)),
            referrer=request.headers.get("Referer", ""),
        )

    def _carried(self, request: web.Request) -> list[str]:
        said = unquote(unquote(request.rel_url.raw_query_string))
        site = (*self._addresses.protected, self._addresses.unprotected)
        found = {
            "cookie": "Cookie" in request.headers,
            "page address": any(f"//{host}/" in said for host in site),
            "e-mail address": bool(_E_MAIL.search(said)),
            "customer number": "customer-" in said,
            "your entries": request.content_type == FORM_TYPE,
        }
        return [word for word, there in found.items() if there]

    def _side(self, request: web.Request) -> Side | None:
        if (named := request.query.get(SIDE)) in tuple(Side):
            return Side(named)
        for header in ("Origin", "Referer"):
            host = urlsplit(request.headers.get(header, "")).netloc
            if host in self._addresses.protected:
                return Side.PROTECTED
            if host == self._addresses.unprotected:
                return Side.UNPROTECTED
        return None

    def _response(self, request: web.Request, stand_in: StandIn, side: Side | None) -> web.Response:
        headers = {"Cache-Control": "no-store", "Cross-Origin-Resource-Policy": "cross-origin"}
        if origin := request.headers.get("Origin"):
            headers |= {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true"}
        if not stand_in.file:
            return web.Response(status=204, headers=headers)
        file = read(f"third_parties/{stand_in.file}", self._addresses.marks | {SIDE: side or ""})
        return web.Response(text=file.text, content_type=file.media_type, charset="utf-8", headers=headers)


def _as_hit(sent: Sent, request: web.Request) -> Sent:
    hit = hits.read(request.rel_url.raw_query_string, request.headers.get("User-Agent", ""))
    what = sent.what if hit.event == "page_view" else "Analytics: how long you stayed"
    return replace(sent, hit=hit, what=what)


def _set_cookie(cookie: Cookie) -> str:
    """A third party's cookie. Browsers take it as secure: the host is the computer itself."""
    lasts = f"Domain={cookie.domain}{SUFFIX}; Path=/; Max-Age={cookie.seconds}"
    return f"{cookie.name}={secrets.token_hex(8)}; {lasts}; Secure; SameSite=None"
