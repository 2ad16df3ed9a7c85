"""What was recorded, by method, host, path and query, and the nearest of it to what is asked for now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import BinaryIO
from urllib.parse import parse_qsl

from consent_gateway.captures.exchange import Exchange
from consent_gateway.messages import Headers, Response
from consent_gateway.replay.places import local_name

MOST_PAIRS = 1000
# Of the content coding and the connection it came by; its body is decoded.
_OF_THE_WIRE = (
    "Content-Encoding", "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Trailer", "Alt-Svc",
    "Date",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A recorded answer; its body is in a file, `start` bytes from its beginning."""

    query: str
    status: int
    headers: Headers
    start: int
    size: int


@dataclass(frozen=True, slots=True)
class Found:
    """An answer from the recording. `near` says that it was given to another query."""

    response: Response
    near: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedPage:
    """A document that somebody navigated to: its host by the name it has here, and its target."""

    name: str
    target: str


_Place = tuple[str, str, str]  # method, name of the host, path


@dataclass
class Recording:
    """An index of the answers. `hosts` are all that were asked, in the order in which they were."""

    bodies: BinaryIO
    hosts: dict[str, None] = field(default_factory=dict)
    pages: dict[RecordedPage, None] = field(default_factory=dict)
    exchanges: int = 0
    unanswered: set[_Place] = field(default_factory=set)
    _kept: dict[_Place, list[Kept]] = field(default_factory=dict)

    @classmethod
    def of(cls, exchanges: Iterable[Exchange], bodies: BinaryIO) -> Recording:
        """Reads everything once; bodies go to the file, so that memory holds no more than the index."""
        made = cls(bodies)
        for exchange in exchanges:
            made._keep(exchange)
        return made

    def find(self, method: str, host: str, target: str) -> Found | None:
        """The answer to a request: the one to this very query, else the one that most of it agrees with.
        HEAD is answered as GET was, and what was sent by another method than the recorded one is not."""
        path, _, query = target.partition("?")
        place = ("GET" if method == "HEAD" else method, local_name(host), path)
        kept = self._kept.get(place)
        if not kept:
            return None
        best = max(kept, key=lambda one: _likeness(one.query, query))
        self.bodies.seek(best.start)
        response = Response(status=best.status, headers=best.headers, body=self.bodies.read(best.size))
        return Found(response, near=best.query != query)

    def is_page(self, host: str, target: str) -> bool:
        """Whether somebody has navigated to this path."""
        name, path = local_name(host), target.partition("?")[0]
        return any(page.name == name and page.target.partition("?")[0] == path for page in self.pages)

    def has_path(self, host: str, path: str) -> list[str]:
        """The methods by which a path was asked for, whatever came back."""
        name = local_name(host)
        return sorted({place[0] for place in (*self._kept, *self.unanswered) if place[1:] == (name, path)})

    def _keep(self, exchange: Exchange) -> None:
        request, response = exchange.request, exchange.response
        if not request.hostname:
            return
        self.exchanges += 1
        self.hosts.setdefault(request.hostname)
        name = local_name(request.hostname)
        place = (request.method, name, request.path)
        if response is None or response.status in (101, 304) or exchange.unreadable:
            self.unanswered.add(place)
            return
        kept = self._kept.setdefault(place, [])
        known = next((one for one in kept if one.query == request.query), None)
        if known is not None and (known.status < 400 or response.status >= 400):
            return
        start = self.bodies.seek(0, 2)
        self.bodies.write(response.body)
        fields = response.headers.without(*_OF_THE_WIRE)
        one = Kept(query=request.query, status=response.status, headers=fields, start=start, size=len(response.body))  # fmt: skip
        self._kept[place] = [*(other for other in kept if other is not known), one]
        if _is_page(exchange):
            self.pages.setdefault(RecordedPage(name=name, target=request.target))


def _is_page(exchange: Exchange) -> bool:
    response = exchange.response
    assert response is not None
    return (
        exchange.is_page
        and exchange.request.method == "GET"
        and response.status < 300
        and response.media_type in ("text/html", "application/xhtml+xml", "")
    )


def _likeness(one: str, other: str) -> tuple[bool, int, int]:
    """How near a query is to another: the same, else by how much they share and by how little they do not."""
    if one == other:
        return True, 0, 0
    ours, theirs = _pairs(one), _pairs(other)
    shared = sum((ours & theirs).values())
    return False, shared, -sum(((ours - theirs) + (theirs - ours)).values())


def _pairs(query: str) -> Counter[tuple[str, str]]:
    try:
        return Counter(parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_PAIRS))
    except ValueError:
        return Counter({(query, ""): 1})
