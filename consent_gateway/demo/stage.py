"""Pages shown side by side on this computer: without a gateway, and through it, before and after agreeing.

Each page and side has a host of its own, `PAGE.SIDE.demo.localhost`, so that no two of them share a cookie; together
they are one site (Secure Contexts and RFC 6265bis 5.2), so that in a frame cookies work as on a page by itself.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from consent_gateway.demo.embeds import Pages
from consent_gateway.demo.stand_ins import SUFFIX
from consent_gateway.dressing import shown_by_us
from consent_gateway.messages import FORM_TYPE, Headers, Request, Response
from consent_gateway.page import charset
from consent_gateway.page.rewriting import Rewriter
from consent_gateway.running import Running
from consent_gateway.seen import Seen

SHELL = f"demo{SUFFIX}"
SIGNALS = ("sec-gpc", "dnt")  # by which a browser objects, whatever its visitor has agreed to


class Side(StrEnum):
    """How a page is shown."""

    WITHOUT = "without"  # as the website sends it
    BEFORE = "before"  # through the gateway, to a visitor who has agreed to nothing
    AFTER = "after"  # through the gateway, to one who has agreed to what is in the page


def host_of(name: str, side: Side) -> str:
    """The host of a page on a side, without port."""
    return f"{name}.{side}.{SHELL}"


class Stage:
    """Answers for every page on every side; for any other host `shell` does."""

    def __init__(
        self,
        running: Running,
        pages: Pages,
        shell: Callable[[web.Request], web.StreamResponse],
        *,
        companies: int,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._running = running
        self._pages = pages
        self._shell = shell
        self._policy = _policy(companies)
        self._now = now
        self._decided: dict[tuple[str, frozenset[str]], str] = {}  # cookies by host and what was agreed to

    def application(self) -> web.Application:
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._answer)
        application.cleanup_ctx.append(self._at_work)
        return application

    async def _at_work(self, _: web.Application) -> AsyncIterator[None]:
        self._running.begin()
        yield
        await self._running.close()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        host = urlsplit(f"//{request.host}").hostname or ""
        name, _, side = host.removesuffix(f".{SHELL}").partition(".")
        if side not in tuple(Side):
            return self._shell(request)
        if side == Side.WITHOUT:
            return _sent(self._website(name, request.path))
        asked = Request(
            method=request.method,
            scheme="http",
            host=request.host.lower(),
            target=request.raw_path,
            headers=Headers(tuple(request.headers.items())),
            body=await request.read(),
            peer=request.remote or "",
        )
        return _sent(await self._through(self._as(Side(side), asked, name), name))

    async def _through(self, request: Request, name: str) -> Response:
        """The answer through the gateway."""
        gateway, now = self._running.gateway, self._now()
        if (reply := gateway.answer(request, now)) is not None:
            return await self._running.carry_out(reply)
        answer, seen = gateway.rewrite(request, self._website(name, request.path), now)
        self._running.learn(Seen(properties=seen.properties))  # no page knows the services of another
        return replace(answer, body=shown_by_us(answer.body))

    def _website(self, name: str, path: str) -> Response:
        """The answer of the website behind. Its own policy keeps what code puts together of parts on this computer."""
        try:
            found = self._pages(name, path)
        except OSError as error:
            return _text(500, f"{error.filename}: {error.strerror}\n")
        if found is None:
            return _text(404, "there is no such file\n")
        fields = (
            ("Content-Type", found.content_type),
            ("Cache-Control", "no-store"),
            ("Content-Security-Policy", self._policy),
        )
        return Response(status=200, headers=Headers(fields), body=found.content)

    # ---- visitors who have decided -------------------------------------------------------------

    def _as(self, side: Side, request: Request, name: str) -> Request:
        """The request as the visitor makes it who is meant, unless his browser has decided something since."""
        services = self._services(request, name)
        if request.method == "POST":
            request = _without(request, "sec-fetch-dest")  # it comes from a frame of ours
        if side is Side.AFTER:
            return _with_cookie(_without(request, *SIGNALS), self._cookie(request.host, services))
        known = self._running.gateway.catalogue.services
        framed = request.path == "/" and request.headers.get("sec-fetch-dest") == "iframe"
        if framed and any(known[id].floats for id in services):
            # Its placeholder stands at the end of a page, not of a frame; there the question would cover it.
            return _with_cookie(_without(request, "sec-fetch-dest"), self._cookie(request.host, frozenset()))
        return request

    def _services(self, request: Request, name: str) -> frozenset[str]:
        """Those in the page, whatever is asked for besides it."""
        answer = self._website(name, "/")
        encoding = charset.sniff(answer.body, answer.headers.get("content-type"))
        recognition, view = self._running.gateway.reading(replace(request, target="/"), self._now())
        rewriter = Rewriter(self._running.gateway.catalogue, recognition)
        data = charset.to_bytes_like_ascii(answer.body, encoding)
        return rewriter.page(data, encoding=encoding, view=view).services

    def _cookie(self, host: str, services: frozenset[str]) -> str:
        """That of a visitor who has agreed to these services and refused the rest, by the gateway's own form. There
        is no such person, so no record is kept."""
        if (host, services) not in self._decided:
            form = {"decision": "save", "service": sorted(services)}
            request = Request(
                method="POST",
                scheme="http",
                host=host,
                target=f"{self._running.gateway.site.prefix}/choice",
                headers=Headers.of(Content_Type=FORM_TYPE, Sec_Fetch_Site="same-origin"),
                body=urlencode(form, doseq=True).encode(),
            )
            reply = self._running.gateway.answer(request, self._now())
            assert reply is not None
            self._decided[host, services] = reply.response.headers.all("set-cookie")[0].partition(";")[0]
        return self._decided[host, services]


def _without(request: Request, *names: str) -> Request:
    return replace(request, headers=request.headers.without(*names))


def _with_cookie(request: Request, cookie: str) -> Request:
    """The request with a cookie that it does not have yet."""
    given = request.headers.get("cookie")
    if f"{cookie.partition('=')[0]}=" in given:
        return request
    together = "; ".join(filter(None, (given, cookie)))
    return replace(request, headers=request.headers.setting("Cookie", together))


def _policy(port: int) -> str:
    there = f"http://*{SUFFIX}:{port} ws://*{SUFFIX}:{port}"
    everything = f"'self' 'unsafe-inline' 'unsafe-eval' data: blob: {there}"
    return f"default-src {everything}; form-action 'self' {there}"


def _text(status: int, body: str) -> Response:
    return Response(
        status=status, headers=Headers.of(Content_Type="text/plain; charset=utf-8"), body=body.encode()
    )


def _sent(response: Response) -> web.Response:
    made = web.Response(status=response.status, body=response.body or None)
    made.headers.popall("Content-Type", None)
    for name, value in response.headers:
        if name.lower() != "content-length":
            made.headers.add(name, value)
    return made
