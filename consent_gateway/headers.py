"""What goes along with a page of ours: how long it may be kept, and where a redirect leads."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from consent_gateway.messages import Headers

# A validator or digest of the origin's no longer fits the bytes (RFC 9110 8.8.1, RFC 9530).
STALE = (
    "ETag", "Last-Modified", "Content-MD5", "Digest", "Content-Digest", "Repr-Digest", "Signature",
    "Signature-Input", "Content-Length", "Transfer-Encoding", "Trailer", "Accept-Ranges", "Expires",
    "Pragma", "Age",
)  # fmt: skip
# Trailers are dropped (RFC 9110 6.5.1), and so is the field that announces them (6.6.2).
ANNOUNCES_TRAILERS = "Trailer"
# And with these a cache would keep what fits the bytes, but not the visitor.
KEPT_BY = ("ETag", "Last-Modified", "Expires", "Pragma", "Age")
VARIES_WITH = ("Cookie", "Sec-GPC", "DNT")


def relocated(headers: Headers, origin: str, hostname: str) -> Headers:
    """A redirect by the origin to its own address becomes one to a path, so that it leads back here; and a cookie
    for its own domain, which a browser would refuse under `hostname`, one for this host alone."""
    there = urlsplit(origin)
    location = headers.get("location")
    found = _AUTHORITY.match(location)
    if found and (found[1] or there.scheme, found[2]) == (there.scheme, there.netloc):
        path = location[found.end() :]
        headers = headers.setting("Location", path if path.startswith("/") else f"/{path}")
    if not any(_DOMAIN.search(value) for value in headers.all("set-cookie")):
        return headers

    def at_home(name: str, value: str) -> str:
        found = _DOMAIN.search(value) if name.lower() == "set-cookie" else None
        foreign = found and not _is_within(hostname, found[1]) and _is_within(there.hostname or "", found[1])
        return _DOMAIN.sub("", value) if foreign else value

    return Headers(tuple((name, at_home(name, value)) for name, value in headers))


_AUTHORITY = re.compile(r"(?:(https?):)?//([^/?#]*)")
_DOMAIN = re.compile(r";\s*domain\s*=\s*\.?([^;\s]*)\s*(?=;|$)", re.I)


def _is_within(host: str, domain: str) -> bool:
    """RFC 6265bis 5.1.3"""
    return bool(domain) and f".{host.lower()}".endswith(f".{domain.lower()}")


def for_edited(headers: Headers, *, also_varies_with: Iterable[str] = ()) -> Headers:
    """The headers of a representation we made ourselves: private, and asked for again each time,
    because browsers do not heed `Vary: Cookie` in their own cache."""
    return for_one_visitor(headers.without(*STALE), also_varies_with=also_varies_with)


def for_one_visitor(headers: Headers, *, also_varies_with: Iterable[str] = ()) -> Headers:
    """The headers of the origin's own bytes that others get otherwise, or not at all: no cache between may
    hand them on (RFC 9111 3), and none may take an old answer for the present one (4.3.4)."""
    stored = "no-store" if "no-store" in headers.get("cache-control").lower() else "no-cache"
    varies = [name.strip() for name in headers.get("vary").split(",") if name.strip()]
    known = {name.lower() for name in varies}
    varies += [name for name in (*VARIES_WITH, *also_varies_with) if name.lower() not in known]
    return (
        headers.without(*KEPT_BY, "Cache-Control", "Vary")
        .adding("Cache-Control", f"private, {stored}")
        .adding("Vary", ", ".join(varies))
    )


def at_once(headers: Headers) -> Headers:
    """With an event stream that no proxy in front keeps back: nginx gathers what it hands on, unless told otherwise
    (https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering)."""
    if headers.get("content-type").partition(";")[0].strip().lower() != "text/event-stream":
        return headers
    return headers if headers.get("x-accel-buffering") else headers.adding("X-Accel-Buffering", "no")


def takes_gzip(accept_encoding: str) -> bool:
    """Whether a browser that sends this takes the gzip coding (RFC 9110 12.5.3)."""
    for member in accept_encoding.lower().split(","):
        coding, _, weight = member.partition(";")
        if coding.strip() == "gzip":
            return re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", weight) is None
    return False
