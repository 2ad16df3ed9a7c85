"""A gateway at work: the core with its database, its state folder and its client to Google."""

from __future__ import annotations

import asyncio
import logging
import os
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from consent_gateway import catalogue, fairness, site
from consent_gateway.analytics.relay import empty_script
from consent_gateway.counting import Counting
from consent_gateway.database import DatabaseUnavailable, in_folder
from consent_gateway.gateway import Gateway
from consent_gateway.google_scripts import Script
from consent_gateway.keys import KeyRing
from consent_gateway.ledger import Ledger, Record
from consent_gateway.lists import files
from consent_gateway.messages import Headers, Response
from consent_gateway.periods import Period
from consent_gateway.rendering import Rendering, templates_folder
from consent_gateway.report_counts import ReportCounts
from consent_gateway.salt_table import SaltTable
from consent_gateway.salts import Salts
from consent_gateway.seen import Seen, of_script
from consent_gateway.state import BadState, StateFolder
from consent_gateway.upstream import OutboundLog, Upstream
from consent_gateway.visit import Reply

logger = logging.getLogger(__name__)

RETRY_SECONDS = 5
A_MINUTE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the command line says. `origin` is scheme, host and port of the site behind."""

    origin: str
    origin_hosts: tuple[str, ...]
    site_file: Path | None = None
    state: Path = Path(".consent-gateway")
    database: str = ""
    templates: Path | None = None
    outbound_log: Path | None = None
    default_scheme: str = "http"
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)


class Running:
    """Carries out what the gateway's replies ask for."""

    def __init__(
        self,
        gateway: Gateway,
        ledger: Ledger,
        counts: ReportCounts,
        state: StateFolder,
        upstream: Upstream,
        salts: Salts,
        scheme: str,
    ) -> None:
        self.gateway = gateway
        self.upstream = upstream
        self.scheme = gateway.site.site.scheme or scheme
        self._ledger = ledger
        self._counting = Counting(counts)
        self._state = state
        self._salts = salts
        self._unwritten: deque[tuple[Record, str]] = deque()
        self._stopping = asyncio.Event()
        self._retrying: asyncio.Task[None] | None = None
        self._learning: set[asyncio.Task[None]] = set()

    def begin(self) -> None:
        """Begins what goes on beside the requests; the event loop has to run."""
        self._salts.begin()

    async def carry_out(self, reply: Reply) -> Response:
        """Records, sends, fetches; returns the response that goes out after that."""
        if reply.record is not None and not await self._recorded(reply.record):
            if reply.unrecorded is not None:
                return reply.unrecorded
            self._retry_later(reply.record)
        if reply.outbound is not None:
            self.upstream.send(reply.outbound)
        if reply.blocked:
            self._counting.count(reply.blocked)
        if reply.script:
            return await self._script(reply.script)
        return reply.response

    def learn(self, seen: Seen) -> None:
        """Keeps what was found in a page, without making the page wait for it."""
        if self.gateway.learn(seen):
            known = self.gateway.seen
            task = asyncio.get_running_loop().create_task(self._remember(known))
            self._learning.add(task)
            task.add_done_callback(self._learning.discard)

    async def close(self) -> None:
        """Finishes what is under way: nothing that was answered is lost."""
        self._stopping.set()
        if self._retrying:
            await self._retrying
        for record in list(self._unwritten):
            await self._recorded(record)
        if self._learning:
            await asyncio.wait(self._learning)
        await self._salts.close()
        await self.upstream.close()
        await self._counting.close()
        self._ledger.close()

    async def _recorded(self, record: tuple[Record, str]) -> bool:
        try:
            await asyncio.to_thread(self._ledger.append, *record)
        except DatabaseUnavailable as error:
            logger.error("the ledger cannot be written: %s", error)
            return False
        return True

    def _retry_later(self, record: tuple[Record, str]) -> None:
        self._unwritten.append(record)
        if self._retrying is None or self._retrying.done():
            self._retrying = asyncio.get_running_loop().create_task(self._retry())

    async def _retry(self) -> None:
        while self._unwritten and not self._stopping.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), RETRY_SECONDS)
            if await self._recorded(self._unwritten[0]):
                self._unwritten.popleft()

    async def _remember(self, seen: Seen) -> None:
        try:
            await asyncio.to_thread(self._state.remember_seen, set(seen.services), set(seen.properties))
        except BadState as error:
            logger.error("what was seen cannot be kept: %s", error)

    async def _script(self, url: str) -> Response:
        script = await self.upstream.script(url)
        if script is None:
            return empty_script("Google's script cannot be fetched now")
        if not self.gateway.site.analytics.properties:
            self.learn(of_script(script.content))
        headers = (
            ("Content-Type", "text/javascript; charset=utf-8"),
            ("Cache-Control", f"private, max-age={_lives(script)}"),
            ("X-Content-Type-Options", "nosniff"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
        )
        return Response(status=200, headers=Headers(headers), body=script.content)


def _lives(script: Script) -> int:
    """The seconds a browser may keep a script: as long as it is fresh, an old copy for a minute."""
    return max(A_MINUTE, script.lives - int(script.age()))


def start(settings: Settings, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Running:
    """Puts a gateway together. Raises datafile.Unreadable or Faulty for the site file, its lists
    and the templates, BadState for the state folder, DatabaseUnavailable for the database."""
    known = catalogue.load()
    own = site.read(settings.site_file, known) if settings.site_file else site.Site()
    lists = files.of_site(own, settings.site_file)
    rendering = Rendering(templates_folder(), own.site.languages, own=settings.templates, prefix=own.prefix)
    state = StateFolder(settings.state)
    state.prepare()
    ring = state.ring(settings.environment)
    seen = state.seen()
    salts = _salts(settings, state, ring, own.analytics.rotation, now)
    gateway = Gateway(
        site=own,
        catalogue=known,
        ring=ring,
        salts=salts,
        rendering=rendering,
        origin=settings.origin,
        origin_hosts=settings.origin_hosts,
        seen=Seen(services=frozenset(seen["services"]), properties=frozenset(seen["properties"])),
        started=now(),
        lists=lists,
    )
    if settings.templates:
        fairness.check(gateway, rendering, settings.templates, now())
    database = settings.database or in_folder(settings.state)
    ledger = Ledger(database)
    with ExitStack() as on_failure:
        on_failure.callback(ledger.close)
        ledger.prepare()
        counts = ReportCounts(database)
        on_failure.callback(counts.close)
        counts.prepare()
        log = OutboundLog(settings.outbound_log) if settings.outbound_log else None
        on_failure.pop_all()
    return Running(
        gateway,
        ledger,
        counts,
        state,
        Upstream(log, scripts=settings.state / "scripts"),
        salts,
        settings.default_scheme,
    )


def _salts(
    settings: Settings, state: StateFolder, ring: KeyRing, rotation: Period, now: Callable[[], datetime]
) -> Salts:
    """Of the state folder, or of the database that several machines share."""
    if not settings.database:
        salts = Salts(state, rotation, now)
        salts.look()
        return salts
    table = SaltTable(settings.database, ring, rotation)
    with ExitStack() as on_failure:
        on_failure.callback(table.close)
        table.prepare()
        salts = Salts(table, rotation, now, table.close)
        salts.look()
        on_failure.pop_all()
    return salts
