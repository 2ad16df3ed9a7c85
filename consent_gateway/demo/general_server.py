"""One server for the stand-ins of all companies. It records every request before it answers."""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import web

from consent_gateway.demo.contacts import Contacts
from consent_gateway.demo.general_stand_in import NOTHING, GeneralStandIn, destination
from consent_gateway.demo.stand_ins import SUFFIX, find_google


class AnyCompany:
    """Answers in the name of whatever host a browser asks for, and of Google where the gateway does."""

    def __init__(self, stand_in: GeneralStandIn, contacts: Contacts) -> None:
        self._stand_in = stand_in
        self._contacts = contacts

    def application(self) -> web.Application:
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._answer)
        return application

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        named = urlsplit(f"//{request.host}").hostname or ""
        host = named.removesuffix(SUFFIX)
        if host == named:  # by number: the gateway, which sends on what it has filtered
            return web.Response(status=204 if find_google(request.path) else 404)
        self._contacts.record(_page(request), host)
        return self._file(request, host)

    def _file(self, request: web.Request, host: str) -> web.Response:
        headers = {
            "Cache-Control": "no-store",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Access-Control-Allow-Headers": "*",
        }
        if origin := request.headers.get("Origin"):
            headers |= {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true"}
        asked = {name.lower(): value for name, value in request.headers.items()}
        file = self._stand_in.answer(host, request.raw_path, destination(asked, request.path))
        if file is NOTHING or request.method not in ("GET", "HEAD"):
            return web.Response(status=204, headers=headers)
        return web.Response(text=file.text, content_type=file.media_type, charset="utf-8", headers=headers)


def _page(request: web.Request) -> str:
    """The host of the page that asks; empty where nothing tells it."""
    for header in ("Origin", "Referer"):
        if host := urlsplit(request.headers.get(header, "")).hostname:
            return host
    return ""
