"""What was erased on request, beside the database: a backup that is put back must not bring it back."""

from __future__ import annotations

import logging
import os
from datetime import datetime
from pathlib import Path

from consent_gateway.consent import REMEMBERED
from consent_gateway.holding import Erased
from consent_gateway.periods import Period
from consent_gateway.private_files import BadState, locked, private

logger = logging.getLogger(__name__)

NAME = "erasures"
RETAINED = "retained"


class Erasures:
    """A file of a state folder, `erasures`: a line for each, with its time and the name by which the ledger
    alone knows the receipt. Methods block, and raise BadState."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / NAME

    def add(self, erased: Erased) -> None:
        """It is on disk when this returns."""
        with locked(self._folder, NAME):
            try:
                with open(self._path, "a", encoding="ascii", opener=private) as file:
                    file.write(f"{_line(erased)}\n")
                    file.flush()
                    os.fsync(file.fileno())
            except OSError as error:
                raise BadState(f"{self._path}: {error.strerror}") from error

    def read(self) -> list[Erased]:
        """All of them, oldest first. A line that cannot be read is told of."""
        try:
            text = self._path.read_text("ascii", errors="replace") if self._path.exists() else ""
        except OSError as error:
            raise BadState(f"{self._path}: {error.strerror}") from error
        return [found for line in text.splitlines() if (found := self._erased(line))]

    def forget(self, period: Period, now: datetime) -> None:
        """Takes out those that no backup can hold any more: records are kept for `period` after what they
        prove has ended, and what they prove lasts as long as a cookie."""
        with locked(self._folder, NAME):
            known = self.read()
            kept = [one for one in known if period.after(REMEMBERED.after(one.time)) > now]
            if len(kept) < len(known):
                self._replace(kept)

    def _replace(self, kept: list[Erased]) -> None:
        new = self._path.with_name(f".{NAME}.new")
        try:
            with open(new, "w", encoding="ascii", opener=private) as file:
                file.writelines(f"{_line(one)}\n" for one in kept)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._path)
        except OSError as error:
            raise BadState(f"{self._path}: {error.strerror}") from error

    def _erased(self, line: str) -> Erased | None:
        time, _, rest = line.partition(" ")
        name, _, kind = rest.partition(" ")
        try:
            return Erased(name=name, time=datetime.fromisoformat(time), retained=kind == RETAINED)
        except ValueError:
            logger.error("%s: a line in it cannot be read", self._path)
            return None


def _line(erased: Erased) -> str:
    kind = f" {RETAINED}" if erased.retained else ""
    return f"{erased.time.isoformat(timespec='seconds')} {erased.name}{kind}"
