"""Recipients who are to be told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from consent_gateway.keys import KeyRing
from consent_gateway.subject_requests.book import Requests
from consent_gateway.subject_requests.notice_book import NoSuchNotice
from consent_gateway.subject_requests.notices import RecipientNotice
from consent_gateway.subject_requests.request import NotPossible, Unacceptable
from tests.received import NOW, new
from tests.recorded import checked
from tests.subject_requests.test_book import events

RECIPIENTS = [("google-analytics", "Google Analytics"), ("crm", "Example CRM")]
LATER = NOW + timedelta(days=2)


@pytest.mark.parametrize("kind", ["rectify", "erase", "restrict"])
def test_every_recipient_is_to_be_told_of_what_was_received(book: Requests, kind: str) -> None:
    """PRC-10"""
    book.receive(new(kind=kind), NOW, RECIPIENTS)
    assert [(one.number, one.right, one.recipient, one.name, one.request, one.time) for one in book.notices.open()] == [
        (1, kind, "google-analytics", "Google Analytics", 1, NOW),
        (2, kind, "crm", "Example CRM", 1, NOW),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["access", "object"])
def test_of_other_requests_nobody_is_told(book: Requests, kind: str) -> None:
    """PRC-10"""
    book.receive(new(kind=kind), NOW, RECIPIENTS)
    assert book.notices.all() == []
    with pytest.raises(Unacceptable, match=r"Art\. 19"):
        book.notices.notices_for(kind, RECIPIENTS, NOW)


def test_a_right_exercised_at_the_gateway_has_no_request(book: Requests) -> None:
    """PRC-10"""
    (notice, _) = book.notices.notices_for("erase", RECIPIENTS, NOW)
    assert notice.request is None and book.notices.open()[0] == notice


def told(book: Requests, number: int, now: datetime = LATER) -> RecipientNotice:
    (done,) = book.notices.close([number], now)
    return done


def test_of_rights_exercised_here_one_row_counts_for_each_right_and_recipient(book: Requests) -> None:
    """PRC-10"""
    book.notices.notices_for("erase", RECIPIENTS, NOW)
    book.notices.notices_for("erase", RECIPIENTS[:1], LATER)
    book.notices.notices_for("restrict", RECIPIENTS[:1], LATER)
    (again, _) = book.notices.notices_for("erase", RECIPIENTS, NOW)
    assert [(one.number, one.right, one.recipient, one.count, one.time, one.latest) for one in book.notices.open()] == [
        (1, "erase", "google-analytics", 3, NOW, LATER),
        (2, "erase", "crm", 2, NOW, NOW),
        (3, "restrict", "google-analytics", 1, LATER, LATER),
    ]  # fmt: skip
    assert again == book.notices.open()[0]


def test_what_happens_after_a_recipient_was_told_he_is_told_anew(book: Requests) -> None:
    book.notices.notices_for("erase", RECIPIENTS, NOW)
    told(book, 1)
    book.notices.notices_for("erase", RECIPIENTS, LATER)
    assert [(one.number, one.recipient, one.count) for one in book.notices.open()] == [(2, "crm", 2), (3, "google-analytics", 1)]  # fmt: skip


def test_each_request_has_its_own(book: Requests) -> None:
    book.notices.notices_for("erase", RECIPIENTS, NOW)
    book.receive(new(), NOW, RECIPIENTS)
    book.receive(new(), NOW, RECIPIENTS)
    book.notices.notices_for("erase", RECIPIENTS, NOW)
    assert [(one.request, one.count) for one in book.notices.open()] == [
        (None, 2), (None, 2), (1, 1), (1, 1), (2, 1), (2, 1),
    ]  # fmt: skip


def test_of_what_was_refused_nobody_is_told(book: Requests, database_url: str, ring: KeyRing) -> None:
    """PRC-10"""
    book.receive(new(), NOW, RECIPIENTS)
    book.receive(new(), NOW, RECIPIENTS)
    told(book, 1, NOW)
    book.refuse(1, "Invoices are kept.", LATER)
    assert [(one.outcome, one.said, one.closed) for one in book.notices.of(1)] == [
        ("told", "told", NOW),
        ("not_needed", "not needed: the request was refused", LATER),
    ]
    assert [one.request for one in book.notices.open()] == [2, 2]
    assert [(one["step"], one.get("notice")) for one in events(database_url, ring)[-2:]] == [("refused", None), ("not needed", 2)]  # fmt: skip
    book.answer(2, "Erased.", LATER)
    assert len(book.notices.open()) == 2, "an answer does not say that they were told"
    checked(database_url, ring)


def test_several_are_told_at_once_or_none_is(book: Requests) -> None:
    for kind in ("erase", "restrict"):
        book.notices.notices_for(kind, RECIPIENTS, NOW)
    for numbers, reason in (([1, 5], NoSuchNotice), ([1, 2, 0], NoSuchNotice)):
        with pytest.raises(reason):
            book.notices.close(numbers, LATER)
    assert len(book.notices.open()) == 4
    assert [one.number for one in book.notices.close([3, 1, 3], LATER)] == [3, 1]
    with pytest.raises(NotPossible):
        book.notices.close([2, 1], LATER)
    assert [one.number for one in book.notices.open()] == [2, 4]


def test_who_was_told_is_done_and_the_ledger_has_it(book: Requests, database_url: str, ring: KeyRing) -> None:
    book.notices.notices_for("erase", [*RECIPIENTS, ("dhl", "DHL")], NOW)
    assert told(book, 1).closed == LATER
    (gone,) = book.notices.close([2], LATER, "impossible", "the company is gone")
    (stranger,) = book.notices.close([3], LATER, "never_had")
    assert book.notices.open() == [] and book.notices.all()[1:] == [gone, stranger]
    assert (gone.said, stranger.said) == ("not possible: the company is gone", "never had the data")
    assert [(one["event"], one["step"], one["notice"], one["recipient"]) for one in events(database_url, ring)] == [
        ("recipient_notice", "told", 1, "google-analytics"),
        ("recipient_notice", "not possible", 2, "crm"),
        ("recipient_notice", "never had the data", 3, "dhl"),
    ]  # fmt: skip
    with pytest.raises(NotPossible, match="is done since 2026-11-26"):
        told(book, 1)
    for number in (0, 4, 2**40):
        with pytest.raises(NoSuchNotice):
            told(book, number)
    with pytest.raises(Unacceptable, match="outcome: must be one of told, "):
        book.notices.close([1], LATER, "forgotten")
    checked(database_url, ring)


def test_notices_are_removed_when_their_time_is_over(book: Requests) -> None:
    """POL-05"""
    book.notices.notices_for("erase", RECIPIENTS, NOW)
    told(book, 1, NOW)
    before = datetime(2027, 1, 1, tzinfo=UTC)
    assert book.due(before).recipient_notices == 1
    purged = book.purge(before, datetime(2030, 1, 1, tzinfo=UTC))
    assert (purged.requests, purged.recipient_notices, purged.advance_notices) == (0, 1, 0)
    assert [one.number for one in book.notices.all()] == [2]
