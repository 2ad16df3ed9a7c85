"""Notices in advance that can be proved."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from consent_gateway.database import DatabaseUnavailable
from consent_gateway.keys import KeyRing
from consent_gateway.subject_requests.book import Requests
from tests.ledger.test_book import rows
from tests.received import NOW, advance, again
from tests.recorded import change, checked
from tests.subject_requests.test_book import events


def test_an_advance_notice_is_kept_encrypted_dated_and_in_the_ledger(
    book: Requests, database_url: str, ring: KeyRing
) -> None:
    kept = book.advance_notices.record(advance())
    assert (kept.number, kept.record, kept.time, kept.planned) == (1, 1, NOW, date(2026, 12, 15))
    (event,) = events(database_url, ring)
    assert event == {
        "event": "advance_notice", "notice": 1, "planned": "2026-12-15", "time": "2026-11-24T10:30:00+00:00",
        "digest": kept.digest,
    }  # fmt: skip
    for word in ("Anna Muster", "customer 4711", "Collect GmbH", "hand over"):
        assert word not in rows(database_url)
    with again(database_url, ring) as later:
        assert (
            later.advance_notices.all() == [kept] and later.advance_notices.all()[0].digest == event["digest"]
        )
    checked(database_url, ring)


@pytest.mark.parametrize("column", ["time = '2026-11-01T00:00:00+00:00'", "planned = '2026-12-31'", "number = 2"])  # fmt: skip
def test_nobody_without_the_keys_dates_a_notice_back(book: Requests, database_url: str, column: str) -> None:
    book.advance_notices.record(advance())
    change(database_url, f"UPDATE request_advance_notices SET {column}")
    with pytest.raises(DatabaseUnavailable, match="without the keys has changed it"):
        book.advance_notices.all()


def test_notices_are_removed_when_their_transfer_is_long_over(book: Requests) -> None:
    """POL-05"""
    book.advance_notices.record(advance(planned=date(2026, 11, 25)))
    book.advance_notices.record(advance(planned=date(2027, 11, 25)))
    before = datetime(2027, 1, 1, tzinfo=UTC)
    assert book.due(before).advance_notices == 1
    assert book.purge(before, datetime(2030, 1, 1, tzinfo=UTC)).advance_notices == 1
    assert [one.number for one in book.advance_notices.all()] == [2]
