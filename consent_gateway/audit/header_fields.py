"""The header fields by which a response makes a browser contact somebody, written down a second time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from consent_gateway.audit.findings import Carrier
from consent_gateway.audit.refresh import refreshed
from consent_gateway.messages import Headers

_REDIRECTS = (301, 302, 303, 307, 308)
# Link relations that browsers act on in a header (HTML standard 4.6.7; RFC 9842 2.3).
_FETCHED = frozenset(
    "stylesheet preload modulepreload prefetch prerender preconnect dns-prefetch icon manifest compression-dictionary".split()
)
# Not among them: SourceMap (for developer tools), Content-Location, Attribution-Reporting-* (keep something for
# the host that sends them, and contact nobody by themselves).
_LINK = re.compile(r"<([^<>]*)>((?:[^,\"<]|\"(?:[^\"\\]|\\.)*\")*)", re.S)
_RELATION = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^;,\s]*))", re.I)
_TEXT = re.compile(r"\"((?:[^\"\\]|\\.)*)\"")
_AUTHORITY = re.compile(r"\b[\w-]{1,64}\s{0,64}=\s{0,64}\"([^\":]+)(?::\d+)?\"")


def addresses(headers: Headers, status: int = 200) -> Iterator[tuple[str, Carrier]]:
    """Every address as written, with its carrier."""
    if status in _REDIRECTS:
        yield from ((value.strip(), Carrier.REDIRECT) for value in headers.all("location"))
    for name, value in headers:
        reader = _READERS.get(name.lower())
        if reader:
            yield from ((address, Carrier.HEADER) for address in reader(value))


def _links(value: str) -> Iterator[str]:
    """RFC 8288 3."""
    for address, parameters in _LINK.findall(value):
        relation = _RELATION.search(parameters)
        words = (relation[1] or relation[2] or "").lower().split() if relation else []
        if not _FETCHED.isdisjoint(words):
            yield address.strip()


def _texts(value: str) -> Iterator[str]:
    """The strings of a structured field (RFC 9651): Reporting-Endpoints, Speculation-Rules."""
    yield from _TEXT.findall(value)


def _report_groups(value: str) -> Iterator[str]:
    """Report-To (also of NEL, which names its groups): JSON objects with commas between."""
    try:
        groups: Any = json.loads(f"[{value}]")
    except (ValueError, RecursionError):
        return
    for group in groups:
        endpoints = group.get("endpoints") if isinstance(group, dict) else None
        for endpoint in endpoints if isinstance(endpoints, list) else ():
            address = endpoint.get("url") if isinstance(endpoint, dict) else None
            if isinstance(address, str):
                yield address


def _report_uris(value: str) -> Iterator[str]:
    """CSP 3 6.5.1."""
    for directive in re.split("[;,]", value):
        name, *uris = directive.split() or [""]
        if name.lower() == "report-uri":
            yield from uris


def _alternatives(value: str) -> Iterator[str]:
    """Alt-Svc (RFC 7838 3): another host is asked for the same."""
    for host in _AUTHORITY.findall(value):
        yield f"https://{host}/"


_READERS: dict[str, Callable[[str], Iterator[str]]] = {
    "link": _links,
    "refresh": lambda value: iter(refreshed(value)),
    "reporting-endpoints": _texts,
    "speculation-rules": _texts,
    "report-to": _report_groups,
    "content-security-policy": _report_uris,
    "content-security-policy-report-only": _report_uris,
    "alt-svc": _alternatives,
}
