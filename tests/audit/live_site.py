"""A website that sends its visitors to everybody, and everybody: on loopback, under names of the internet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from aiohttp import web

from tests.loopback import Server, serving

# A page for each way in which a browser is made to contact somebody, with the host that it contacts.
LEAKS = {
    "script": ("js.hs-scripts.com", '<script src="http://js.hs-scripts.com/1.js"></script>'),
    "iframe": ("www.youtube.com", '<iframe src="http://www.youtube.com/embed/x"></iframe>'),
    "pixel": ("px.ads.linkedin.com", '<img src="http://px.ads.linkedin.com/collect?pid=1" width=1 height=1>'),
    "media": ("media.unlisted.test", '<video src="http://media.unlisted.test/a.mp4" autoplay muted></video>'),
    "css": ("fonts.googleapis.com", '<link rel=stylesheet href="http://fonts.googleapis.com/css?family=A">'),
    "hint": ("prefetched.unlisted.test", '<link rel=prefetch href="http://prefetched.unlisted.test/next">'),
    "run time": (
        "www.facebook.com",
        '<script>new Image().src = "http://" + ["www", "facebook", "com"].join(".") + "/tr?id=1"</script>',
    ),
    "redirect": ("moved.unlisted.test", '<img src="/moved">'),
}
PAGE = """<!doctype html><html lang="en"><head><title>{title}</title></head><body><h1>{title}</h1>
<nav>{links}</nav>{content}<script>document.cookie = "_fbp=fb.1.2; path=/"</script></body></html>"""


def page(title: str, content: str) -> str:
    links = " ".join(f'<a href="/{name.replace(" ", "-")}">{name}</a>' for name in LEAKS)
    return PAGE.format(title=title, content=content, links=links)


async def site(request: web.Request) -> web.StreamResponse:
    name = request.path.strip("/").replace("-", " ")
    if name == "moved":
        raise web.HTTPFound("http://moved.unlisted.test/pixel.gif")
    if name == "clean":
        text = "<!doctype html><title>Clean</title><p>Nothing else is here."
        return web.Response(text=text, content_type="text/html")
    if name and name not in LEAKS:
        return web.Response(status=404, text="gone")
    content = LEAKS[name][1] if name else "".join(content for _, content in LEAKS.values())
    answer = web.Response(text=page(name or "everything", content), content_type="text/html")
    answer.headers.add("Set-Cookie", "shop=1; Path=/")
    return answer


async def anybody(request: web.Request) -> web.StreamResponse:
    kind = "text/javascript" if request.path.endswith(".js") else "image/gif"
    kind = "text/html" if request.path.startswith("/embed") else kind
    return web.Response(
        body=b"", content_type=kind, headers={"Set-Cookie": f"id=1; Domain={request.host.partition(':')[0]}"}
    )


@dataclass(frozen=True)
class Internet:
    """The site at its own port, and all others."""

    site: Server
    others: Server

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.site.port}"

    @property
    def led_to(self) -> dict[str, str]:
        """Where a Chromium finds everybody else."""
        return dict.fromkeys(("*.test", "*.com"), f"127.0.0.1:{self.others.port}")


@contextmanager
def internet() -> Iterator[Internet]:
    with serving(site) as own, serving(anybody) as others:
        yield Internet(own, others)
