"""Applications as projects have them, by the two interfaces that Python frameworks speak."""

from __future__ import annotations

import gzip
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

VIDEO = '<iframe src="https://www.youtube.com/embed/abcdefghijk?secret=1"></iframe>'
HTML = "text/html; charset=utf-8"
ANALYTICS = '<script async src="https://www.googletagmanager.com/gtag/js?id=G-ABCDEFG1"></script>'


def document(body: str, head: str = "") -> str:
    return (
        f'<!doctype html><html lang="en"><head><title>A page</title>{head}</head><body>{body}</body></html>'
    )


# By path: status, type and text.
PAGES: dict[str, tuple[str, str, str]] = {
    "/": ("200 OK", HTML, document("<h1>Welcome</h1>" + VIDEO, ANALYTICS)),
    "/contact": ("200 OK", HTML, document("<p>Write to us.</p>")),
    "/plain": ("200 OK", HTML, document("<p>nothing but words: ä</p>")),
    "/font": ("200 OK", HTML, document("<p>styled</p>", '<link rel="stylesheet" href="/own.css">')),
    "/own.css": ("200 OK", "text/css", "@import 'https://fonts.googleapis.com/css?family=X'; p { background: url(https://cdn.example.net/p.png) }"),
    "/framed": ("200 OK", HTML, document('<iframe src="/inner"></iframe>')),
    "/inner": ("200 OK", HTML, document('<script src="https://cdn.example.net/inner.js"></script>')),
    "/empty": ("200 OK", HTML, " \n"),
    "/nothing": ("204 No Content", HTML, ""),
    "/data": ("200 OK", "application/json", "{}"),
    "/own": ("200 OK", HTML, document('<img src="https://www.example.com/logo.png"><img src="https://assets.example.org/a.png">')),
    "/tracked": ("200 OK", HTML, document('<img src="https://www.accertify.com/p.gif"><img src="https://x.example.net/t?id=1" width="1" height="1">')),
}  # fmt: skip
PAGES["/code"] = (
    "200 OK",
    HTML,
    document(
        "<script>fetch('https://api.example.net/x')</script><script>new Image().src = 'https://www.facebook.com/tr?id=1'</script>"
    ),
)
REDIRECTS = {"/old": "/plain", "/away": "https://www.example.net/", "/round": "/round"}


def _answered(path: str) -> tuple[str, list[tuple[str, str]], bytes]:
    if path in REDIRECTS:
        return "302 Found", [("Location", REDIRECTS[path])], b""
    if path == "/packed":  # whatever the browser says it takes
        headers = [("Content-Type", HTML), ("Content-Encoding", "gzip")]
        return "200 OK", headers, gzip.compress(document(f"<p>packed</p>{VIDEO}").encode())
    status, kind, text = PAGES.get(path, ("404 Not Found", HTML, document("gone")))
    return status, [("Content-Type", kind)], text.encode()


def wsgi(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    status, headers, body = _answered(environ["PATH_INFO"])
    start_response(status, headers)
    return [body]


Message = MutableMapping[str, Any]


async def asgi(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    if scope["type"] == "lifespan":
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        await send({"type": "lifespan.shutdown.complete"})
        return
    status, headers, body = _answered(scope["path"])
    fields = [(name.lower().encode(), value.encode()) for name, value in headers]
    await send({"type": "http.response.start", "status": int(status[:3]), "headers": fields})
    await send({"type": "http.response.body", "body": body})


async def failing(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """One that says of itself that it cannot start."""
    await receive()
    await send({"type": "lifespan.startup.failed", "message": "no database"})
