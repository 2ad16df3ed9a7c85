"""The servers of a replay: the site and its third parties, as plain answers over aiohttp."""

from __future__ import annotations

import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from consent_gateway.messages import Headers, Request, Response
from consent_gateway.replay.answers import Answers
from consent_gateway.replay.contacts import Contacted
from consent_gateway.site import Site

PATIENCE = 0.5  # seconds that a connection may still take at the end
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_NOT_SENT = ("content-length", "transfer-encoding", "connection")
_BY_NUMBER = re.compile(r"127\.0\.0\.1|\[::1\]")

Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def served(answer: Answer, sockets: list[socket.socket]) -> AsyncIterator[None]:
    """Serves while the context lasts."""
    runner = web.ServerRunner(web.Server(answer, access_log=None), shutdown_timeout=PATIENCE)
    await runner.setup()
    try:
        for one in sockets:
            await web.SockSite(runner, one).start()
        yield
    finally:
        await runner.cleanup()


def origin(answers: Answers) -> Answer:
    """The site behind the gateway: as it was recorded, with the addresses that it had."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return sent(answers.recorded(await plain(request)))

    return answer


def unprotected(answers: Answers) -> Answer:
    """The site without the gateway, for the browser."""
    serving = answers.serving()

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        asked = await plain(request)
        own = answers.own(asked)
        return sent(own or serving(asked, answers.recorded(asked)))

    return answer


def third_parties(answers: Answers, site: Site) -> Answer:
    """All third parties, each by its name; by number the gateway asks for what goes to Google."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        asked = await plain(request)
        if _BY_NUMBER.match(asked.host):
            return sent(_to_gateway(answers, asked, site))
        return sent(answers.own(asked) or answers.third_party(asked, asked.host))

    return answer


def _to_gateway(answers: Answers, request: Request, site: Site) -> Response:
    """What Google's servers answer to the gateway: the recorded script, and nothing to a hit."""
    script = request.method == "GET" and request.path.endswith(".js")
    is_script = script or "/gtag/js" in request.path
    host = (site.analytics.script_url if is_script else site.analytics.collect_url).partition("://")[2]
    found = answers.recording.find("GET", host, request.target) if is_script else None
    answers.note(
        Contacted(
            side=answers.places.side,
            host=host,
            target=request.target,
            destination="script" if is_script else "empty",
            by_gateway=True,
            recorded=found is not None or not is_script,
        )
    )
    if is_script:
        return found.response if found else Response(status=404)
    return Response(status=204)


async def plain(request: web.BaseRequest) -> Request:
    """The request as a plain value."""
    return Request(
        method=request.method.upper(),
        scheme="http",
        host=request.host.lower(),
        target=request.raw_path if request.raw_path.startswith("/") else "/",
        headers=Headers(tuple((str(name), value) for name, value in request.headers.items())),
        body=await request.read(),
    )


def sent(response: Response) -> web.Response:
    """The response as aiohttp sends it; a field that HTTP has no room for is left out."""
    fields = [
        (name, value)
        for name, value in response.headers
        if _NAME.fullmatch(name) and name.lower() not in _NOT_SENT and not re.search(r"[\r\n\0]", value)
    ]
    bodiless = response.status in (204, 304) or response.status < 200
    return web.Response(status=response.status, headers=fields, body=None if bodiless else response.body)
