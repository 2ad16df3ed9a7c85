"""Content Security Policies of a replay: the site's own for the addresses it has here, and the replay's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from consent_gateway.directives import directives
from consent_gateway.replay.places import Places, local_name
from consent_gateway.urls import STAND_IN

REPORTS = "/.replay/reports"
_SOURCE = re.compile(
    r"(?:(?:https?|wss?|\*)://)?(\*\.)?((?:[a-z0-9_-]+\.)+[a-z0-9-]+|localhost)(?::(?:\d+|\*))?(/\S*)?", re.I
)
_DIGEST = re.compile(r"'sha(?:256|384|512)-[^']*'", re.I)
_SCHEMES = {"https:": "http:", "wss:": "ws:"}
# They ask for https, which is not spoken here, report to elsewhere, or keep the page out of the panel's frame.
GONE = ("upgrade-insecure-requests", "block-all-mixed-content", "report-to", "frame-ancestors")


def replays_own(places: Places) -> str:
    """The policy that goes with everything: whatever code puts together, it reaches this computer or nobody,
    and the replay is told."""
    sources = " ".join(("'self'", "'unsafe-inline'", "'unsafe-eval'", "data:", "blob:", *places.sources))
    to_places = " ".join(("'self'", *places.sources))
    return f"default-src {sources}; form-action {to_places}; base-uri {to_places}; report-uri {REPORTS}"


def translated(policy: str, places: Places) -> str:
    """A policy of the site's own: it keeps out here what it kept out there. Digests are those of scripts
    before their addresses were changed, so that inline scripts count as trusted where there are some."""
    kept = []
    for name, sources in directives(policy).items():
        if not name or name in GONE or (name == "report-uri" and not all(map(_is_path, sources))):
            continue
        found = list(dict.fromkeys(one for source in sources for one in _translated(source, places)))
        digests = any(_DIGEST.fullmatch(source) for source in sources)
        nonces = any(source.lower().startswith("'nonce-") for source in sources)
        if digests and not nonces:
            found = [one for one in found if one.lower() != "'strict-dynamic'"]
        kept.append(" ".join((name, *found)))
    return "; ".join(kept)


def _translated(source: str, places: Places) -> Iterator[str]:
    if _DIGEST.fullmatch(source):
        yield "'unsafe-inline'"
        return
    match = None if source.startswith("/") else _SOURCE.fullmatch(source)
    if not match:
        yield source
        if source.lower() in _SCHEMES:
            yield _SCHEMES[source.lower()]
        return
    below, host, path = match[1] or "", match[2], match[3] or ""
    yield f"{below}{local_name(host)}:*{path}"
    first = local_name(places.hosts[0])
    covered = first.endswith(f".{local_name(host)}") if below else first == local_name(host)
    if covered:
        yield f"{places.site}{path}"


def _is_path(address: str) -> bool:
    return address.startswith("/") and not address.startswith("//")


def is_from_elsewhere(blocked: str) -> bool:
    """Whether what a report says was stopped is an address of the network, and not of this computer."""
    return re.match(r"(?:https?|wss?)://", blocked) is not None and STAND_IN not in blocked
