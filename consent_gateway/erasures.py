"""What was erased on request, beside the database: a backup that is put back must not bring it back."""

from __future__ import annotations

import logging
import os
import re
from contextlib import suppress
from datetime import datetime
from io import FileIO
from pathlib import Path

from consent_gateway.consent import REMEMBERED
from consent_gateway.holding import Erased
from consent_gateway.periods import Period
from consent_gateway.private_files import BadState, locked, private

logger = logging.getLogger(__name__)

NAME = "erasures"
RETAINED = "retained"
LINE = re.compile(rf"(?P<time>\S+) (?P<retained>{RETAINED} )?(?P<name>[0-9a-f]{{32}})", re.ASCII)


class Erasures:
    """A file of a state folder, `erasures`: a line for each, with its time and the name by which the ledger
    alone knows the receipt. Methods block, and raise BadState."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / NAME

    def add(self, erased: Erased) -> None:
        """It is on disk when this returns, and nothing of it if this raises."""
        line = f"{_line(erased)}\n".encode("ascii")
        with locked(self._folder, NAME):
            try:
                with open(self._path, "a+b", buffering=0, opener=private) as file:
                    _append(file, line)
            except OSError as error:
                raise BadState(f"{self._path}: {error.strerror}") from error

    def remove(self, erased: Erased) -> None:
        """Takes one out again that was not carried out."""
        with locked(self._folder, NAME):
            known, line = self.read(), _line(erased)
            places = [place for place, one in enumerate(known) if _line(one) == line]
            if places:
                del known[places[-1]]
                self._replace(known)

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
        found = LINE.fullmatch(line)
        try:
            if found:
                time = datetime.fromisoformat(found["time"])
                return Erased(name=found["name"], time=time, retained=bool(found["retained"]))
        except ValueError:
            pass
        if line:
            logger.error("%s: a line in it cannot be read", self._path)
        return None


def _line(erased: Erased) -> str:
    # The name is last: of a line that was cut off it is not whole, and nothing is taken for another.
    kind = f"{RETAINED} " if erased.retained else ""
    return f"{erased.time.isoformat(timespec='seconds')} {kind}{erased.name}"


def _append(file: FileIO, line: bytes) -> None:
    """After a line feed of its own: the line before may have been cut off by a crash."""
    size = file.seek(0, os.SEEK_END)
    try:
        if size:
            file.seek(-1, os.SEEK_END)
            line = line if file.read(1) == b"\n" else b"\n" + line
        while line:
            line = line[file.write(line) :]
        os.fsync(file.fileno())
    except OSError:
        with suppress(OSError):
            file.truncate(size)
        raise
