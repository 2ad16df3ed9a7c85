"""What has served its time goes: the periods of the site file, applied to all that the gateway keeps."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from consent_gateway.database import DatabaseUnavailable, Url
from consent_gateway.expiry import Expiring, due
from consent_gateway.keys import KeyRing
from consent_gateway.ledger import Ledger
from consent_gateway.ledger.entries import PURGE
from consent_gateway.report_counts import ReportCounts
from consent_gateway.retention import CONSENT, REPORTS, REQUESTS, rule_of
from consent_gateway.site import Site
from consent_gateway.subject_requests.book import Purged, Requests

logger = logging.getLogger(__name__)

Item = TypeVar("Item")
Watch = Callable[[Iterable[Item], int, str], Iterable[Item]]

AT_A_TIME = 500  # in one transaction: the gateway waits for it
GENTLE = 200  # records, after which others get their turn
REST_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Over:
    """What has served its time: records of consent, requests with the notices about them, days of counts."""

    records: list[Expiring]
    requests: Purged
    days: int

    def __bool__(self) -> bool:
        return bool(self.records or self.requests or self.days)


class Purging:
    """Looks for what has served its time, and removes it. Raises DatabaseUnavailable if the URL names no
    database, as its methods do; they block."""

    def __init__(self, url: Url, ring: KeyRing, site: Site) -> None:
        self._site = site
        self._opened = ExitStack()
        self._ledger = Ledger(url, ring)
        self._opened.callback(self._ledger.close)
        self._requests = Requests(url, ring)
        self._opened.callback(self._requests.close)
        self._counts = ReportCounts(url)
        self._opened.callback(self._counts.close)

    def prepare(self) -> None:
        """Creates what is missing."""
        for one in (self._ledger, self._requests, self._counts):
            one.prepare()

    def over(self, now: datetime, watch: Watch[tuple[int, object]] | None = None) -> Over:
        """What is due. Raises LedgerBroken as well; `watch` goes along with the records."""
        with self._ledger.view() as view:
            records = view.records()
            read = watch(records, view.count(), "looking") if watch else gently(records)
            expired = due(read, rule_of(self._site, CONSENT).period, now)  # type: ignore[arg-type]
        return Over(expired, self._requests.due(self._before(REQUESTS, now)), self._counts.due(self._day(now)))
