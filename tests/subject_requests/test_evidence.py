"""What opens the digests of events: of each step and notice its own, and of nothing else."""

from __future__ import annotations

from datetime import date, timedelta

from consent_gateway.keys import KeyRing
from consent_gateway.subject_requests.book import Requests
from consent_gateway.subject_requests.evidence import opening
from consent_gateway.verify_receipt import commitment
from tests.received import NOW, WORDS, advance, new
from tests.subject_requests.test_book import events


def opened(book: Requests, record: int, url: str, ring: KeyRing) -> str:
    """What was said, if it is that of which the event has the digest."""
    event = events(url, ring)[record - 1]
    found = opening(book, record, event)
    if found is None:
        return ""
    salt, said = found
    assert commitment(bytes.fromhex(salt), said) == event["digest"]
    return said


def test_each_step_and_each_notice_opens_its_own_digest(
    book: Requests, database_url: str, ring: KeyRing
) -> None:
    book.receive(new(), NOW)
    book.answer(1, "Dear Anna, it is erased.", NOW)
    book.advance_notices.record(advance())
    book.advance_notices.record(advance(text="We really will.", planned=date(2026, 12, 31)))
    said = [opened(book, number, database_url, ring) for number in (1, 2, 3, 4)]
    for text, words in zip(said, (WORDS, "Dear Anna, it is erased.", "We will hand over", "We really will."), strict=True):  # fmt: skip
        assert words in text
    (request,) = book.all()
    assert not any(request.key in text for text in said)


def test_what_has_no_digest_or_is_no_longer_kept_opens_nothing(
    book: Requests, database_url: str, ring: KeyRing
) -> None:
    book.receive(new(), NOW, [("crm", "CRM")])
    book.notices.close([1], NOW)
    book.answer(1, "Erased.", NOW)
    later = NOW + timedelta(days=1)
    book.purge(later, later)
    assert [opened(book, number, database_url, ring) for number in (1, 2, 3, 4)] == ["", "", "", ""]
