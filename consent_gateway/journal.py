"""Records that the ledger could not take yet: on disk, until it can."""

from __future__ import annotations

import errno
import fcntl
import logging
import os
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from consent_gateway.keys import KeyRing, hkdf
from consent_gateway.record import Submission
from consent_gateway.sealing import Box

logger = logging.getLogger(__name__)

PLACE = "journal"
RESERVE_BYTES = 256 * 1024  # some hundred records, for the time when the disk is full


class Journal:
    """A file of a state folder, `unwritten`: a line for each record, sealed under the key that is named
    before it. Several processes may share it. Methods block, and raise OSError."""

    def __init__(self, folder: Path, ring: KeyRing) -> None:
        self._path = folder / "unwritten"
        self._reserve = folder / ".unwritten.reserve"
        self._lock = folder / ".unwritten.lock"
        self._ring = ring

    def prepare(self) -> None:
        """Sets room aside."""
        if not self._reserve.exists():
            with open(self._reserve, "wb", opener=_private) as file:
                file.write(os.urandom(RESERVE_BYTES))

    def add(self, submission: Submission) -> None:
        """It is on disk when this returns, also where that is full."""
        line = self._sealed(submission)
        with self._locked():
            try:
                self._write(line)
            except OSError as error:
                if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                    raise
                self._reserve.unlink(missing_ok=True)
                self._write(line)

    def read(self) -> list[Submission]:
        """What is waiting, oldest first. A line that cannot be read stays in the file, and is told of."""
        if not self._path.exists():
            return []
        with self._locked():
            return [found for line in self._lines() if (found := self._opened(line))]

    def remove(self, ids: Collection[str]) -> None:
        """Takes out what has been written."""
        with self._locked():
            kept = [line for line in self._lines() if not self._is_among(line, ids)]
            if not kept:
                self._path.unlink(missing_ok=True)
                return
            new = self._path.with_name(".unwritten.new")
            with open(new, "w", opener=_private, encoding="ascii") as file:
                file.writelines(f"{line}\n" for line in kept)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._path)

    def _write(self, line: str) -> None:
        """Appends a whole line, or nothing."""
        data = f"{line}\n".encode("ascii")
        with open(self._path, "ab", buffering=0, opener=_private) as file:
            before = file.seek(0, os.SEEK_END)
            try:
                if file.write(data) < len(data):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._path))
                os.fsync(file.fileno())
            except OSError:
                file.truncate(before)
                raise

    def _lines(self) -> list[str]:
        if not self._path.exists():
            return []
        return self._path.read_text("ascii", errors="replace").splitlines()

    def _sealed(self, submission: Submission) -> str:
        key = self._ring.keys[-1]
        return f"{_box(key.secret).seal(zlib.compress(submission.as_json().encode()), PLACE)} {key.id}"

    def _opened(self, line: str) -> Submission | None:
        text, _, id = line.partition(" ")
        secret = next((key.secret for key in self._ring.keys if key.id == id), b"")
        try:
            return Submission.of(zlib.decompress(_box(secret).unseal(text, PLACE)).decode())
        except (ValueError, zlib.error):
            logger.error("%s: a record in it cannot be read with the keys there are", self._path)
            return None

    def _is_among(self, line: str, ids: Collection[str]) -> bool:
        found = self._opened(line)
        return found is not None and found.id in ids

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with open(self._lock, "w", opener=_private) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _box(secret: bytes) -> Box:
    return Box(hkdf(secret, salt=b"consent-gateway", info=b"journal"))


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
