"""Serves the pages around the pages, and tells them what was asked of other companies."""

from __future__ import annotations

from datetime import UTC, datetime

from aiohttp import web

from consent_gateway.demo import shell
from consent_gateway.demo.contacts import Contacts
from consent_gateway.demo.embeds import OWN, Document, OwnFile, example
from consent_gateway.demo.examining import left_over, recognised
from consent_gateway.demo.files import read
from consent_gateway.demo.stage import SHELL, Side, host_of
from consent_gateway.explaining import Explanation
from consent_gateway.gateway import Gateway
from consent_gateway.page.charset import Undecodable

FILES = {"/shell.css": "stage/shell.css", "/shell.js": "stage/shell.js", "/favicon.svg": "site/favicon.svg"}
HEADERS = {"Cache-Control": "no-store"}


class Shell:
    """Answers for the host of no page: about one file of the developer's, or about the catalogue. Other names of this
    computer lead to the one that is of the same site as the pages."""

    def __init__(self, gateway: Gateway, contacts: Contacts, file: OwnFile | None = None) -> None:
        self._gateway = gateway
        self._contacts = contacts
        self._file = file

    def __call__(self, request: web.Request) -> web.Response:
        if request.method not in ("GET", "HEAD"):
            raise web.HTTPMethodNotAllowed(request.method, ("GET", "HEAD"))
        if name := FILES.get(request.path):
            file = read(name, {})
            return web.Response(
                text=file.text, content_type=file.media_type, charset="utf-8", headers=HEADERS
            )
        if request.path == "/asked":
            return self._asked(request)
        return self._page(request)

    def _asked(self, request: web.Request) -> web.Response:
        page, since = request.query.get("page", ""), request.query.get("since", "")
        if not since.isdecimal():
            raise web.HTTPBadRequest(text="since must be a number\n")
        found = {side.value: self._contacts.of(host_of(page, side), int(since)) for side in Side}
        return web.json_response(found, headers=HEADERS)

    def _page(self, request: web.Request) -> web.Response:
        port = request.url.port or 80
        if request.url.host != SHELL:
            raise web.HTTPFound(request.url.with_host(SHELL))
        if request.path == "/":
            return _html(self._of_file(self._file, port) if self._file else self._index(request))
        id = request.path.removeprefix("/services/")
        if self._file or id == request.path or id not in self._gateway.catalogue.services:
            return _html(
                shell.problem("There is no such page", "The first page has links to all of them."), 404
            )
        found = self._explained(example(self._gateway.catalogue, id), id)
        return _html(shell.service_page(self._gateway.catalogue, id, found, port, self._contacts.latest))

    def _index(self, request: web.Request) -> str:
        query, purpose = request.query.get("q", ""), request.query.get("purpose", "")
        return shell.index(self._gateway.catalogue, query, purpose)

    def _of_file(self, file: OwnFile, port: int) -> str:
        try:
            document = file.document()
            found = self._explained(document, OWN)
            left = left_over(self._gateway, document, host_of(OWN, Side.BEFORE), datetime.now(UTC))
        except OSError as error:
            return shell.problem(f"{file.file} cannot be read", error.strerror or str(error))
        except Undecodable as error:
            return shell.problem(f"{file.file} cannot be read", str(error))
        known, name, latest = self._gateway.catalogue, file.file.name, self._contacts.latest
        return shell.file_page(known, name, found, left, page=OWN, port=port, latest=latest)

    def _explained(self, document: Document, name: str) -> list[Explanation]:
        return recognised(self._gateway, document, host_of(name, Side.BEFORE), datetime.now(UTC))


def _html(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/html", charset="utf-8", headers=HEADERS)
