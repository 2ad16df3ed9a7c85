"""Measurement hits as they come in: recognised by what they say, whatever their path."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

from consent_gateway.analytics import endpoints
from consent_gateway.messages import Request

MAX_BODY = 16_384  # what the tag itself sends at most in one batch (measured)
MAX_EVENTS = 20
MAX_PARAMETERS = 400

Pairs = list[tuple[str, str]]
_COLLECT = re.compile(r"/(?:g|j|r|mp|s)?/?collect$|/__utm\.gif$|/batch$|/g/c$", re.I)
_PROPERTY = re.compile(r"(?:G|UA|GT|AW|DC)-[A-Z0-9-]{4,}$", re.I)
# Most requests are none, at a glance; letters that are percent-encoded hide something.
_MAYBE = re.compile(r"\b(?:tid|measurement_id|utmac)=|%[4-7][0-9A-Fa-f]")
# One of these is in every hit; a site's own request may have v and tid.
_SAID = frozenset(("cid", "en", "gtm", "t", "_p"))
_IN_BODY = re.compile(rb"(?:^|[&\n])tid=(?:G|UA|GT|AW|DC)-[A-Za-z0-9-]{4,}")
_VERSION = re.compile(rb"(?:^|[&\n])v=[12](?:[&\r\n]|$)")
_CONTAINER = re.compile(r"(?:G|GT|GTM|AW|DC)-[A-Z0-9]{3,12}$")


class BadHit(ValueError):
    """A hit that cannot be read; it is dropped."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A GA4 hit: what its events share, and what each says besides."""

    shared: Pairs
    events: tuple[Pairs, ...]

    @property
    def pages(self) -> int:
        """How many page views are in it."""
        return sum(pairs.count(("en", "page_view")) for pairs in (self.shared, *self.events))

    @property
    def engaged(self) -> bool:
        """Whether the tag counts the visitor as engaged."""
        return ("seg", "1") in self.shared

    @property
    def property(self) -> str:
        return dict(self.shared).get("tid", "")


def is_hit(request: Request) -> bool:
    """Whether a request to the site is a measurement hit that some relay would pass on to Google."""
    fields = dict(_pairs_or_none(request.query)) if _MAYBE.search(request.query) else {}
    if fields.get("v") in ("1", "2") and _PROPERTY.match(fields.get("tid", "")):
        return bool(_COLLECT.search(request.path)) or not _SAID.isdisjoint(fields)
    if "measurement_id" in fields and "api_secret" in fields:
        return True
    if _PROPERTY.match(fields.get("utmac", "")) and "utmwv" in fields:
        return True
    start = request.body[:4096]
    if not _IN_BODY.search(start):
        return False
    return (
        bool(_COLLECT.search(request.path)) or bool(_VERSION.search(start)) or fields.get("v") in ("1", "2")
    )


def is_script(request: Request) -> bool:
    """Whether a request to the site is for Google's script, which some relay would fetch."""
    if not request.path.endswith(tuple(endpoints.load().scripts)):
        return False
    return bool(_CONTAINER.match(dict(_pairs_or_none(request.query)).get("id", "")))


def read(request: Request) -> Hit:
    """The hit of a request to `…/g/collect`. Raises BadHit."""
    if len(request.body) > MAX_BODY or len(request.query) > MAX_BODY:
        raise BadHit("too large")
    shared = _pairs(request.query)
    try:
        lines = [line for line in request.body.decode("utf-8").splitlines() if line]
    except UnicodeDecodeError as error:
        raise BadHit("not UTF-8") from error
    if len(lines) > MAX_EVENTS:
        raise BadHit("too many events")
    hit = Hit(shared, tuple(_pairs(line) for line in lines))
    if dict(shared).get("v") != "2" or not hit.property:
        raise BadHit("not a GA4 hit")
    return hit


def _pairs(text: str) -> Pairs:
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_PARAMETERS)
    except ValueError as error:
        raise BadHit("too many parameters") from error
    return pairs


def _pairs_or_none(text: str) -> Pairs:
    try:
        return _pairs(text)
    except BadHit:
        return []
