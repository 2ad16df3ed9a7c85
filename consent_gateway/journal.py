"""Records that the ledger could not take yet: on disk, until it can."""

from __future__ import annotations

import fcntl
import logging
import os
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

from consent_gateway.keys import KeyRing, hkdf
from consent_gateway.outages import Outage
from consent_gateway.private_files import private
from consent_gateway.record import Submission
from consent_gateway.sealing import Box

logger = logging.getLogger(__name__)

PLACE = "journal"
RESERVE_BYTES = 512 * 1024  # some hundred records, for the time when the disk is full


class Journal:
    """A file of a state folder, `unwritten`: a line for each record, sealed under the key that is named
    behind it, and empty lines for those to come: on a full disk they are the room there is. Several
    processes may share it. Methods block, and raise OSError."""

    def __init__(self, folder: Path, ring: KeyRing) -> None:
        self._path = folder / "unwritten"
        self._lock = folder / ".unwritten.lock"
        self._ring = ring
        self._outage = Outage(logger, f"{self._path}: all records in it can be read again")

    def prepare(self) -> None:
        """Sets room aside."""
        if not self._path.exists():
            with self._locked():
                if not self._path.exists():
                    self._replace([])

    def add(self, submission: Submission) -> None:
        """It is on disk when this returns."""
        line = f"{self._sealed(submission)}\n".encode("ascii")
        with self._locked(), open(self._path, "r+b", buffering=0, opener=private) as file:
            content = file.readall()
            used = len(content.rstrip(b"\n"))
            try:
                # After a line feed of its own: the line before it may have been cut off.
                _write(file, used, b"\n" + line if used else line)
            except OSError:
                _write(file, used, b"\n" * (len(content) - used))
                file.truncate(len(content))
                raise

    def read(self) -> list[Submission]:
        """What is waiting, oldest first. A line that cannot be read stays in the file, and is told of."""
        if not self._path.exists():
            return []
        with self._locked():
            lines = self._lines()
        read = [found for line in lines if (found := self._opened(line))]
        if len(read) < len(lines):
            self._outage.fails("%s: a record in it cannot be read with the keys there are", self._path)
        else:
            self._outage.works()
        return read

    def remove(self, ids: Collection[str]) -> None:
        """Takes out what has been written."""
        with self._locked():
            lines = self._lines()
            kept = [line for line in lines if not self._is_among(line, ids)]
            if len(kept) < len(lines):
                self._replace(kept)

    def _replace(self, lines: list[str]) -> None:
        content = "".join(f"{line}\n" for line in lines).encode("ascii")
        new = self._path.with_name(".unwritten.new")
        try:
            with open(new, "wb", buffering=0, opener=private) as file:
                _write(file, 0, content.ljust(RESERVE_BYTES, b"\n"))
            new.replace(self._path)
        except OSError:
            new.unlink(missing_ok=True)
            raise

    def _lines(self) -> list[str]:
        if not self._path.exists():
            return []
        return self._path.read_text("ascii", errors="replace").split()

    def _sealed(self, submission: Submission) -> str:
        key = self._ring.root
        return f"{_box(key.secret).seal(zlib.compress(submission.as_json().encode()), PLACE)}.{key.id.encode().hex()}"

    def _opened(self, line: str) -> Submission | None:
        text, _, id = line.partition(".")
        secret = next(
            (key.secret for key in (self._ring.root, *self._ring.keys) if key.id.encode().hex() == id), b""
        )
        try:
            return Submission.of(zlib.decompress(_box(secret).unseal(text, PLACE)).decode())
        except (ValueError, zlib.error):
            return None

    def _is_among(self, line: str, ids: Collection[str]) -> bool:
        found = self._opened(line)
        return found is not None and found.id in ids

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with open(self._lock, "w", opener=private) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def waiting(folder: Path) -> int:
    """How many records wait in the journal of a state folder, of whichever process. Raises OSError."""
    try:
        return len((folder / "unwritten").read_bytes().split())
    except FileNotFoundError:
        return 0


def _write(file: FileIO, place: int, data: bytes) -> None:
    """All of it, on disk when this returns."""
    file.seek(place)
    while data:
        data = data[file.write(data) :]
    os.fsync(file.fileno())


def _box(secret: bytes) -> Box:
    return Box(hkdf(secret, salt=b"consent-gateway", info=b"journal"))
