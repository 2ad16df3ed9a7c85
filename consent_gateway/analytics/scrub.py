"""Addresses and titles without what could point to a person."""

from __future__ import annotations

import binascii
import html
import ipaddress
import re
from base64 import b64decode
from urllib.parse import unquote, urlsplit

MAX_PATH = 300
MAX_TEXT = 120
_READ = 2000  # characters looked at
_DECODINGS = 8

_LOOKALIKES = str.maketrans("\uff20\ufe6b", "@@")
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
    (re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.I), ":id"),
    (re.compile(r"\d{1,20}(?:\.\d{1,20}){3,9}"), ":address"),
    (re.compile(r"(?:\+|(?<!\d)00)\d[\d\s/().-]{5,}\d"), ":phone"),
    (re.compile(r"(?<!\d)0\d{2,5}[\s/-]\d[\d\s/-]{3,}\d\b"), ":phone"),
    (re.compile(r"[0-9a-f]{16,}", re.I), ":id"),
    (re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)|(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)"), ":number"),
    (re.compile(r"\d{6,}"), ":number"),
    (re.compile(r"\b(?=[\w-]{0,99}\d)(?=[\w-]{0,99}[A-Z])(?=[\w-]{0,99}[a-z])[\w-]{20,}={0,2}"), ":token"),
    (re.compile(r"\b(?=[a-z]{0,99}\d)(?=\d{0,99}[a-z])[a-z0-9]{24,}={0,2}", re.I), ":token"),
)
# base64 and base64url (RFC 4648 4 and 5); a slash in it may also be one of a path.
_ENCODED = (re.compile(r"[A-Za-z0-9+_-]{10,}={0,2}"), re.compile(r"[A-Za-z0-9+/]{10,}={0,2}"))
_COLONS = re.compile(r"[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}", re.I)
_CAPITAL_INSIDE = re.compile(r".[A-Z]")
_SMALL = re.compile(r"[a-z]")
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
        name = (url.hostname or "").rstrip(".")
        port = f":{url.port}" if url.port else ""
    except ValueError:
        return ""
    if url.scheme not in ("http", "https") or not name:
        return ""
    if name in own_hosts:
        return f"{url.scheme}://{name}{port}{path(url.path)}"
    return f"{url.scheme}://{host(name)}/" if host(name) else ""


def host(value: str) -> str:
    """A host name, empty for none and for one with something personal in it."""
    name = value.strip().lower().rstrip(".")
    named = re.fullmatch(r"(?=.{1,120}$)(?:[a-z0-9_-]{1,63}\.)+[a-z][a-z0-9-]{1,62}", name)
    return name if named and _without_personal(name) == name else ""


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
    value = value.translate(_LOOKALIKES)
    return "".join(character for character in value if character.isprintable())


def _without_personal(value: str) -> str:
    for pattern, placeholder in _PERSONAL:
        value = pattern.sub(placeholder, value)
    value = _COLONS.sub(lambda found: ":address" if _is_address(found[0]) else found[0], value)
    for pattern in _ENCODED:
        value = pattern.sub(lambda found: ":token" if _is_encoded_text(found[0]) else found[0], value)
    return value


def _is_address(value: str) -> bool:
    try:
        return bool(ipaddress.ip_address(value)) and any(map(str.isdigit, value))
    except ValueError:
        return False


def _is_encoded_text(value: str) -> bool:
    """Whether base64 hides something readable, with up to three letters before it."""
    plain = value.rstrip("=").replace("-", "+").replace("_", "/")
    if not (_CAPITAL_INSIDE.search(plain) and _SMALL.search(plain)):
        return False  # an ordinary word, or several in capitals
    return any(_hides_text(plain[skipped:]) for skipped in range(4))


def _hides_text(plain: str) -> bool:
    whole = plain[: len(plain) - (len(plain) % 4 == 1)]
    try:
        hidden = b64decode(whole + "=" * (-len(whole) % 4))
        return len(hidden) >= 7 and hidden.decode("utf-8").isprintable()
    except (binascii.Error, UnicodeDecodeError):
        return False
