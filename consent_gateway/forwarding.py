"""What the origin gets to see of a request: a page whole and anew, and who asks for it."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from consent_gateway.cookie_fields import Held, without_held
from consent_gateway.cookie_rules import OWN
from consent_gateway.messages import Headers, Request
from consent_gateway.sniffing import WORKERS
from consent_gateway.urls import is_loopback
from consent_gateway.visitor_token import HEADER as TOKEN

CODINGS = ("gzip", "deflate", "br", "zstd")  # what bodies.py reads
# Where a fetch ends up as a page, style sheet or worker (Fetch Metadata): it has to come whole and anew,
# for what a browser kept from before the gateway was there still holds everything.
_READ = WORKERS.union(("document", "iframe", "frame", "fencedframe", "embed", "object", "style", "xslt"))
_CONDITIONAL = ("If-None-Match", "If-Modified-Since", "If-Range", "Range")
_NO_PAGE = re.compile(
    r"\.(?:avif|bmp|gif|ico|jpe?g|png|webp|mp[34]|m4[av]|mov|og[gv]|wav|webm|woff2?|ttf|otf|eot|m?js|json|map"
    r"|txt|csv|pdf|docx?|xlsx?|pptx?|zip|gz|bz2|xz|7z|rar|tar|tgz|iso|dmg|exe|msi|deb|rpm|apk|bin|wasm)$",
    re.I,
)
# RFC 9110 7.6.1: for one connection only. Upgrade stays, for WebSockets. Trailers are dropped, and so is what
# announces them (6.6.2).
_ONE_HOP = ("Keep-Alive", "Proxy-Connection", "Proxy-Authorization", "TE", "Trailer")
PSEUDONYM = "consent-gateway"  # in Via (RFC 9110 7.6.3), in the place of a host
_OF_CONNECTIONS = frozenset(("close", "keep-alive", "upgrade"))
# Whoever names these in Connection would have the site take the body for a request of its own (RFC 9112 11.2).
_OF_MESSAGES = frozenset(("content-length", "transfer-encoding", "host"))
TOLD_BY_PROXIES = (
    "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Proto",
    "X-Forwarded-Prefix", "X-Forwarded-Server", "X-Forwarded-Ssl", "X-Real-IP", "X-Client-IP",
    "X-Original-URL", "X-Rewrite-URL", "True-Client-IP",
)  # fmt: skip
_TOLD = frozenset(name.lower() for name in (*TOLD_BY_PROXIES, TOKEN))


def forwarded(
    request: Request, *, origin: str, keeps_host: bool, held: Held, prefix: str, token: str = ""
) -> Request:
    """The request as the origin gets it. `origin` is its scheme, host and port; `held` says which
    cookies it does not get, `prefix` where our own pages are, `token` what a server is told of who has
    agreed to statistics.

    Under a public name the host stays as it is, and where gateway and origin are both on this
    machine: what the site says of itself then leads back here. Elsewhere the origin is asked under
    its own name, and Origin and Referer agree with that.
    """
    own = f"{request.scheme}://{request.host}"
    there = urlsplit(origin)
    host = there.netloc
    fields = _without_our_pages(_onward(request, held), prefix)
    if keeps_host or (is_loopback(request.hostname) and is_loopback(there.hostname or "")):
        host = request.host
    else:
        fields = _from(fields, own, origin)
    fields = _with_who_asks(fields, request).without(TOKEN)
    # A gateway before this one has said the same: that is no loop, and nothing is concluded from it.
    fields = fields.adding("Via", f"{request.version} {PSEUDONYM}")
    return replace(request, host=host, headers=fields.adding(TOKEN, token) if token else fields)


def _onward(request: Request, held: Held) -> Headers:
    named = {token.strip().lower() for token in request.headers.get("connection").split(",")}
    # What a proxy in front has said is not for the visitor to take out.
    kept = request.headers.without(*_ONE_HOP, *(named - _OF_CONNECTIONS - _OF_MESSAGES - _TOLD))
    if kept.get("upgrade").strip().lower() != "websocket":  # the one other protocol that is read
        kept = kept.without("Upgrade")
    if named - _OF_CONNECTIONS - {""}:
        kept = kept.setting("Connection", ", ".join(sorted(named & _OF_CONNECTIONS)) or "keep-alive")
    cookies = without_held("; ".join(kept.all("cookie")), lambda name: name in OWN or held(name))
    if kept.get("cookie"):
        kept = kept.setting("Cookie", cookies) if cookies else kept.without("Cookie")
    accepted = kept.get("accept-encoding").lower()
    codings = ", ".join(coding for coding in CODINGS if coding in accepted)
    kept = kept.setting("Accept-Encoding", codings or "identity")
    return kept.without(*_CONDITIONAL) if _asks_for_page(request) else kept


def _without_our_pages(fields: Headers, prefix: str) -> Headers:
    """Where a visitor comes from a page of ours, no more of its address than the prefix: the query of one is
    the key to a request. Other proxies and frameworks repeat the Referer under names of their own."""
    ours = re.compile(rf"((?:[a-z][a-z0-9+.-]*:)?(?://[^/?#]*)?{re.escape(prefix)})(?:[/?#].*)?", re.I | re.S)

    def cut(name: str, value: str) -> str:
        found = ours.fullmatch(value) if "refer" in name.lower() else None
        return found[1] if found else value

    return Headers(tuple((name, cut(name, value)) for name, value in fields))


def _asks_for_page(request: Request) -> bool:
    destination = request.headers.get("sec-fetch-dest").strip().lower()
    if destination:
        return destination in _READ
    accepted = request.headers.get("accept", "*/*").lower()
    if "text/html" in accepted or "text/css" in accepted:
        return True
    return "*/*" in accepted and not _NO_PAGE.search(request.path)


def _from(fields: Headers, own: str, origin: str) -> Headers:
    """The same as if the page that asks had been served by the origin itself."""
    if fields.get("origin").lower() == own:
        fields = fields.setting("Origin", origin)
    referer = fields.get("referer")
    if referer.lower().startswith(own) and referer[len(own) : len(own) + 1] in ("", "/", "?"):
        fields = fields.setting("Referer", origin + referer[len(own) :])
    return fields


def _with_who_asks(fields: Headers, request: Request) -> Headers:
    """With X-Forwarded-For, -Host and -Proto: what a trusted proxy in front said, else what we see."""
    told = fields if request.through_trusted else Headers()
    chain = [*told.all("x-forwarded-for"), *([request.peer] if request.peer else [])]
    kept = fields if request.through_trusted else fields.without(*TOLD_BY_PROXIES)
    kept = Headers(tuple(field for field in kept if not _looks_told(field[0])))
    if chain:
        kept = kept.setting("X-Forwarded-For", ", ".join(chain))
    return kept.setting("X-Forwarded-Proto", request.scheme).setting(
        "X-Forwarded-Host", told.get("x-forwarded-host") or request.host
    )


def _looks_told(name: str) -> bool:
    """Whether it is a name of a proxy's with underscores: CGI and what came after it tell the two apart no more
    (RFC 3875 4.1.18), and no proxy writes it so."""
    return "_" in name and name.replace("_", "-").lower() in _TOLD
