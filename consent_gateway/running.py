"""A gateway at work: the core with its database, its state folder and its client to Google."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from consent_gateway import catalogue, fairness, policy_page, site
from consent_gateway.analytics.relay import empty_script
from consent_gateway.counting import Counting
from consent_gateway.database import Url, in_folder
from consent_gateway.ended import Ended
from consent_gateway.erasures import Erasures
from consent_gateway.gateway import Gateway
from consent_gateway.google_scripts import Script
from consent_gateway.holding import Erasure
from consent_gateway.holdings import Holdings, repeat
from consent_gateway.journal import Journal
from consent_gateway.key_watch import KeyWatch
from consent_gateway.keys import KeyRing
from consent_gateway.ledger import Ledger
from consent_gateway.lists import files
from consent_gateway.messages import Headers, Response
from consent_gateway.periods import Period
from consent_gateway.policy_versions import PolicyVersions
from consent_gateway.private_files import BadState
from consent_gateway.purging import DailyPurge, Purging
from consent_gateway.record import Submission
from consent_gateway.recording import Recording
from consent_gateway.rendering import Rendering, templates_folder
from consent_gateway.report_counts import ReportCounts
from consent_gateway.reports import COOKIE, Blocked
from consent_gateway.retention import CONSENT, rule_of
from consent_gateway.salt_table import SaltTable
from consent_gateway.salts import Salts
from consent_gateway.seen import Seen, of_script
from consent_gateway.state import StateFolder
from consent_gateway.subject_requests.book import Requests
from consent_gateway.subject_requests.delivering import delivery_routes
from consent_gateway.subject_requests.intake import Intake
from consent_gateway.subject_requests.sending import Sender
from consent_gateway.upstream import OutboundLog, Upstream
from consent_gateway.visit import Reply

logger = logging.getLogger(__name__)

MOST_NAMED = 200  # in one log: names come from outside
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
        recording: Recording,
        counts: ReportCounts,
        state: StateFolder,
        upstream: Upstream,
        salts: Salts,
        keys: KeyWatch,
        ended: Ended,
        holdings: Holdings,
        intake: Intake,
        purge: DailyPurge,
        scheme: str,
    ) -> None:
        self.gateway = gateway
        self.upstream = upstream
        self.scheme = gateway.site.site.scheme or scheme
        self._recording = recording
        self._counting = Counting(counts)
        self._state = state
        self._salts = salts
        self._keys = keys
        self._ended = ended
        self._holdings = holdings
        self._intake = intake
        self._purge = purge
        self._learning: set[asyncio.Task[None]] = set()
        self._named: set[str] = set()  # cookies

    def begin(self) -> None:
        """Begins what goes on beside the requests; the event loop has to run."""
        self._salts.begin()
        self._keys.begin()
        self._ended.begin()
        self._recording.begin()
        self._intake.begin()
        self._purge.begin()

    async def carry_out(self, reply: Reply) -> Response:
        """Looks up, erases, records, sends, fetches; returns the response that goes out after that."""
        if reply.lookup is not None:
            reply = reply.lookup.answer(await self._holdings.of(reply.lookup.receipt))
        if reply.erasure is not None and not await self._erased(reply.erasure):
            assert reply.unrecorded is not None
            return reply.unrecorded
        if reply.record is not None:
            submission = Submission(*reply.record, reply.terms)
            if reply.unrecorded is None:
                await self._recording.refusal(submission)
            elif not await self._recording.grant(submission):
                return reply.unrecorded
            self._ended.note(submission.record)
        if reply.outbound is not None:
            self.upstream.send(reply.outbound)
        self.count(reply.blocked)
        if reply.noticing is not None:
            await self._intake.note(reply.noticing)
        if reply.asking is not None:
            return await self._intake.answer(reply.asking)
        if reply.script:
            return await self._script(reply.script)
        return reply.response

    async def _erased(self, erasure: Erasure) -> bool:
        async with self._recording.paused():
            done = await self._holdings.erase(erasure)
            if done and not erasure.retained:
                self._recording.drop(erasure.receipt)
        return done

    def count(self, blocked: Sequence[Blocked]) -> None:
        """Counts what was held; a cookie is named in the log as well, once: pages may fail without it."""
        if not blocked:
            return
        self._counting.count(blocked)
        for name in {one.host for one in blocked if one.directive == COOKIE} - self._named:
            if len(self._named) < MOST_NAMED:
                self._named.add(name)
                logger.warning("the cookie %s is held: see [cookies] in consent-gateway reports", name)

    def learn(self, seen: Seen) -> None:
        """Keeps what was found in a page, without making the page wait for it."""
        if self.gateway.learn(seen):
            known = self.gateway.seen
            task = asyncio.get_running_loop().create_task(self._remember(known))
            self._learning.add(task)
            task.add_done_callback(self._learning.discard)

    async def close(self) -> None:
        """Finishes what is under way: nothing that was answered is lost, whatever goes wrong in between."""
        if self._learning:
            await asyncio.wait(self._learning)
        async with AsyncExitStack() as last_to_first:
            # The first is closed last: a mail server may keep it waiting.
            for one in (self._intake, self._recording, self._holdings, self._counting, self.upstream, self._purge, self._ended, self._keys, self._salts):  # fmt: skip
                last_to_first.push_async_callback(one.close)

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
    ring = state.keys.ring(settings.environment)
    seen = state.seen()
    routes = delivery_routes(
        own.notify, ring, rendering.wording(own.site.languages[0]), settings.environment, settings.site_file
    )
    salts = _salts(settings, state, ring, own.analytics.rotation, now)
    database = settings.database or in_folder(settings.state)
    ledger = Ledger(database, ring)
    ended = Ended(ledger, now)
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
        is_current=ended.is_current,
        scheme=own.site.scheme or settings.default_scheme,
    )
    if settings.templates:
        fairness.check(gateway, rendering, settings.templates, now())
    with ExitStack() as on_failure:
        on_failure.callback(ledger.close)
        ledger.prepare()
        erasures, kept = Erasures(settings.state), rule_of(own, CONSENT)
        repeat(ledger, erasures, ground=str(kept.ground), period=kept.period, now=now)
        ended.look()
        journal = Journal(settings.state, ring)
        for waiting in _waiting(journal):
            ended.note(waiting.record)
        counts = ReportCounts(database)
        on_failure.callback(counts.close)
        counts.prepare()
        _keep_policy(gateway, rendering, database, now())
        requests = Requests(database, ring, own.notify.routes)
        on_failure.callback(requests.close)
        requests.prepare()
        purging = Purging.of(database, ring, own)
        on_failure.callback(purging.close)
        log = OutboundLog(settings.outbound_log) if settings.outbound_log else None
        on_failure.pop_all()
    return Running(
        gateway,
        Recording(ledger, journal),
        counts,
        state,
        Upstream(log, scripts=settings.state / "scripts"),
        salts,
        KeyWatch(state.keys, ring, settings.environment),
        ended,
        Holdings(ledger, journal, erasures, ended),
        Intake(requests, Sender(requests, routes, now), now),
        DailyPurge(purging, now),
        settings.default_scheme,
    )


def _keep_policy(gateway: Gateway, rendering: Rendering, database: Url, now: datetime) -> None:
    """Notes from when on this version is in force, and says in the log what is still missing in it."""
    if missing := [".".join(gap.key) for gap in gateway.policy.policy.gaps]:
        logger.warning("the privacy policy lacks %s: see consent-gateway check", ", ".join(missing))
    versions = PolicyVersions(database)
    with ExitStack() as at_last:
        at_last.callback(versions.close)
        versions.prepare()
        known = gateway.policy
        gateway.remember(
            versions.keep(
                known.hash, lambda: policy_page.texts(known.policy, rendering, scheme=known.scheme), now
            )
            if known.is_to_be_kept
            else versions.all()
        )


def _waiting(journal: Journal) -> list[Submission]:
    """What the ledger could not take before the gateway stopped: it counts all the same."""
    try:
        return journal.read()
    except OSError as error:
        raise BadState(f"{error.filename}: {error.strerror}") from error


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
