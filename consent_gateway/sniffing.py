"""What a response is to a browser, whatever it calls itself."""

from __future__ import annotations

import re
from enum import StrEnum

from consent_gateway.messages import Headers, Request, Response

# Fetch Metadata: what asks for the code of a worker.
WORKERS = frozenset(("worker", "sharedworker", "serviceworker"))
SCRIPTS = WORKERS | {"script"}
_CODE = re.compile(r"(?:text|application)/(?:x-)?(?:java|ecma)script")  # MIME Sniffing 4.6


class Kind(StrEnum):
    """HTML, XML, CSS, the code of workers and what browsers fetch by are read; anything else passes."""

    HTML = "html"
    XML = "xml"
    CSS = "css"
    JSON = "json"
    WORKER = "worker"
    UNKNOWN = "unknown"
    OTHER = "other"


_XML = frozenset(("text/xml", "application/xml"))  # and whatever ends in +xml (MIME Sniffing 4.6)
# What a browser itself fetches by: the rest of JSON is for scripts.
_JSON = frozenset(("application/speculationrules+json", "application/manifest+json"))
# MIME Sniffing 5: the types for which a browser looks at the bytes.
_UNDECLARED = frozenset(("", "unknown/unknown", "application/unknown", "*/*"))
_HTML_START = re.compile(
    rb"[\t\n\x0c\r ]*<(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|!--)(?:[ >]|(?<=!--))",
    re.I,
)


_XML_START = re.compile(rb"[\t\n\x0c\r ]*<\?xml")


def declared(request: Request, response: Response) -> Kind:
    """What the Content-Type says; UNKNOWN where a browser would look at the bytes."""
    media_type = response.media_type
    if request.headers.get("sec-fetch-dest").strip().lower() in WORKERS and media_type != "text/html":
        return Kind.WORKER
    nosniff = "nosniff" in response.headers.get("x-content-type-options").lower()
    if media_type == "text/css" or (_wants_styles(request) and not nosniff):
        return Kind.CSS
    if media_type == "text/html":
        return Kind.HTML
    if media_type in _XML or media_type.endswith("+xml"):
        return Kind.XML
    if media_type in _JSON:
        return Kind.JSON
    if media_type in _UNDECLARED or "/" not in media_type:
        return Kind.OTHER if nosniff else Kind.UNKNOWN
    return Kind.OTHER


def kind(request: Request, response: Response) -> Kind:
    """The same, with the bytes looked at where a browser does (MIME Sniffing 7.1)."""
    found = declared(request, response)
    if found is not Kind.UNKNOWN:
        return found
    if _XML_START.match(response.body[:1445]):
        return Kind.XML
    return Kind.HTML if _HTML_START.match(response.body[:1445]) else Kind.OTHER


def _wants_styles(request: Request) -> bool:
    """Whether it is for a style sheet: in quirks mode a browser takes any type for one of its own
    site (HTML standard 4.6.7.20). Without Fetch Metadata the Accept that all browsers send tells."""
    destination = request.headers.get("sec-fetch-dest").strip().lower()
    if destination:
        return destination == "style"
    return request.headers.get("accept").strip().lower().startswith("text/css,")


def is_script(headers: Headers, destination: str = "") -> bool:
    """Whether it is code that a browser runs: by what it is asked for as (Fetch Metadata), else by its type."""
    kind = headers.get("content-type").split(",")[-1].partition(";")[0].strip().lower()
    return destination in SCRIPTS or _CODE.fullmatch(kind) is not None
