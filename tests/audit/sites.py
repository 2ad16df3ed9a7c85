"""Recorded sites for audits: exchanges as a capture holds them, made by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from consent_gateway.captures.exchange import Exchange
from consent_gateway.messages import Headers, Request, Response

SITE = "https://www.example.com"
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/156.0.0.0 Safari/537.36"
)


def exchange(
    url: str,
    body: str | bytes = b"",
    *,
    destination: str = "document",
    kind: str = "text/html; charset=utf-8",
    status: int = 200,
    page: str = "",
    initiator: str = "",
    method: str = "GET",
    sent: tuple[tuple[str, str], ...] = (),
    headers: tuple[tuple[str, str], ...] = (),
    unreadable: str = "",
    answered: bool = True,
) -> Exchange:
    """A request and its answer; the page of a document is the document itself."""
    parts = urlsplit(url)
    request = Request(
        method=method,
        scheme=parts.scheme,
        host=parts.netloc,
        target=f"{parts.path or '/'}{parts.query and f'?{parts.query}'}",
        headers=Headers((("User-Agent", CHROME), ("Sec-Fetch-Dest", destination), *sent)),
    )
    data = body.encode() if isinstance(body, str) else body
    response = Response(status=status, headers=Headers((("Content-Type", kind), *headers)), body=data)
    return Exchange(
        request=request,
        response=response if answered else None,
        destination=destination,
        page=page or (url if destination == "document" else ""),
        initiator=initiator,
        unreadable=unreadable,
    )


def asked(url: str, destination: str = "empty", *, page: str = f"{SITE}/", **more: object) -> Exchange:
    """A request of a page for something of somebody else."""
    return exchange(url, destination=destination, kind="text/plain", page=page, **more)  # type: ignore[arg-type]


@dataclass
class Made:
    """A capture that is made anew for every reading."""

    make: Callable[[], Iterable[Exchange]]
    kind: str = "HAR"
    sha256: str = "0" * 64
    size: int = 1000
    skipped: tuple[str, ...] = ()
    lost: str = ""
    readings: int = 0

    def exchanges(self, progress: Callable[[int], None] = lambda read: None) -> Iterator[Exchange]:
        self.readings += 1
        yield from self.make()
        progress(self.size)


def capture(*exchanges: Exchange) -> Made:
    return Made(lambda: exchanges)


HIT = "v=2&tid=G-TEST123&cid=123.456&en=page_view&dl=https%3A%2F%2Fwww.example.com%2F%3Fmail%3Da%40b.example&uid=7&ul=de-de"
# A page with a leak for each carrier, all of them of services of the catalogue or of known trackers.
LEAKY = """<!doctype html><html lang="en"><head><title>Leaky</title>
<link rel="preconnect" href="https://www.youtube.com">
<link rel="stylesheet" href="https://fonts.googleapis.com/css2?family=Inter">
<style>body { background: url(https://static.hotjar.com/a.png) }</style>
<script src="https://platform.linkedin.com/in.js"></script>
<script async src="https://www.googletagmanager.com/gtag/js?id=G-TEST123"></script>
<script>window.dataLayer=[];function gtag(){dataLayer.push(arguments)};gtag('config','G-TEST123');</script>
<script>fbq('init', '1'); fbq('track', 'PageView');</script>
</head><body><h1>Leaky</h1>
<iframe src="https://www.youtube.com/embed/abcdefghijk" width="560" height="315"></iframe>
<img src="https://www.facebook.com/tr?id=1&ev=PageView&noscript=1" width="1" height="1">
<video src="https://static.hotjar.com/film.mp4"></video>
<object data="https://www.youtube.com/v/abcdefghijk"></object>
<a href="/" ping="https://static.hotjar.com/ping">home</a>
<img src="/go" alt="">
</body></html>"""
HEADERS = (
    ("Link", '<https://static.hotjar.com/x.js>; rel="preload"; as="script"'),
    ("Set-Cookie", "_fbp=fb.1.2.3; Path=/"),
)


def leaky(path: str = "/") -> list[Exchange]:
    """What a browser does on the leaky page."""
    page = f"{SITE}{path}"
    return [
        exchange(page, LEAKY, headers=HEADERS),
        exchange(f"{SITE}/own.css", "a { background: url(https://static.hotjar.com/b.png) }", destination="style", kind="text/css", page=page),
        exchange(f"{SITE}/go", destination="image", status=302, headers=(("Location", "https://bat.bing.com/p?secret=1"),), page=page),
        asked("https://bat.bing.com/p?secret=1", "image", page=page),
        asked("https://platform.linkedin.com/in.js", "script", page=page, headers=(("Set-Cookie", "bcookie=abc; Max-Age=1000"),)),
        asked("https://www.youtube.com/embed/abcdefghijk", "iframe", page=page),
        asked("https://www.youtube.com/youtubei/v1/log?key=secret", "empty", page=page, initiator="https://www.youtube.com/"),
        asked("https://connect.facebook.net/en_US/fbevents.js", "script", page=page),
        asked(f"https://region1.google-analytics.com/g/collect?{HIT}", "empty", page=page, method="POST"),
        exchange(f"{SITE}/api", "{}", destination="empty", kind="application/json", page=page, sent=(("Cookie", "_ga=GA1.1.secret; own=1"),)),
    ]  # fmt: skip
