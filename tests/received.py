"""Requests of the tests, and books that hold some."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from consent_gateway.keys import KeyRing
from consent_gateway.ledger import Ledger
from consent_gateway.subject_requests.book import Requests
from consent_gateway.subject_requests.notices import NewAdvanceNotice
from consent_gateway.subject_requests.request import NewRequest

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
WORDS = "Please erase my account, customer 4711."


def new(**values: Any) -> NewRequest:
    given: dict[str, Any] = {
        "kind": "erase",
        "reply_to": "anna@example.com",
        "message": WORDS,
        "language": "de",
        "host": "www.example.com",
        "received": NOW,
    }
    return NewRequest(**given | values)


def advance(**values: Any) -> NewAdvanceNotice:
    given: dict[str, Any] = {
        "who": "Anna Muster, customer 4711",
        "recipient": "Collect GmbH",
        "planned": date(2026, 12, 15),
        "text": "We will hand over your data.",
        "now": NOW,
    }
    return NewAdvanceNotice(**given | values)


@contextmanager
def kept(url: str | sa.URL, ring: KeyRing, routes: Sequence[str] = ()) -> Iterator[Requests]:
    """Requests beside a ledger, as serve makes both."""
    ledger = Ledger(url, ring)
    ledger.prepare()
    ledger.close()
    with again(url, ring, routes) as made:
        yield made


@contextmanager
def again(url: str | sa.URL, ring: KeyRing, routes: Sequence[str] = ()) -> Iterator[Requests]:
    """The same after a restart."""
    made = Requests(url, ring, routes)
    made.prepare()
    try:
        yield made
    finally:
        made.close()
