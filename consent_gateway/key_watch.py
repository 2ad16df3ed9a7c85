"""Keeps a running gateway's keys as the file has them: a rotation needs no restart."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from consent_gateway.key_file import KEYS_VARIABLE, KeyFile
from consent_gateway.keys import KeyRing
from consent_gateway.private_files import BadState
from consent_gateway.repeating import Repeating

logger = logging.getLogger(__name__)

LOOK_SECONDS = 10


class KeyWatch:
    """Turns a ring as its file is changed. Keys of the environment stay as they were at the start."""

    def __init__(self, file: KeyFile, ring: KeyRing, environment: Mapping[str, str]) -> None:
        self._file = file
        self._ring = ring
        self._environment = environment
        self._failing = ""
        self._looking = Repeating(self._keep, LOOK_SECONDS)

    @property
    def is_failing(self) -> bool:
        """Whether the file could not be read the last time."""
        return bool(self._failing)

    def look(self) -> None:
        """Takes over what the file has; keys that cannot be read stay as they are. Blocks."""
        try:
            found = self._file.kept_ring(self._environment)
        except BadState as error:
            if str(error) != self._failing:
                logger.error("the keys cannot be read, those of before are used: %s", error)
            self._failing = str(error)
            return
        self._failing = ""
        if found.keys != self._ring.keys:
            self._ring.turn(found.keys)
            logger.info("keys: %s signs, %s verify", found.signing.id, len(found.keys))

    def begin(self) -> None:
        """Looks every ten seconds from now on; the event loop has to run."""
        if not self._environment.get(KEYS_VARIABLE):
            self._looking.begin()

    async def close(self) -> None:
        await self._looking.close()

    async def _keep(self) -> float:
        await asyncio.to_thread(self.look)
        return LOOK_SECONDS
