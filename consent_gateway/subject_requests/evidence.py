"""What opens the digest of an event of the ledger: the salt, and all that was said then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from consent_gateway.ledger.entries import ADVANCE_NOTICE, REQUEST
from consent_gateway.subject_requests.book import Requests


def opening(book: Requests, record: int, event: Mapping[str, Any]) -> tuple[str, str] | None:
    """Salt and JSON of what the event with this number in the ledger has the digest of; None where it has
    none, or what was said is no longer kept. Raises DatabaseUnavailable."""
    if event.get("event") == ADVANCE_NOTICE:
        for notice in book.advance_notices.all():
            if notice.record == record:
                return notice.salt, notice.said
    if event.get("event") == REQUEST and (request := book.of(event.get("request", 0))):
        for step in request.steps:
            if step.record == record:
                return step.salt, request.said(step)
    return None
