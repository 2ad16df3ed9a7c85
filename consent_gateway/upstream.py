"""Requests to Google, sent by a client of our own: pooled, timed out, never redirected."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import aiohttp
import yarl

from consent_gateway.analytics.envelope import OutboundRequest

logger = logging.getLogger(__name__)

# A hit leaves within two seconds: long enough to blur the moment of a page view, short enough to
# be of use in Google's own real-time view.
LONGEST_DELAY = 1.5
SCRIPT_FRESH = 900  # seconds; what Google's own Cache-Control says (measured)
SCRIPT_STALE = 7 * 24 * 3600
SCRIPT_LARGEST = 4 * 2**20
WAITING_HITS = 10_000
_TIMEOUT = aiohttp.ClientTimeout(total=10, connect=3)
_NO_AUTOMATIC_HEADERS = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")


@dataclass(frozen=True, slots=True)
class Script:
    """Google's script, byte for byte, with the time it was fetched (seconds, monotonic)."""

    content: bytes
    media_type: str
    fetched: float


class OutboundLog:
    """One JSON object per request sent on a visitor's behalf, exactly as sent."""

    def __init__(self, path: Path) -> None:
        self._file: IO[str] = path.open("a", encoding="utf-8")

    def write(self, request: OutboundRequest) -> None:
        """Raises OSError if the line cannot be written in full."""
        url = yarl.URL(request.url, encoded=True)
        headers = {"Host": url.raw_authority, **dict(request.headers)}
        if request.body:
            headers["Content-Length"] = str(len(request.body))
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "service": request.service,
            "method": request.method,
            "url": request.url,
            "headers": headers,
            "body": request.body.decode("utf-8"),
        }
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._file.flush()

    def close(self) -> None:
        self._file.close()


class Upstream:
    """Sends hits and fetches scripts. Failure is logged and counted; no page ever waits for a hit."""

    def __init__(self, log: OutboundLog | None = None) -> None:
        self._log = log
        self._session: aiohttp.ClientSession | None = None
        self._sending: set[asyncio.Task[None]] = set()
        self._scripts: dict[str, Script] = {}
        self._fetching: dict[str, asyncio.Task[Script | None]] = {}
        self.sent = 0
        self.failed = 0

    def send(self, request: OutboundRequest) -> None:
        """Sends a hit in its own time; returns at once."""
        if len(self._sending) >= WAITING_HITS:
            self.failed += 1
            return
        task = asyncio.get_running_loop().create_task(self._send(request))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def script(self, url: str) -> Script | None:
        """Google's script, from memory while it is fresh, an old copy if Google does not answer;
        None if there is none."""
        known = self._scripts.get(url)
        if known and time.monotonic() - known.fetched < SCRIPT_FRESH:
            return known
        task = self._fetching.get(url)
        if task is None:
            task = asyncio.get_running_loop().create_task(self._fetch(url))
            self._fetching[url] = task
            task.add_done_callback(lambda _: self._fetching.pop(url, None))
        fetched = await asyncio.shield(task)
        if fetched is None and known and time.monotonic() - known.fetched < SCRIPT_STALE:
            return known
        return fetched

    async def close(self) -> None:
        """Sends what is still waiting, for three seconds at most."""
        if self._sending:
            await asyncio.wait(self._sending, timeout=3)
        if self._session:
            await self._session.close()
        if self._log:
            self._log.close()

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                cookie_jar=aiohttp.DummyCookieJar(), timeout=_TIMEOUT, trust_env=False
            )
        return self._session

    async def _send(self, request: OutboundRequest) -> None:
        await asyncio.sleep(random.uniform(0, LONGEST_DELAY))  # noqa: S311 - not a secret
        try:
            if self._log:
                self._log.write(request)
            async with self._client().request(
                request.method,
                yarl.URL(request.url, encoded=True),
                headers=request.headers,
                data=request.body or None,
                skip_auto_headers=_NO_AUTOMATIC_HEADERS,
                allow_redirects=False,
            ) as response:
                self.sent += 1
                if response.status >= 400:
                    logger.warning("%s answered a hit with %d", request.service, response.status)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self.failed += 1
            logger.warning("a hit to %s was lost: %s", request.service, type(error).__name__)

    async def _fetch(self, url: str) -> Script | None:
        try:
            async with self._client().get(
                yarl.URL(url, encoded=True),
                headers={"Accept": "*/*"},
                skip_auto_headers=_NO_AUTOMATIC_HEADERS,
                allow_redirects=False,
            ) as response:
                content = await response.content.read(SCRIPT_LARGEST + 1)
                while len(content) <= SCRIPT_LARGEST and (
                    more := await response.content.read(SCRIPT_LARGEST)
                ):
                    content += more
                if response.status != 200 or len(content) > SCRIPT_LARGEST:
                    logger.warning("Google's script was answered with %d", response.status)
                    return None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            logger.warning("Google's script cannot be fetched: %s", type(error).__name__)
            return None
        script = Script(content, "text/javascript; charset=utf-8", time.monotonic())
        self._scripts[url] = script
        return script
