"""Whether the Content Security Policies of a page let a browser fetch an address (CSP 3, 6.7.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from consent_gateway.urls import Address

# Fetch Metadata's destination → the directives that govern it, the first that is there counts (CSP 3, 6.8.3).
_SCRIPT = ("script-src-elem", "script-src", "default-src")
_FRAME = ("frame-src", "child-src", "default-src")
_DIRECTIVES: dict[str, tuple[str, ...]] = {
    "script": _SCRIPT,
    "worker": ("worker-src", "child-src", "script-src", "default-src"),
    "iframe": _FRAME,
    "frame": _FRAME,
    "style": ("style-src-elem", "style-src", "default-src"),
    "image": ("img-src", "default-src"),
    "font": ("font-src", "default-src"),
    "audio": ("media-src", "default-src"),
    "video": ("media-src", "default-src"),
    "track": ("media-src", "default-src"),
    "object": ("object-src", "default-src"),
    "embed": ("object-src", "default-src"),
    "manifest": ("manifest-src", "default-src"),
}
_CONNECT = ("connect-src", "default-src")
_SOURCE = re.compile(
    r"(?:([a-z][a-z0-9+.-]*)://)?(\*|(?:\*\.)?[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::(\d+|\*))?(/.*)?", re.I
)
_DEFAULTS = {"http": "80", "ws": "80", "https": "443", "wss": "443"}


def allowed(policies: Iterable[str], address: Address, destination: str, own_host: str) -> bool:
    """Whether every one of the policies allows it; a policy with no word on it does. In doubt it is allowed:
    what is not proved to be held counts as sent."""
    return all(_allows(sources, address, own_host) for sources in _governing(policies, destination))


def _governing(policies: Iterable[str], destination: str) -> Iterator[tuple[str, ...]]:
    names = _DIRECTIVES.get(destination, _CONNECT)
    for policy in policies:
        found = _parsed(policy)
        governing = next((found[name] for name in names if name in found), None)
        if governing is not None:
            yield governing


@lru_cache(maxsize=256)
def _parsed(policy: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for part in policy.split(";"):
        name, *sources = part.split() or [""]
        found.setdefault(name.lower(), tuple(sources))
    return found


def _allows(sources: tuple[str, ...], address: Address, own_host: str) -> bool:
    return any(_matches(source.lower(), address, own_host) for source in sources)


def _matches(source: str, address: Address, own_host: str) -> bool:
    if source == "'self'":
        return address.host == own_host
    if source in ("*", "'strict-dynamic'"):
        return True
    if source.endswith(":"):
        return address.scheme == source[:-1] or (source == "http:" and address.scheme == "https")
    match = _SOURCE.fullmatch(source)
    if not match or source.startswith("'"):
        return False
    scheme, host, port, _ = match.groups()
    if (
        scheme
        and address.scheme != scheme
        and (scheme, address.scheme) not in (("http", "https"), ("ws", "wss"))
    ):
        return False
    if port != "*" and (port or _DEFAULTS.get(address.scheme)) != (
        address.port or _DEFAULTS.get(address.scheme)
    ):
        return False
    return address.host.endswith(host[1:]) if host.startswith("*.") else host in ("*", address.host)
