"""A gateway at work: it carries out what the replies of the core ask for."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack

from consent_gateway.analytics.relay import empty_script
from consent_gateway.counting import Counting
from consent_gateway.ended import Ended
from consent_gateway.figures import Figures
from consent_gateway.gateway import Gateway
from consent_gateway.google_scripts import Script
from consent_gateway.holding import Erasure
from consent_gateway.holdings import Holdings
from consent_gateway.key_watch import KeyWatch
from consent_gateway.messages import Headers, Response
from consent_gateway.origin_health import FAULT, OriginHealth
from consent_gateway.private_files import BadState
from consent_gateway.proxy_hints import ProxyHints
from consent_gateway.purging import DailyPurge
from consent_gateway.record import Record, Submission
from consent_gateway.recording import Recording
from consent_gateway.replies import text
from consent_gateway.report_counts import ReportCounts
from consent_gateway.reports import COOKIE, STORAGE, Blocked
from consent_gateway.salts import Salts
from consent_gateway.seen import Seen, of_script
from consent_gateway.state import StateFolder
from consent_gateway.subject_requests.intake import Intake
from consent_gateway.upstream import Upstream
from consent_gateway.visit import Lookup, Reply

logger = logging.getLogger(__name__)

NAMED = {COOKIE: "cookie", STORAGE: "item of storage"}
MOST_NAMED = 200  # in one log: names come from outside
A_MINUTE = 60
MANY = 200  # records: what takes longer to be described keeps nobody else waiting


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
        self._named: set[tuple[str, str]] = set()
        self.figures = Figures()
        self.origin = OriginHealth(time.monotonic())
        self.proxies = ProxyHints(self.scheme)

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
            reply = await self._looked_up(reply, reply.lookup)
        if reply.erasure is not None and not await self._erased(reply.erasure):
            assert reply.unrecorded is not None
            return reply.unrecorded
        if reply.record is not None:
            submission, began = Submission(*reply.record, reply.terms), time.monotonic()
            if reply.unrecorded is None:
                self._ended.note(submission.record)  # it counts in any case, however long the ledger takes
                await self._recording.refusal(submission)
            elif not await self._recording.grant(submission) or self._is_ended(submission.record):
                self.figures.add("grants_refused_total")
                return reply.unrecorded
            self.figures.add("decisions_total", kind=submission.record.kind)
            self.figures.set("ledger_seconds", time.monotonic() - began)
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
        if reply.health and (trouble := self._trouble()):
            return text(503, f"{trouble}\n")
        return reply.response

    def _trouble(self) -> str:
        """What is wrong, for anybody who asks: no names, no paths. Empty for nothing."""
        if self._ended.is_failing:
            return "database unreachable"
        if self._recording.is_unkept:
            return "records are kept in memory only"
        if self._keys.is_failing:
            return "keys unreadable"
        return "origin unreachable" if self.origin.is_failing(time.monotonic()) else ""

    async def _looked_up(self, reply: Reply, lookup: Lookup) -> Reply:
        """The reply once the ledger was asked; whatever goes wrong with what it holds, the one from before: no
        right depends on it."""
        try:
            held = await self._holdings.of(lookup.receipt)
            if held and len(held) > MANY:
                return await asyncio.to_thread(lookup.answer, held)
            return lookup.answer(held)
        except Exception:
            logger.exception("what the ledger holds under a receipt cannot be made use of")
            return reply

    def _is_ended(self, record: Record) -> bool:
        """Whether something was taken back while it was written: its cookie must not replace the newer one."""
        return bool(record.receipt) and not self._ended.is_current(record.receipt, record.turn)

    async def _erased(self, erasure: Erasure) -> bool:
        async with self._recording.paused():
            done = await self._holdings.erase(erasure)
            if done and not erasure.retained:
                self._recording.drop(erasure.receipt)
        return done

    def count(self, blocked: Sequence[Blocked]) -> None:
        """Counts what was held; cookies and storage are named in the log as well, once: pages may fail without."""
        if not blocked:
            return
        self._counting.count(blocked)
        for kind, name in {(one.directive, one.host) for one in blocked} - self._named:
            if kind in NAMED and len(self._named) < MOST_NAMED:
                self._named.add((kind, name))
                logger.warning(
                    "the %s %s is held: see [cookies] in consent-gateway reports", NAMED[kind], name
                )

    @property
    def faults(self) -> list[str]:
        """What is wrong with this gateway, a sentence each."""
        missing = self.gateway.policy.policy.missing
        incomplete = [f"policy incomplete: {len(missing)} facts are missing"] if missing else []
        return [*incomplete, *([FAULT] if self.origin.is_failing(time.monotonic()) else [])]

    @property
    def samples(self) -> dict[str, float]:
        """What was counted up to now."""
        hits = self.gateway.relay.counts
        self.figures.set("ledger_waiting", self._recording.behind)
        return self.figures.samples | {
            'hits_total{outcome="forwarded"}': hits.get("forwarded", 0),
            'hits_total{outcome="dropped"}': sum(hits.values()) - hits.get("forwarded", 0),
            "hits_sent_total": self.upstream.sent,
            "hits_lost_total": self.upstream.failed,
        }

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
