"""A book of requests in each kind of database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from consent_gateway.keys import KeyRing
from consent_gateway.subject_requests.book import Requests
from tests.received import kept


@pytest.fixture
def book(database_url: str, ring: KeyRing) -> Iterator[Requests]:
    with kept(database_url, ring, ("smtp", "webhook")) as made:
        yield made
