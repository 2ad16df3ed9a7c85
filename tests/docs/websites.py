"""The reader's own website, as it stands in for those that documents name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from aiohttp import web

from consent_gateway.testing.serving import of_wsgi
from tests.loopback import serving
from tests.testing.applications import wsgi

PAGE = """<!doctype html><html lang="en"><head><title>A shop</title></head><body><h1>A shop</h1>
<img src="http://{host}:{port}/pixel.gif" alt="">
<noscript><iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe></noscript>
<a href="/privacy" rel="nofollow">Privacy policy</a></body></html>"""
PIXEL = "/pixel.gif"


@contextmanager
def application() -> Iterator[str]:
    """One of many pages, with a video and Google's script."""
    with of_wsgi(wsgi) as address:
        yield address


def counted() -> AbstractContextManager[str]:
    """The same with a counter that is in the catalogue."""
    return shop("px.ads.linkedin.com")


@contextmanager
def shop(counter: str = "localhost") -> Iterator[str]:
    """One of a single page, which contacts another host: as it is one of this computer, a browser may be let loose on
    it. Another one is found there by mitmproxy only, as documents are followed."""

    async def pixel(_: web.Request) -> web.StreamResponse:
        return web.Response(body=b"GIF89a", content_type="image/gif")

    with serving(pixel) as other:
        text = PAGE.format(host=counter, port=other.port)

        async def page(request: web.Request) -> web.StreamResponse:
            if request.path == "/robots.txt":
                return web.Response(text="User-agent: *\nDisallow: /privacy\n")
            if request.path not in ("/", "/privacy"):
                return web.Response(status=404)
            return web.Response(text=text, content_type="text/html")

        with serving(page) as own:
            yield own.address
