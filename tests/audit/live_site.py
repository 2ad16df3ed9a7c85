"""A website that sends its visitors to everybody, and everybody: on loopback, under names of the internet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from aiohttp import web

from consent_gateway.captures.website import READING, Look
from tests.browser.stand_ins import third_party
from tests.hurried import SHORT
from tests.loopback import Server, serving, tls_for_anyone

# For each thing that makes a browser contact somebody: whom, and what stands in the page for it.
LEAKS = {
    "script": ("js.hs-scripts.com", '<script src="https://js.hs-scripts.com/1.js"></script>'),
    "iframe": ("www.youtube.com", '<iframe src="https://www.youtube.com/embed/x"></iframe>'),
    "pixel": (
        "px.ads.linkedin.com",
        '<img src="https://px.ads.linkedin.com/collect?pid=hushed" width=1 height=1>',
    ),
    "media": (
        "media.unlisted.test",
        '<video src="https://media.unlisted.test/a.mp4" autoplay muted></video>',
    ),
    "css": ("fonts.googleapis.com", "<style>@import 'https://fonts.googleapis.com/css?family=A';</style>"),
    "hint": ("prefetched.unlisted.test", '<link rel=prefetch href="https://prefetched.unlisted.test/next">'),
    "run time": (
        "www.facebook.com",
        '<script>new Image().src = "https://" + ["www", "facebook", "com"].join(".") + "/tr?id=1"</script>',
    ),
    "redirect": ("moved.unlisted.test", '<img src="/moved">'),
}
OF_OTHERS, IN_GERMAN, OF_MISSING = (
    '<img src="https://{}/a.gif">',
    "german.unlisted.test",
    "missing.unlisted.test",
)
GOOGLE = """<script async src="https://www.googletagmanager.com/gtag/js?id=G-TEST12345"></script>
<script>window.dataLayer = window.dataLayer || []; function gtag() { dataLayer.push(arguments); }
gtag("js", new Date()); gtag("config", "G-TEST12345", {user_id: "hushed"});</script>"""
PAGE = """<!doctype html><html lang="en"><head><title>{title}</title>
<link rel="alternate" hreflang="de" href="/de/"></head><body><h1>{title}</h1>
<a href="/clean">nothing</a> <a href="/measured">Google</a>{content}
<script>document.cookie = "_fbp=fb.1.2; path=/"</script></body></html>"""


async def site(request: web.Request) -> web.StreamResponse:
    match request.path:
        case "/":
            text = PAGE.format(title="Everything", content="".join(content for _, content in LEAKS.values()))
            answer = web.Response(text=text, content_type="text/html")
            answer.headers.add("Set-Cookie", "shop=1; Path=/")
            answer.headers.add("Set-Cookie", "old=; Path=/; Max-Age=0")
            return answer
        case "/moved":
            raise web.HTTPFound("https://moved.unlisted.test/pixel.gif")
        case "/clean":
            return web.Response(text="<!doctype html><title>Clean</title><p>x", content_type="text/html")
        case "/de/":
            text = f"<!doctype html><html lang=de><title>Alles</title>{OF_OTHERS.format(IN_GERMAN)}"
            return web.Response(text=text, content_type="text/html")
        case "/measured":
            text = f"<!doctype html><title>Measured</title>{GOOGLE}"
            return web.Response(text=text, content_type="text/html")
    text = f"<!doctype html><html lang=en><title>Gone</title>{OF_OTHERS.format(OF_MISSING)}"
    return web.Response(status=404, text=text, content_type="text/html")


async def anybody(request: web.Request) -> web.StreamResponse:
    answer = await third_party(request)
    answer.headers["Set-Cookie"] = "id=1; SameSite=None; Secure"
    return answer


@dataclass(frozen=True)
class Internet:
    """The site at a port of its own, all others, and Google as the gateway finds it."""

    site: Server
    others: Server
    google: Server

    @property
    def led_to(self) -> dict[str, str]:
        """Where a Chromium finds everybody else."""
        return dict.fromkeys(("*.test", "*.com"), f"127.0.0.1:{self.others.port}")

    def look(self, most: int = 1) -> Look:
        """How a browser looks at this site."""
        guise = replace(READING, waiting=SHORT)
        return Look(most=most, guise=guise, arguments=("--ignore-certificate-errors",), led_to=self.led_to)

    def site_file(self, folder: Path, text: str = "") -> Path:
        path = folder / "site.toml"
        google = f'[analytics]\nscript_url = "{self.google.address}"\ncollect_url = "{self.google.address}"\n'
        path.write_text(google + text)
        return path


@contextmanager
def internet() -> Iterator[Internet]:
    with serving(site) as own, serving(anybody, tls_for_anyone()) as others, serving(third_party) as google:
        yield Internet(own, others, google)
