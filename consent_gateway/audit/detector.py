"""What a browser would fetch for a response, by parsers that are not the gateway's own rewriter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from consent_gateway import catalogue
from consent_gateway.audit import css, document, header_fields
from consent_gateway.audit.document import Boots
from consent_gateway.audit.fetches import Fetch
from consent_gateway.audit.findings import Carrier
from consent_gateway.messages import Headers
from consent_gateway.sniffing import SCRIPTS, is_script
from consent_gateway.urls import resolve

__all__ = ["Fetch", "fetches", "is_document", "is_sheet"]

_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([\w:.-]+)", re.I)
_XML = ("text/xml", "application/xml")  # and whatever ends in +xml (MIME Sniffing 4.6)
# MIME Sniffing 7.1: how a document begins that says nothing of its type, or nothing that is a type.
_START = re.compile(
    rb"[\t\n\f\r ]*(?:<(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p)[ >]|<!--)",
    re.I,
)
_XML_START = re.compile(rb"[\t\n\f\r ]*<\?xml")
_NO_TYPES = ("unknown/unknown", "application/unknown", "*/*")
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
NO_FIELDS = Headers()


def fetches(
    body: bytes,
    url: str,
    headers: Headers = NO_FIELDS,
    *,
    status: int = 200,
    destination: str = "document",
    boots: Boots | None = None,
) -> Iterator[Fetch]:
    """Every fetch that an answer from `url` makes a browser do: of its headers, and of the document, style sheet or
    script it is. `boots` tells the services that a script's text loads: those of the catalogue."""
    for written, carrier in header_fields.addresses(headers, status):
        if address := resolve(written, url):
            yield Fetch(address.url, carrier)
    known = boots or catalogue.load().boots
    if is_document(body, headers, destination):
        read = document.fetches_of_xml if _is_xml(body, headers) else document.fetches
        yield from read(body, url, known, encoding=_encoding(headers))
    elif is_script(headers, destination):
        text = body.decode(_encoding(headers) or "utf-8", "replace")
        yield from document.of_code(text, url, known)
    elif is_sheet(headers, destination):
        marked = next((name for mark, name in _BOMS if body.startswith(mark)), None)  # Encoding standard 6
        text = body.decode(marked or _encoding(headers) or "utf-8", "replace")
        for written in css.addresses(text):
            if address := resolve(written, url):
                yield Fetch(address.url, Carrier.CSS)


def is_document(body: bytes, headers: Headers, destination: str = "document") -> bool:
    """Whether a browser shows it as a document; without a type the first bytes tell (MIME Sniffing 7.1)."""
    if destination == "style" or destination in SCRIPTS:
        return False
    return _is_html(body, headers) or _is_xml(body, headers)


def _is_html(body: bytes, headers: Headers) -> bool:
    kind = _kind(headers)
    return kind == "text/html" or (_is_none(kind, headers) and _START.match(body) is not None)


def _is_xml(body: bytes, headers: Headers) -> bool:
    kind = _kind(headers)
    return (
        kind in _XML
        or kind.endswith("+xml")
        or (_is_none(kind, headers) and _XML_START.match(body) is not None)
    )


def _is_none(kind: str, headers: Headers) -> bool:
    """Whether what is said is no type of anything, so that a browser looks at the bytes."""
    nosniff = "nosniff" in headers.get("x-content-type-options").lower()
    return not nosniff and ("/" not in kind or kind in _NO_TYPES)


def is_sheet(headers: Headers, destination: str = "") -> bool:
    """Whether it is a style sheet."""
    return _kind(headers) == "text/css" or destination == "style"


def _kind(headers: Headers) -> str:
    return headers.get("content-type").split(",")[-1].partition(";")[0].strip().lower()


def _encoding(headers: Headers) -> str | None:
    """As the header says it, where Python knows it; else the parser finds it out."""
    match = _CHARSET.search(headers.get("content-type"))
    if not match:
        return None
    try:
        "".encode(match[1])
    except (LookupError, ValueError):
        return None
    return match[1]
