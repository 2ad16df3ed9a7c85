"""Measurement hits as they come in: recognised by what they say, whatever their path."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

from consent_gateway.messages import Request

MAX_BODY = 16_384  # what the tag itself sends at most in one batch (measured)
MAX_EVENTS = 20
MAX_PARAMETERS = 400

Pairs = list[tuple[str, str]]
_COLLECT = re.compile(r"/(?:g|j|r|mp|s)?/?collect$|/__utm\.gif$|/batch$|/g/c$", re.I)
_PROPERTY = re.compile(r"(?:G|UA|GT|AW|DC)-[A-Z0-9-]{4,}$", re.I)


class BadHit(ValueError):
    """A hit that cannot be read; it is dropped."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A GA4 hit: what its events share, and what each says besides."""

    shared: Pairs
    events: tuple[Pairs, ...]

    @property
    def property(self) -> str:
        return dict(self.shared).get("tid", "")


def is_hit(request: Request) -> bool:
    """Whether a request to the site is a measurement hit that some relay would pass on to Google."""
    query = request.query
    if "tid=" not in query and not _COLLECT.search(request.path):
        return False
    fields = dict(_pairs_or_none(query))
    if fields.get("v") in ("1", "2") and _PROPERTY.match(fields.get("tid", "")):
        return True
    if "measurement_id" in fields and "api_secret" in fields:
        return True
    return bool(_COLLECT.search(request.path)) and b"tid=" in request.body[:4096]


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
