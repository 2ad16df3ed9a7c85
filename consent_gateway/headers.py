"""What goes along with a page: the second policy, caching, and what is taken out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from consent_gateway.messages import Headers
from consent_gateway.page.positions import LINK_CARRIERS
from consent_gateway.urls import STAND_IN, Pattern

# A validator or digest of the origin's no longer fits the bytes (RFC 9110 8.8.1, RFC 9530).
STALE = (
    "ETag", "Last-Modified", "Content-MD5", "Digest", "Content-Digest", "Repr-Digest", "Signature",
    "Signature-Input", "Content-Length", "Transfer-Encoding", "Trailer", "Accept-Ranges", "Expires",
    "Pragma", "Age",
)  # fmt: skip
# Headers by which a response makes the browser report to others or reach the origin past us.
REPORTING = ("NEL", "Report-To", "Reporting-Endpoints", "Alt-Svc")
VARIES_WITH = ("Cookie", "Sec-GPC", "DNT")


def relocated(headers: Headers, origin: str) -> Headers:
    """A redirect by the origin to its own address becomes one to a path, so that it leads back here."""
    location = headers.get("location")
    if not location.startswith(origin) or location[len(origin) : len(origin) + 1] not in ("", "/", "?", "#"):
        return headers
    path = location[len(origin) :]
    return headers.setting("Location", path if path.startswith("/") else f"/{path}")


def policy(*, own: Iterable[str], released: Iterable[str], host: str, stand_ins: bool, report_to: str) -> str:
    """A Content-Security-Policy that limits hosts and nothing else (CSP3, effect of multiple policies:
    it can only restrict further what the site's own policy allows)."""
    sources = [
        "'self'",
        "'unsafe-inline'",
        "'unsafe-eval'",
        "data:",
        "blob:",
        f"ws://{host}",
        f"wss://{host}",
    ]
    for text in (*own, *released):
        sources += _sources(Pattern.parse(text), stand_ins=stand_ins)
    return f"default-src {' '.join(dict.fromkeys(sources))}; report-uri {report_to}"


def _sources(pattern: Pattern, *, stand_ins: bool) -> list[str]:
    hosts = [f"*.{pattern.host}", pattern.host] if pattern.below else [pattern.host]
    if stand_ins:
        hosts += [f"{host}{STAND_IN}:*" for host in hosts]
    return hosts


def for_edited(headers: Headers, *, also_varies_with: Iterable[str] = ()) -> Headers:
    """The headers of a representation we made ourselves: private, and asked for again each time,
    because browsers do not heed `Vary: Cookie` in their own cache."""
    stored = "no-store" if "no-store" in headers.get("cache-control").lower() else "no-cache"
    varies = [name.strip() for name in headers.get("vary").split(",") if name.strip()]
    known = {name.lower() for name in varies}
    varies += [name for name in (*VARIES_WITH, *also_varies_with) if name.lower() not in known]
    return (
        headers.without(*STALE, "Cache-Control", "Vary")
        .adding("Cache-Control", f"private, {stored}")
        .adding("Vary", ", ".join(varies))
    )


_LINK = re.compile(r"\s*<([^>]*)>((?:[^,\"]|\"(?:[^\"\\]|\\.)*\")*)(?:,|$)")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;,]+))", re.I)


def without_contacts(headers: Headers, held: Callable[[str], bool]) -> Headers:
    """Without the headers that make a browser contact others. `held` tells of an address."""
    kept = headers.without(*REPORTING)
    links = headers.all("link")
    if not links:
        return kept
    kept = kept.without("Link")
    for line in links:
        entries = [match for match in _LINK.finditer(line) if match[0].strip()]
        passing = [match for match in entries if not (_fetches(match[2]) and held(match[1].strip()))]
        if len(passing) == len(entries):
            kept = kept.adding("Link", line)
        elif passing:
            kept = kept.adding("Link", ", ".join(f"<{match[1]}>{match[2].strip()}" for match in passing))
    return kept


def _fetches(parameters: str) -> bool:
    match = _REL.search(parameters)
    words = (match[1] or match[2] or "").lower().split() if match else []
    return any(word in LINK_CARRIERS for word in words)


_NONCE = re.compile(
    r"(?:^|;)\s*(?:script-src-elem|script-src|default-src)\s[^;]*'nonce-([A-Za-z0-9+/_=-]+)'", re.I
)


def nonce_of(headers: Headers) -> str:
    """The nonce of the site's own policy for this response; empty if it has none."""
    for value in headers.all("content-security-policy"):
        if match := _NONCE.search(value):
            return match[1]
    return ""
