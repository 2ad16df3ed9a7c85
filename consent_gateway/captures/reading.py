"""A capture while it is read: within its size, with what is read counted, and what cannot be read said."""

from __future__ import annotations

import io
from collections.abc import Callable

MOST_SKIPPED = 100  # sentences; of what else is left out the number is said
PROGRESS_EVERY = 2**16  # bytes


class BadCapture(Exception):
    """A file that is no capture or cannot be read; the message names the file and the reason."""


def nothing(_: int) -> None:
    """For those whom the progress does not interest."""


class Counted(io.BufferedReader):
    """A file that says how far it is read, and asks for no more memory than it has bytes, whatever a
    length in it claims."""

    def __init__(self, raw: io.RawIOBase, size: int, progress: Callable[[int], None] = nothing) -> None:
        super().__init__(raw, 2**18)
        self._size = size
        self._progress = progress
        self._at = self._said = 0
        self.is_cut_off = False  # less was there than was asked for

    def read(self, size: int | None = -1, /) -> bytes:
        left = max(self._size - self._at, 0)
        wanted = left if size is None or size < 0 else size
        data = super().read(min(wanted, left))
        self._at += len(data)
        self.is_cut_off = len(data) < wanted
        if self._at - self._said >= PROGRESS_EVERY:
            self._said = self._at
            self._progress(self._at)
        return data


class Skipped:
    """What could not be read, in sentences; of a hostile file no more than memory has room for."""

    def __init__(self) -> None:
        self._sentences: list[str] = []
        self._more = 0
        self.lost = ""  # why the rest of the file was not read

    def add(self, sentence: str) -> None:
        if len(self._sentences) < MOST_SKIPPED:
            self._sentences.append(sentence)
        else:
            self._more += 1

    def end(self, sentence: str) -> None:
        """Nothing that follows can be read."""
        self.add(sentence)
        self.lost = sentence

    @property
    def sentences(self) -> tuple[str, ...]:
        return (*self._sentences, *([f"and {self._more} more"] if self._more else []))
