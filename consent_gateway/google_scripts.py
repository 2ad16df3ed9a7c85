"""Google's scripts, byte for byte: fetched once for all, kept on disk, an old copy when Google is down."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from consent_gateway.analytics import property_settings

logger = logging.getLogger(__name__)

# Seconds. Google says `private, max-age=900` (measured); a shorter life is respected, a longer is not.
LONGEST_FRESH, SHORTEST_FRESH = 900, 60
AT_ONCE = 24 * 3600  # so long an old copy is given without waiting for a new one
STALE = 7 * 24 * 3600
PAUSE = 30  # after a failure nobody asks, or waits, for so long
PATIENCE = 3.0  # as long as a page may wait where there is no copy that is recent enough
LARGEST = 4 * 2**20  # bytes
MOST = 24  # scripts that are kept: a visitor can ask for names of data layers at will
_MAX_AGE = re.compile(r"\bmax-age=(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Script:
    """A script with the time it was fetched (Unix seconds), and how long it is fresh."""

    content: bytes
    fetched: float
    lives: int

    def age(self) -> float:
        return time.time() - self.fetched


Fetch = Callable[[str], Awaitable[tuple[bytes, str] | None]]


class Scripts:
    """Keeps scripts. `fetch` gives the content and its Cache-Control, or None for a failure."""

    def __init__(self, fetch: Fetch, folder: Path | None = None) -> None:
        self._fetch = fetch
        self._folder = folder
        self._known: dict[str, Script] = {}
        self._fetching: dict[str, asyncio.Task[Script | None]] = {}
        self._told: set[str] = set()
        self._failed: dict[str, float] = {}

    async def get(self, url: str) -> Script | None:
        """The script; None where there is no copy and Google does not answer in time."""
        known = self._known.get(url) or await asyncio.to_thread(self._read, url)
        if known and known.age() < known.lives:
            return self._kept(url, known)
        if known and known.age() >= STALE:
            known = None
        if time.monotonic() - self._failed.get(url, -PAUSE) < PAUSE:
            return known
        task = self._refresh(url)
        if known and known.age() < AT_ONCE:
            return known
        try:
            return await asyncio.wait_for(asyncio.shield(task), PATIENCE) or known
        except TimeoutError:
            return known

    async def close(self) -> None:
        for task in list(self._fetching.values()):
            task.cancel()
        await asyncio.gather(*self._fetching.values(), return_exceptions=True)

    def _refresh(self, url: str) -> asyncio.Task[Script | None]:
        if url not in self._fetching:
            task = asyncio.get_running_loop().create_task(self._fetched(url))
            self._fetching[url] = task
            task.add_done_callback(lambda _: self._fetching.pop(url, None))
        return self._fetching[url]

    async def _fetched(self, url: str) -> Script | None:
        answer = await self._fetch(url)
        if answer is None:
            while len(self._failed) >= MOST:
                del self._failed[next(iter(self._failed))]
            self._failed[url] = time.monotonic()
            return None
        self._failed.pop(url, None)
        content, cache_control = answer
        said = _MAX_AGE.search(cache_control)
        lives = int(said[1]) if said else LONGEST_FRESH
        script = Script(content, time.time(), min(LONGEST_FRESH, max(SHORTEST_FRESH, lives)))
        self._kept(url, script)
        self._tell(url, content)
        await asyncio.to_thread(self._write, url, script)
        return script

    def _tell(self, url: str, content: bytes) -> None:
        """Tells the operator once what Google's own settings would collect."""
        id = dict(parse_qsl(urlsplit(url).query)).get("id", "")
        for sentence in property_settings.told(content):
            line = f"Google's script for {id}: {sentence}"
            if line not in self._told:
                self._told.add(line)
                logger.warning("%s", line)

    def _kept(self, url: str, script: Script) -> Script:
        self._known.pop(url, None)
        self._known[url] = script
        while len(self._known) > MOST:
            del self._known[next(iter(self._known))]
        return script

    # ---- on disk: a line of JSON, then the script as it came ---------------------------------------

    def _place(self, url: str) -> Path | None:
        return self._folder / hashlib.sha256(url.encode()).hexdigest()[:32] if self._folder else None

    def _read(self, url: str) -> Script | None:
        place = self._place(url)
        try:
            head, _, content = place.read_bytes().partition(b"\n") if place else (b"", b"", b"")
            told = json.loads(head)
            whole = hashlib.sha256(content).hexdigest() == told["sha256"] and told["url"] == url
            return Script(content, float(told["fetched"]), int(told["lives"])) if whole else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _write(self, url: str, script: Script) -> None:
        place = self._place(url)
        if place is None:
            return
        digest = hashlib.sha256(script.content).hexdigest()
        told = {"url": url, "fetched": script.fetched, "lives": script.lives, "sha256": digest}
        try:
            place.parent.mkdir(mode=0o700, exist_ok=True)
            new = place.with_suffix(".new")
            new.write_bytes(json.dumps(told).encode() + b"\n" + script.content)
            new.replace(place)
            for old in sorted(place.parent.iterdir(), key=lambda path: path.stat().st_mtime)[:-MOST]:
                old.unlink(missing_ok=True)
        except OSError as error:
            logger.warning("Google's script cannot be kept: %s", error.strerror)
