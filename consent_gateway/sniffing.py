"""What a response is to a browser, whatever it calls itself."""

from __future__ import annotations

import re
from enum import StrEnum

from consent_gateway.messages import Response


class Kind(StrEnum):
    """HTML, XML, CSS and what browsers fetch by are read; anything else passes as it is."""

    HTML = "html"
    XML = "xml"
    CSS = "css"
    JSON = "json"
    UNKNOWN = "unknown"
    OTHER = "other"


_XML = frozenset(("application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml"))
# What a browser itself fetches by: the rest of JSON is for scripts.
_JSON = frozenset(("application/speculationrules+json", "application/manifest+json"))
# MIME Sniffing 5: the types for which a browser looks at the bytes.
_UNDECLARED = frozenset(("", "unknown/unknown", "application/unknown", "*/*"))
_HTML_START = re.compile(
    rb"[\t\n\x0c\r ]*<(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|!--)(?:[ >]|(?<=!--))",
    re.I,
)


def declared(response: Response) -> Kind:
    """What the Content-Type says; UNKNOWN where a browser would look at the bytes."""
    media_type = response.media_type
    if media_type == "text/html":
        return Kind.HTML
    if media_type in _XML:
        return Kind.XML
    if media_type == "text/css":
        return Kind.CSS
    if media_type in _JSON:
        return Kind.JSON
    if media_type in _UNDECLARED or "/" not in media_type:
        return (
            Kind.OTHER
            if "nosniff" in response.headers.get("x-content-type-options").lower()
            else Kind.UNKNOWN
        )
    return Kind.OTHER


def kind(response: Response) -> Kind:
    """The same, with the bytes looked at where a browser does (MIME Sniffing 7.1)."""
    found = declared(response)
    if found is Kind.UNKNOWN:
        return Kind.HTML if _HTML_START.match(response.body[:1445]) else Kind.OTHER
    return found
