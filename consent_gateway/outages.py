"""What fails for a while, as the log has it: a flooded log is read by nobody."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Lock

AGAIN_SECONDS = 60.0


class Outage:
    """Something that may fail again and again. That is said when it begins and once a minute at most, with how
    often it came to that meanwhile; and `over` when it works again. Threads may share one."""

    def __init__(self, logger: logging.Logger, over: str, now: Callable[[], float] = time.monotonic) -> None:
        self._logger = logger
        self._over = over
        self._now = now
        self._lock = Lock()
        self._last: float | None = None
        self._is_said = False  # that it lasts
        self._unsaid = 0

    def fails(self, words: str, *values: object, trace: bool = False) -> None:
        """It has failed; `words` and `values` are as logging takes them, `trace` adds the exception."""
        with self._lock:
            now = self._now()
            # Also where it worked in between: what comes and goes by the second floods a log as well.
            if self._last is not None and now - self._last < AGAIN_SECONDS:
                self._unsaid += 1
                return
            self._last, self._is_said = now, True
            self._logger.error(f"{words}%s", *values, self._meanwhile(), exc_info=trace)

    def works(self) -> None:
        """It has not failed."""
        if not self._is_said:
            return
        with self._lock:
            self._is_said = False
            self._logger.info("%s%s", self._over, self._meanwhile())

    def _meanwhile(self) -> str:
        unsaid, self._unsaid = self._unsaid, 0
        return f" (failed {unsaid} more times meanwhile)" if unsaid else ""
