"""Hits of the Measurement Protocol: what a server of the site reports, through the same rows as a tag's."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from consent_gateway.analytics import SERVICE, products
from consent_gateway.analytics.envelope import OutboundRequest
from consent_gateway.analytics.filter import EVENT, Circumstances, Filter, Filtered
from consent_gateway.analytics.hits import MAX_BODY, BadHit
from consent_gateway.analytics.parameters import Parameters
from consent_gateway.messages import Request

MAX_EVENTS = 25  # the protocol's own limit
_SECRET = re.compile(r"[A-Za-z0-9_-]{8,64}")

# What a parameter of an event is called in a hit of the tag.
_IN_A_HIT = {
    "currency": "cu", "engagement_time_msec": "_et", "language": "ul", "page_location": "dl", "page_referrer": "dr",
    "page_title": "dt", "screen_resolution": "sr", "session_id": "sid",
}  # fmt: skip
_IN_THE_PROTOCOL = {name: key for key, name in _IN_A_HIT.items()}
_OF_A_PRODUCT = {
    "item_id": "id", "item_name": "nm", "item_brand": "br", "item_category": "ca", "item_category2": "c2",
    "item_category3": "c3", "item_category4": "c4", "item_category5": "c5", "item_variant": "va", "price": "pr", "quantity": "qt",
    "item_list_name": "ln", "item_list_id": "li", "index": "lp", "discount": "ds",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Report:
    """What a server reports, as it came."""

    property: str
    secret: str
    content: Mapping[str, Any]
    events: tuple[Mapping[str, Any], ...]

    def client(self) -> str:
        """Whom it is about: the token that the gateway gave out."""
        return str(self.content.get("client_id", ""))


def read(request: Request) -> Report:
    """The report of a request to `…/mp/collect`. Raises BadHit."""
    query = dict(parse_qsl(request.query))
    if len(request.body) > MAX_BODY:
        raise BadHit("too large")
    try:
        content = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise BadHit("not JSON") from error
    events = content.get("events") if isinstance(content, dict) else None
    if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
        raise BadHit("not a hit of the Measurement Protocol")
    if len(events) > MAX_EVENTS:
        raise BadHit("too many events")
    secret = query.get("api_secret", "")
    if not _SECRET.fullmatch(secret):
        raise BadHit("no api_secret, or one that cannot be")
    return Report(query.get("measurement_id", ""), secret, content, tuple(events))


class Protocol:
    """Makes the request that goes on in place of a report."""

    def __init__(self, table: Parameters, filter: Filter) -> None:
        self._table = table
        self._filter = filter

    def outbound(
        self, report: Report, at: Circumstances, collect_url: str
    ) -> tuple[OutboundRequest | None, Filtered]:
        """The request, or None where no event may pass, and what was counted on the way."""
        counted = Filtered([], ())
        events = [event for one in report.events if (event := self._event(one, at, counted))]
        body: dict[str, object] = {
            "client_id": at.pseudonyms.client,
            "consent": {"ad_user_data": "DENIED", "ad_personalization": "DENIED"},
            "non_personalized_ads": True,
            **self._of_user(report, at, counted),
            "events": events,
        }
        query = urlencode({"measurement_id": report.property, "api_secret": report.secret})
        request = OutboundRequest(
            service=SERVICE,
            method="POST",
            url=f"{collect_url}/mp/collect?{query}",
            headers=(("Accept", "*/*"), ("Content-Type", "application/json")),
            body=json.dumps(body, ensure_ascii=False).encode(),
            visitor=at.pseudonyms.client,
        )
        return request if events else None, counted

    def _of_user(self, report: Report, at: Circumstances, counted: Filtered) -> dict[str, object]:
        kept: dict[str, object] = {}
        for name, value in report.content.items():
            row = self._table.find(name)
            if row is None and name != "events":
                counted.unknown[name[:40]] += 1
            elif name == "user_id" and row and at.linking and row.allows(str(value)):
                kept[name] = str(value)
            elif name == "user_properties" and row and at.linking and isinstance(value, dict):
                own = {key: _plain(one) for key, one in value.items() if key in at.own.user_properties}
                kept[name] = {key: {"value": one} for key, one in own.items() if row.allows(str(one))}
            elif row and not row.always and name != "client_id":
                counted.dropped[name] += 1
        return kept

    def _event(
        self, event: Mapping[str, Any], at: Circumstances, counted: Filtered
    ) -> dict[str, object] | None:
        parameters = event.get("params")
        given = parameters if isinstance(parameters, dict) else {}
        pairs = [(EVENT, str(event.get("name", "")))]
        pairs += [(_name(key, value), str(value)) for key, value in given.items() if key != "items"]
        passed = self._filter.passed(pairs, at, counted)
        if (name := passed.pop(EVENT, None)) is None:
            return None
        kept: dict[str, object] = {_back(key): _number(key, value) for key, value in passed.items()}
        kept["session_id"] = at.pseudonyms.session(at.session.start)
        if items := _items(given.get("items")):
            kept["items"] = items
        return {"name": name, "params": kept}


def _plain(value: object) -> object:
    return value.get("value", "") if isinstance(value, dict) else ""


def _name(key: str, value: object) -> str:
    if key in _IN_A_HIT:
        return _IN_A_HIT[key]
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{'epn' if numeric else 'ep'}.{key}"


def _back(name: str) -> str:
    return _IN_THE_PROTOCOL.get(name) or name.partition(".")[2]


def _number(name: str, value: str) -> object:
    return float(value) if name.startswith("epn.") else int(value) if name == "_et" else value


def _items(given: object) -> list[dict[str, str]]:
    items = [item for item in given if isinstance(item, dict)] if isinstance(given, list) else []
    kept = (
        {
            key: products.part_of(_OF_A_PRODUCT[key], str(value))
            for key, value in item.items()
            if key in _OF_A_PRODUCT
        }
        for item in items[: products.MOST]
    )
    return [item for one in kept if (item := {key: value for key, value in one.items() if value})]
