"""Who was contacted on either side, or would have been, and what the gateway decides about it."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import asdict, dataclass, field

from consent_gateway.replay.places import Side
from consent_gateway.third_parties import ThirdParty

KEPT = 5000  # requests
MOST_PATHS = 8  # shown of one host
HEARTBEAT = 15.0  # seconds: a stream on which nothing comes is given up by some


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacted:
    """A request to a third party: to the replay in its place, by the gateway in the visitor's, or stopped
    by the replay's policy on its way to the network."""

    side: Side
    host: str
    target: str
    destination: str = ""
    by_gateway: bool = False
    stopped: bool = False
    recorded: bool = True


Judge = Callable[[Contacted], ThirdParty | None]


@dataclass(slots=True)
class Line:
    """Requests to one host, as the panel shows them; paths are without query."""

    name: str
    kind: str
    purposes: list[str]
    host: str
    decision: str
    reason: str
    article: str
    by_gateway: bool
    count: int = 0
    stopped: int = 0
    missing: int = 0
    paths: list[str] = field(default_factory=list)


class Contacts:
    """What was contacted, and views of it. `judge` gives None for what is the site's own."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._noted: deque[tuple[Contacted, ThirdParty]] = deque(maxlen=KEPT)
        self._changed = asyncio.Event()
        self._closed = False

    def note(self, contacted: Contacted) -> None:
        """Keeps it with what is decided at this moment."""
        if (third_party := self._judge(contacted)) is not None:
            self._noted.append((contacted, third_party))
            self.notify()

    def clear(self) -> None:
        self._noted.clear()
        self.notify()

    def close(self) -> None:
        """Ends every stream of views."""
        self._closed = True
        self.notify()

    def notify(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def view(self) -> str:
        """Both sides as JSON."""
        return json.dumps(
            {side.value: [asdict(line) for line in self.lines(side)] for side in Side}, ensure_ascii=False
        )

    def lines(self, side: Side) -> list[Line]:
        return _lines(noted for noted in self._noted if noted[0].side is side)

    async def views(self) -> AsyncIterator[str]:
        """The view now and after every change; nothing where there was none for a while."""
        while not self._closed:
            changed = self._changed  # taken before the view: no change falls between the two
            yield self.view()
            while not changed.is_set():
                try:
                    await asyncio.wait_for(changed.wait(), HEARTBEAT)
                except TimeoutError:
                    yield ""


def _lines(noted: Iterable[tuple[Contacted, ThirdParty]]) -> list[Line]:
    lines: dict[tuple[str, str, str, bool], Line] = {}
    for one, whose in noted:
        key = (one.host, whose.name, whose.decision.reason, one.by_gateway)
        line = lines.setdefault(
            key,
            Line(
                name=whose.name,
                kind=whose.kind,
                purposes=list(whose.purposes),
                host=one.host,
                decision=whose.decision.verdict,
                reason=whose.decision.reason,
                article=whose.decision.article,
                by_gateway=one.by_gateway,
            ),
        )
        line.count += 1
        line.stopped += one.stopped
        line.missing += not one.recorded and not one.stopped
        path = one.target.partition("?")[0]
        if path not in line.paths and len(line.paths) < MOST_PATHS:
            line.paths.append(path)
    return sorted(lines.values(), key=lambda line: (line.name.lower(), line.host))
