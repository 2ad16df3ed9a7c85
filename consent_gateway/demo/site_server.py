"""The website of the demo: four ordinary pages, and the panel's stream beside them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from consent_gateway.cookies import cookie_name
from consent_gateway.demo.addresses import Addresses
from consent_gateway.demo.files import File, filled, read
from consent_gateway.demo.traffic import Side, Traffic

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the site. `holds` names what its code asks for from other companies."""

    path: str
    name: str
    title: str
    holds: str


_EVERYWHERE = "Google Analytics, LinkedIn Insight Tag"
PAGES = (
    Page("/", "home", "Solar roofs that get up early", f"YouTube film, {_EVERYWHERE}"),
    Page(
        "/news",
        "news",
        "News",
        f"LinkedIn post, LinkedIn share button, LinkedIn follow button, {_EVERYWHERE}",
    ),
    Page("/webinar", "webinar", "Free webinar", f"Zoom registration, {_EVERYWHERE}"),
    Page("/about", "about", "About us", _EVERYWHERE),
)
FILES = {
    "/style.css": "site/style.css",
    "/favicon.svg": "site/favicon.svg",
    "/favicon.ico": "site/favicon.svg",  # asked for by pages that name none, such as the gateway's own
    "/demo/panel.css": "site/panel/panel.css",
    "/demo/panel.js": "site/panel/panel.js",
    "/demo/companies.js": "site/panel/companies.js",
    "/demo/google.js": "site/panel/google.js",
    "/demo/pieces.js": "site/panel/pieces.js",
}
# What the site's trackers have left in the browser, and the gateway's cookie over plain http.
OWN_COOKIES = ("_ga", "_ga_DEMO2026", "li_fat_id", cookie_name("http"))


class Website:
    """Serves the site. It is the same for both sides: only the panel knows which one it is on."""

    def __init__(self, addresses: Addresses, traffic: Traffic) -> None:
        self._addresses = addresses
        self._traffic = traffic

    def application(self) -> web.Application:
        application = web.Application()
        for page in PAGES:
            application.router.add_get(page.path, self._serving(self._page(page)))
        for path, name in FILES.items():
            application.router.add_get(path, self._serving(read(name, self._addresses.marks)))
        application.router.add_get("/demo/traffic", self._stream)
        application.router.add_post("/demo/start-over", self._start_over)
        return application

    def _page(self, page: Page) -> File:
        current = {f"at-{other.name}": ' aria-current="page"' if other is page else "" for other in PAGES}
        content = read(f"site/{page.name}.html", {}).text
        marks = {"title": page.title, "content": content, "holds": page.holds, "path": page.path}
        layout = read("site/layout.html", marks)
        return File(layout.media_type, filled(layout.text, current | self._addresses.marks))

    def _serving(self, file: File) -> Answer:
        async def answer(_: web.Request) -> web.StreamResponse:
            text = filled(file.text, {"sent": str(self._traffic.latest)})
            headers = {"Cache-Control": "no-cache"}
            return web.Response(text=text, content_type=file.media_type, charset="utf-8", headers=headers)

        return answer

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        """The views of one side as server-sent events (HTML standard 9.2)."""
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        side, since = _side(request), _since(request)
        await response.prepare(request)
        try:
            async for view in self._traffic.views(side, since):
                await response.write(f"data: {view}\n\n".encode() if view else b":\n\n")
        except ConnectionError:
            pass  # the page was closed
        return response

    async def _start_over(self, _: web.Request) -> web.StreamResponse:
        """Lets a visit begin here and now, without what the browser has kept of it."""
        response = web.Response(text=str(self._traffic.latest))
        for name in OWN_COOKIES:
            response.del_cookie(name)
        return response


def _side(request: web.Request) -> Side:
    try:
        return Side(request.query.get("side", ""))
    except ValueError as error:
        raise web.HTTPBadRequest(text="side must be protected or unprotected\n") from error


def _since(request: web.Request) -> int:
    try:
        return int(request.query.get("since", "0"))
    except ValueError as error:
        raise web.HTTPBadRequest(text="since must be a number\n") from error
