"""Addresses and titles without what could point to a person."""

from __future__ import annotations

import html
import re
from urllib.parse import unquote, urlsplit

MAX_PATH = 300
MAX_TEXT = 120
_READ = 2000  # characters looked at
_DECODINGS = 3

_AT = r"\s?(?:@|\(at\)|\[at\]|\s+at\s+)\s?"
# CNIL measure M7, "deletion of any other data that could lead to re-identification".
_PERSONAL: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"eyJ[\w-]{8,}(?:\.[\w-]+)*"), ":token"),
    (
        re.compile(
            rf"(?<![\w.+'-])[\w.+'-]+{_AT}[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,8}}(?:{_AT}[\w.-]+)*", re.I
        ),
        ":email",
    ),
    (re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,7}(?:\s?[A-Z0-9]{1,3})?\b"), ":iban"),
    (re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", re.I), ":id"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b"), ":address"),
    (re.compile(r"(?:\+|\b00)\d[\d\s/().-]{5,}\d"), ":phone"),
    (re.compile(r"\b0\d{2,5}[\s/-]\d[\d\s/-]{3,}\d\b"), ":phone"),
    (re.compile(r"\b[0-9a-f]{16,}\b", re.I), ":id"),
    (re.compile(r"\d{6,}"), ":number"),
    (re.compile(r"\b(?=[\w-]{0,99}\d)(?=[\w-]{0,99}[A-Z])(?=[\w-]{0,99}[a-z])[\w-]{20,}"), ":token"),
    (re.compile(r"\b(?=[a-z]{0,99}\d)(?=\d{0,99}[a-z])[a-z0-9]{24,}\b", re.I), ":token"),
)
_AFTER = re.compile(
    r"(/(?:users?|kunden?|customers?|accounts?|konto|orders?|bestellung(?:en)?|profiles?|profil|"
    r"members?|mitglied(?:er)?|clients?|patients?|invoices?|rechnung(?:en)?)/)[^/]+",
    re.I,
)


def text(value: str) -> str:
    """A title or other free text, at most 120 characters, with placeholders for what is personal."""
    return _without_personal(_decoded(value))[:MAX_TEXT].strip()


def path(value: str) -> str:
    """A path without query and fragment, with placeholders for what is personal."""
    plain = _decoded(value.partition("?")[0].partition("#")[0])
    plain = plain.partition("?")[0].partition("#")[0]  # one that was hidden by encoding
    plain = _AFTER.sub(r"\1:id", plain)
    # Matrix parameters (";jsessionid=…") are parameters too.
    segments = [_without_personal(segment.partition(";")[0]) for segment in plain.split("/")]
    return "/".join(segments)[:MAX_PATH]


def address(value: str, own_hosts: frozenset[str]) -> str:
    """Scheme, host and scrubbed path of an address on the site itself; of another only the host."""
    try:
        url = urlsplit(value)
        host = (url.hostname or "").rstrip(".")
        port = f":{url.port}" if url.port else ""
    except ValueError:
        return ""
    if url.scheme not in ("http", "https") or not host:
        return ""
    own = host in own_hosts
    return f"{url.scheme}://{host}{port if own else ''}{path(url.path) if own else '/'}"


def own_address(value: str, own_hosts: frozenset[str]) -> str:
    """An address on the site itself, scrubbed; empty for any other (CNIL M3)."""
    scrubbed = address(value, own_hosts)
    return scrubbed if scrubbed and (urlsplit(value).hostname or "").rstrip(".") in own_hosts else ""


def _decoded(value: str) -> str:
    value = value[:_READ]
    for _ in range(_DECODINGS):
        plainer = html.unescape(unquote(value, errors="replace"))
        if plainer == value:
            break
        value = plainer
    return "".join(character for character in value if character.isprintable())


def _without_personal(value: str) -> str:
    for pattern, placeholder in _PERSONAL:
        value = pattern.sub(placeholder, value)
    return value
