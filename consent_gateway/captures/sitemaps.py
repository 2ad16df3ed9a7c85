"""Sitemaps (https://www.sitemaps.org/protocol.html) and the file robots.txt (RFC 9309), as far as a crawl needs them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.robotparser import RobotFileParser

from consent_gateway import bodies

# The protocol allows 50 MiB and 50,000 addresses in one; a few pages are chosen from what is read.
LARGEST = 16 * 2**20
MOST_ADDRESSES = 50_000
LARGEST_ROBOTS = 500 * 2**10  # RFC 9309 2.5: a crawler may stop there

_LOCATION = re.compile(rb"<(?!image:|video:)(?:\w{1,20}:)?loc\s*+>\s*+(?:<!\[CDATA\[\s*+)?([^<\]\s]{1,2048})")
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The addresses in a sitemap: of pages, or of other sitemaps where it is an index."""

    addresses: tuple[str, ...]
    is_index: bool = False


def read(body: bytes) -> Sitemap:
    """What is in a sitemap: XML or lines of text, packed or not. Empty for what is none, or too large."""
    try:
        data = bodies.decode(body, "gzip", LARGEST) if body.startswith(_GZIP) else body
    except bodies.BadBody:
        return Sitemap(())
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"<"):
        # Read by an expression and not as XML: no entity is expanded and nothing is nested.
        found = (
            html.unescape(one[1].decode("utf-8", "replace")) for one in _LOCATION.finditer(data, 0, LARGEST)
        )
        return Sitemap(tuple(islice(found, MOST_ADDRESSES)), b"<sitemapindex" in head)
    return Sitemap(tuple(islice(_lines(data[:LARGEST]), MOST_ADDRESSES)))


def _lines(data: bytes) -> Iterator[str]:
    for line in data.splitlines():
        text = line.decode("utf-8", "replace").strip()
        if text.startswith(("http://", "https://")):
            yield text


class Robots:
    """What a site says to crawlers; one without the file says nothing."""

    def __init__(self, body: bytes = b"") -> None:
        lines = body[:LARGEST_ROBOTS].decode("utf-8", "replace").splitlines()
        try:
            self._rules = _rules(lines)
        except ValueError:  # Python's parser stumbles over some lines, such as "Disallow: //["
            self._rules = _rules([line for line in lines if _is_readable(line)])

    def allows(self, agent: str, address: str) -> bool:
        """Whether a crawler of this name may ask for an address."""
        try:
            return self._rules.can_fetch(agent, address)
        except ValueError:
            return False

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The addresses on its Sitemap lines."""
        return tuple(self._rules.site_maps() or ())


def _rules(lines: Iterable[str]) -> RobotFileParser:
    rules = RobotFileParser()
    rules.parse(lines)
    return rules


def _is_readable(line: str) -> bool:
    try:
        return bool(_rules(["User-agent: *", line]))
    except ValueError:
        return False
