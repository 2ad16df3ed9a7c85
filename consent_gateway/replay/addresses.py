"""Addresses in documents, style sheets, scripts and data, turned into those of this computer.

They are found in the text as it is, in whatever notation: attributes, JSON, strings of scripts. What is put
together at run time is not; the policy stops it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container

# A slash and a colon as they are, in strings of JavaScript and JSON, and as character references of HTML.
_SLASH = rb"(?:\\?/|\\x2[fF]|\\u002[fF]|&#(?:x2[fF]|47);|&sol;)"
_COLON = rb"(?::|\\x3[aA]|\\u003[aA]|&#(?:x3[aA]|58);|&colon;)"
_HOST = rb"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9_])?)"
_PORT = rb"(:[0-9]{1,5}(?![0-9]))?"
# User and password before a host (URL standard 4.4): what looks like the host is none.
_USER = rb"(?:[A-Za-z0-9._~%!$&()*+,;=:-]{0,256}@)?"
_ABSOLUTE = re.compile(
    rb"(?i:(?<![a-z0-9+.-])(https?|wss?))(" + _COLON + rb")(" + _SLASH + rb"{2})" + _USER + _HOST + _PORT
)
# Without a scheme: only where an address can begin, and only what has the form of a name with a domain.
_RELATIVE = re.compile(
    rb"(?<=[\"'`(=<\s,>;])(" + _SLASH + rb"{2})([A-Za-z0-9_](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9_])?)" + _PORT
    + rb"(?=[/\\\"'`?#)\s&,>]|\Z)"
)  # fmt: skip
_DOMAIN = re.compile(r"[a-z0-9_.-]+\.[a-z]{2,24}")
_TEXT = re.compile(r"text/|application/(?:.*\b)?(?:javascript|ecmascript|json|xml|xhtml)|.*\+(?:json|xml)\b")
_SCHEMES = {b"https": b"http", b"wss": b"ws"}

# They name something, and nobody fetches them: elements made for another namespace would be others.
NAMESPACES = frozenset(
    "www.w3.org schema.org ogp.me purl.org xmlns.com ns.adobe.com www.sitemaps.org gmpg.org json-schema.org "
    "search.yahoo.com rdfs.org creativecommons.org www.inkscape.org sodipodi.sourceforge.net".split()
)


def is_text(media_type: str) -> bool:
    """Whether there are addresses to be found in what calls itself so."""
    return _TEXT.match(media_type) is not None


def localised(data: bytes, place_of: Callable[[str], str], recorded: Container[str]) -> bytes:
    """The text with every absolute address leading to its place, which `place_of` gives for a host with the port
    it may have. `recorded` holds the hosts of the
    recording: of those even a namespace is somewhere, and a name after a blank is an address."""

    def absolute(match: re.Match[bytes]) -> bytes:
        scheme, colon, slashes, host, port = match.groups(b"")
        name = host.decode("ascii").lower()
        if not _is_fetched(name, recorded):
            return match[0]
        scheme = _SCHEMES.get(scheme.lower(), scheme)
        return scheme + colon + slashes + place_of(name + port.decode("ascii")).encode("ascii")

    def relative(match: re.Match[bytes]) -> bytes:
        slashes, host, port = match.groups(b"")
        name = host.decode("ascii").lower()
        loose = data[match.start() - 1 : match.start()] not in b"\"'`(=<"
        if name not in recorded and (loose or not _DOMAIN.fullmatch(name) or name in NAMESPACES):
            return match[0]
        return slashes + place_of(name + port.decode("ascii")).encode("ascii")

    return _ABSOLUTE.sub(absolute, _RELATIVE.sub(relative, data))


def _is_fetched(name: str, recorded: Container[str]) -> bool:
    """Whether it is a host at all, and no name for something else."""
    if name == "www.w3.org":
        return False
    return name in recorded or (
        name not in NAMESPACES and ("." in name or ":" in name or name == "localhost")
    )
