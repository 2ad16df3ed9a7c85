"""Cookies of services on the site's own host: held as their service is, on both ways, and expired when found.

Those of measurement are always held: the gateway stands between the browser and Google, and what it sends
on never came from them. The others follow their service's release (TDDDG § 25: reading and writing alike).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from ipaddress import ip_address

from consent_gateway.catalogue import Catalogue, Treatment
from consent_gateway.messages import Headers, Request

MOST_EXPIRED = 60  # fields of one response
DEEPEST = 4  # folders of a path

Held = Callable[[str], bool]


class ServiceCookies:
    """Knows the names of the catalogue's first-party cookies."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._owners = [
            (_expression(cookie.name), id, service.treatment is Treatment.MEASUREMENT)
            for id, service in catalogue.services.items()
            for cookie in service.cookies
            if cookie.party == "first" and cookie.kind == "cookie"
        ]

    def held(self, name: str, loads: Callable[[str], bool]) -> bool:
        """Whether a cookie belongs to measurement, or to services of which none is released now."""
        owners = self._owners_of(name)
        if any(measures for _, measures in owners):
            return True
        return bool(owners) and not any(loads(id) for id, _ in owners)

    @lru_cache(maxsize=4096)  # noqa: B019 - one of these lives as long as the process
    def _owners_of(self, name: str) -> tuple[tuple[str, bool], ...]:
        found = ((id, measures) for pattern, id, measures in self._owners if pattern.fullmatch(name))
        return tuple(found)


def _expression(name: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, name.split("*"))), re.S)


def without_held(cookies: str, held: Held) -> str:
    """A Cookie header without the pairs that are held."""
    pairs = (pair.strip() for pair in cookies.split(";"))
    return "; ".join(pair for pair in pairs if pair and not held(pair.partition("=")[0].strip()))


def not_set(headers: Headers, held: Held) -> Headers:
    """Headers of a response without the Set-Cookie fields of what is held, but for those that expire it."""

    def stays(name: str, value: str) -> bool:
        if name.lower() != "set-cookie" or _EXPIRES.search(value):
            return True
        return not held(value.partition("=")[0].strip())

    return Headers(tuple(field for field in headers if stays(*field)))


def expired(request: Request, held: Held) -> list[tuple[str, str]]:
    """The Set-Cookie fields by which a browser forgets what it has sent and is held: wherever on this
    host or above, and however deep in the path, it may have been put (RFC 6265 5.3)."""
    pairs = ";".join(request.headers.all("cookie")).split(";")
    names = dict.fromkeys(pair.partition("=")[0].strip() for pair in pairs)
    found = [name for name in names if _NAME.fullmatch(name) and held(name)]
    fields = [
        ("Set-Cookie", f"{name}=; Max-Age=0; Path={path}{domain}")
        for path in _paths(request.path)
        for domain in _domains(request.hostname)
        for name in found
    ]
    return fields[:MOST_EXPIRED]


_EXPIRES = re.compile(r";\s*max-age\s*=\s*0\s*(?:;|$)", re.I)
_NAME = re.compile(r"[\w!#$%&'*+.^`|~-]{1,100}", re.A)  # RFC 9110 5.6.2: a token
_PATH = re.compile(r"[\w/.~%-]*", re.A)


def _domains(host: str) -> Iterable[str]:
    """None, and each domain the host is in, but for the last label, which nobody may set a cookie for."""
    yield ""
    try:
        ip_address(host)
    except ValueError:
        labels = host.split(".")
        yield from (f"; Domain={'.'.join(labels[start:])}" for start in range(len(labels) - 1))


def _paths(path: str) -> list[str]:
    folders = path.split("/")[1:-1][:DEEPEST] if _PATH.fullmatch(path) else []
    return ["/", *("/" + "/".join(folders[: depth + 1]) for depth in range(len(folders)))]
