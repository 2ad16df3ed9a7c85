"""The record of what reached third parties, per side, and its views for the panel."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Iterable
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from consent_gateway.demo.hits import Hit

KEPT = 2000  # requests
LATEST = 8  # page views shown to the panel, which picks the one of its page
HEARTBEAT = 15  # seconds: well below the time after which a proxy gives up on a silent stream


class Side(StrEnum):
    """The two versions of the site."""

    PROTECTED = "protected"
    UNPROTECTED = "unprotected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One request that reached a third party. `side` is None where nothing tells it; `carried` names
    what came along that points to the visitor; `time` is the local time of day."""

    time: str
    side: Side | None
    by_gateway: bool
    company: str
    host: str
    path: str
    what: str
    carried: tuple[str, ...] = ()
    referrer: str = ""
    hit: Hit | None = None


@dataclass(slots=True)
class Line:
    """Requests of one kind to one host."""

    host: str
    what: str
    time: str
    count: int = 0
    carried: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Company:
    name: str
    count: int = 0
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One side as the panel shows it, latest first. `through` are page views as the gateway sent
    them on, `direct` as a browser sent them."""

    side: Side
    count: int
    companies: list[Company]
    through_count: int
    through: list[Hit]
    direct: list[Hit]

    def __str__(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))


class Traffic:
    """What was sent, numbered, so that a visit can be shown what was sent since it began. A number
    above those of an earlier run goes in as `latest`: tabs may be open from then."""

    def __init__(self, latest: int = 0) -> None:
        self.latest = latest
        self._sent: deque[tuple[int, Sent]] = deque(maxlen=KEPT)
        self._changed = asyncio.Event()
        self._closed = False

    def record(self, sent: Sent) -> None:
        self.latest += 1
        self._sent.append((self.latest, sent))
        self._notify()

    def close(self) -> None:
        """Ends every stream of views."""
        self._closed = True
        self._notify()

    def view(self, side: Side, since: int = 0) -> View:
        """One side after the number `since`; of the other, with which it is compared, all page views.
        What cannot be attributed counts on both sides: no number looks better than it is."""
        kept = [sent for number, sent in self._sent if number > since or sent.side not in (side, None)]
        own = [sent for sent in kept if not sent.by_gateway and sent.side in (side, None)]
        by_gateway = [sent for sent in kept if sent.by_gateway]
        direct = [sent for sent in kept if not sent.by_gateway]
        return View(
            side=side,
            count=len(own),
            companies=_companies(own),
            through_count=sum(sent.hit is not None for sent in by_gateway),
            through=_page_views(by_gateway),
            direct=_page_views(direct),
        )

    async def views(self, side: Side, since: int = 0) -> AsyncIterator[View | None]:
        """The view now and after every change; None where there was none for a while."""
        while not self._closed:
            changed = self._changed  # taken before the view: no change falls between the two
            yield self.view(side, since)
            while not changed.is_set():
                try:
                    await asyncio.wait_for(changed.wait(), HEARTBEAT)
                except TimeoutError:
                    yield None

    def _notify(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


def _companies(sent: Iterable[Sent]) -> list[Company]:
    companies: dict[str, Company] = {}
    for one in sent:
        company = companies.setdefault(one.company, Company(one.company))
        company.count += 1
        line = next((line for line in company.lines if (line.host, line.what) == (one.host, one.what)), None)
        if line is None:
            line = Line(one.host, one.what, one.time)
            company.lines.append(line)
        line.count += 1
        line.time = one.time
        line.carried += [word for word in one.carried if word not in line.carried]
        company.lines.remove(line)
        company.lines.insert(0, line)
    return sorted(companies.values(), key=lambda company: company.name)


def _page_views(sent: Iterable[Sent]) -> list[Hit]:
    hits = [one.hit for one in sent if one.hit and one.hit.event == "page_view"]
    return hits[: -LATEST - 1 : -1]
