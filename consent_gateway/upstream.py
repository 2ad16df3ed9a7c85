"""Requests to Google, sent by a client of our own: pooled, timed out, never redirected."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import io
import json
import logging
import os
import secrets
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import aiohttp
import yarl

from consent_gateway.analytics.envelope import OutboundRequest
from consent_gateway.google_scripts import LARGEST, Script, Scripts
from consent_gateway.private_files import private

logger = logging.getLogger(__name__)

# A hit leaves within two seconds: long enough to blur the moment of a page view, short enough to
# be of use in Google's own real-time view.
LONGEST_DELAY = 1.5
WAITING_HITS = 10_000
_TIMEOUT = aiohttp.ClientTimeout(total=10, connect=3)
_NO_AUTOMATIC_HEADERS = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")


class OutboundLog:
    """One JSON object per request sent on a visitor's behalf, exactly as sent: what servers report has the
    property's secret in it."""

    def __init__(self, path: Path) -> None:
        self._file = io.FileIO(path, "ab", opener=private)

    def write(self, request: OutboundRequest) -> None:
        """Raises OSError if the line cannot be written in full; nothing of it remains then."""
        line = (json.dumps(_logged(request), ensure_ascii=False) + "\n").encode()
        with _locked(self._file):  # several workers write one file
            before = self._file.seek(0, os.SEEK_END)
            if self._file.write(line) != len(line):
                self._file.truncate(before)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def close(self) -> None:
        self._file.close()


def _logged(request: OutboundRequest) -> dict[str, object]:
    url = yarl.URL(request.url, encoded=True)
    headers = {"Host": url.raw_authority, **dict(request.headers)}
    if request.body:
        headers["Content-Length"] = str(len(request.body))
    return {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "service": request.service,
        "method": request.method,
        "url": request.url,
        "headers": headers,
        "body": request.body.decode("utf-8"),
    }


@contextmanager
def _locked(file: IO[bytes]) -> Iterator[None]:
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


class Upstream:
    """Sends hits and fetches scripts. Failure is logged and counted; no page ever waits for a hit."""

    def __init__(self, log: OutboundLog | None = None, *, scripts: Path | None = None) -> None:
        self._log = log
        self._scripts = Scripts(self._fetch, scripts)
        self._session: aiohttp.ClientSession | None = None
        self._sending: set[asyncio.Task[None]] = set()
        self._chance = secrets.token_hex(8)
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

    async def settled(self) -> None:
        """Waits until every hit that was under way has been sent or lost, for no longer than they are held back and
        a second."""
        if self._sending:
            await asyncio.wait(self._sending, timeout=LONGEST_DELAY + 1)

    async def script(self, url: str) -> Script | None:
        """Google's script, an old copy if Google does not answer; None if there is none."""
        return await self._scripts.get(url)

    @property
    def under_way(self) -> int:
        """How many hits have not been answered yet."""
        return len(self._sending)

    async def close(self) -> None:
        """Sends what is still waiting, for three seconds at most."""
        if self._sending:
            await asyncio.wait(self._sending, timeout=3)
        await self._scripts.close()
        if self._session:
            await self._session.close()
        if self._log:
            self._log.close()

    def _delay(self, visitor: str) -> float:
        """Seconds to wait: others for every visitor, the same for all of one, so that they stay in order."""
        drawn = zlib.crc32(f"{self._chance}{visitor}".encode()) / 2**32
        return drawn * LONGEST_DELAY

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                cookie_jar=aiohttp.DummyCookieJar(), timeout=_TIMEOUT, trust_env=False
            )
        return self._session

    async def _send(self, request: OutboundRequest) -> None:
        await asyncio.sleep(self._delay(request.visitor))
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

    async def _fetch(self, url: str) -> tuple[bytes, str] | None:
        try:
            async with self._client().get(
                yarl.URL(url, encoded=True),
                headers={"Accept": "*/*"},
                skip_auto_headers=_NO_AUTOMATIC_HEADERS,
                allow_redirects=False,
            ) as response:
                content = await _read(response)
                if response.status != 200 or content is None:
                    logger.warning("Google's script was answered with %d", response.status)
                    return None
                return content, response.headers.get("Cache-Control", "")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            logger.warning("Google's script cannot be fetched: %s", type(error).__name__)
            return None


async def _read(response: aiohttp.ClientResponse) -> bytes | None:
    """The body; None for one that no script is as large as."""
    content = b""
    async for part in response.content.iter_chunked(2**16):
        content += part
        if len(content) > LARGEST:
            return None
    return content
