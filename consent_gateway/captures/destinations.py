"""What a request was made for, in the words of Fetch Metadata, as far as a capture tells."""

from __future__ import annotations

from consent_gateway.captures.exchange import DOCUMENT, FRAME
from consent_gateway.messages import Request, Response

WEBSOCKET = "websocket"
UNTOLD = "empty"  # what Sec-Fetch-Dest says for fetch, XHR and beacons

# HTML standard 7.4.2: a frameset's frame and a fenced frame show a document inside another as well.
_FRAMES = frozenset(("iframe", "frame", "fencedframe"))

# Resource types of Chrome DevTools ("_resourceType"), which HARs of Chromium and Playwright have.
_TYPES = {
    "document": DOCUMENT,
    "stylesheet": "style",
    "image": "image",
    "media": "video",
    "font": "font",
    "script": "script",
    "texttrack": "track",
    "xhr": UNTOLD,
    "fetch": UNTOLD,
    "prefetch": UNTOLD,
    "eventsource": UNTOLD,
    "ping": UNTOLD,
    "beacon": UNTOLD,
    "preflight": UNTOLD,
    "websocket": WEBSOCKET,
    "manifest": "manifest",
    "csp-violation-report": "report",
    "cspviolationreport": "report",
}

# What the type of a response stands for where the request says nothing: type or its beginning.
_MEDIA_TYPES = (
    ("text/css", "style"),
    ("image/", "image"),
    ("font/", "font"),
    ("application/font", "font"),
    ("application/vnd.ms-fontobject", "font"),
    ("video/", "video"),
    ("audio/", "audio"),
    ("text/javascript", "script"),
    ("application/javascript", "script"),
    ("application/x-javascript", "script"),
    ("text/vtt", "track"),
    ("application/manifest+json", "manifest"),
    ("application/json", UNTOLD),
)
_PAGES = frozenset(("text/html", "application/xhtml+xml"))


def destination_of(request: Request, response: Response | None, told: str = "") -> str:
    """The destination by Sec-Fetch-Dest, else by the resource type that a HAR has `told`, else by what
    was asked for and what came; empty where nothing tells it."""
    if request.headers.get("upgrade").strip().lower() == WEBSOCKET:
        return WEBSOCKET
    said = request.headers.get("sec-fetch-dest").strip().lower()
    found = said or _TYPES.get(told.lower(), "") or _guessed(request, response)
    if found in _FRAMES:
        return FRAME
    if found == DOCUMENT and "prefetch" in (
        request.headers.get("sec-purpose") or request.headers.get("purpose")
    ):
        return UNTOLD  # fetched in case the visitor goes there: he has not
    return found


def _guessed(request: Request, response: Response | None) -> str:
    accept = request.headers.get("accept").lower()
    if accept.startswith(("text/html", "application/xhtml+xml")):
        return DOCUMENT
    if accept.startswith("text/css,"):
        return "style"
    if accept.startswith(("image/", "video/", "audio/")):
        return accept.partition("/")[0]
    media_type = response.media_type if response else ""
    if media_type in _PAGES:
        return UNTOLD if _by_code(request) else DOCUMENT
    return next((destination for start, destination in _MEDIA_TYPES if media_type.startswith(start)), "")


def _by_code(request: Request) -> bool:
    """Whether HTML was fetched by a script: a browser says of a navigation that it wants HTML, and a
    plain client has no Referer."""
    headers = request.headers
    return bool(headers.get("x-requested-with") or headers.get("origin") or headers.get("referer"))
