"""Files that only their owner may read: whole or not there, and overwritten when what was in them is destroyed."""

from __future__ import annotations

import fcntl
import json
import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any


class BadState(Exception):
    """A state folder or a key in the environment that cannot be used; says what to do."""


@contextmanager
def locked(folder: Path, name: str) -> Iterator[None]:
    """Holds other processes off. Raises BadState."""
    try:
        with open(folder / f".{name}.lock", "w", opener=private) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise BadState(f"{folder}: {error.strerror or error}") from error


def read(path: Path) -> Any:
    """The JSON in a file. Raises BadState, also if others may read it."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            raise BadState(f"{path}: others may read it (mode {mode:04o}); run: chmod 600 {path}")
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadState(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise BadState(f"{path}: damaged: {error}") from error


def write(path: Path, content: object, *, destroying: bool = False) -> None:
    """Replaces the file as a whole or not at all; overwrites the one before if it is `destroying`."""
    new = path.with_name(f".{path.name}.new")
    with ExitStack() as opened:
        old = opened.enter_context(path.open("r+b")) if destroying and path.exists() else None
        file = opened.enter_context(open(new, "w", opener=private, encoding="utf-8"))
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
        new.replace(path)
        if old:
            _overwrite(old)


def _overwrite(file: IO[bytes]) -> None:
    """Puts nothing in the place of every byte of a file."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    file.write(bytes(size))
    file.flush()
    os.fsync(file.fileno())


def private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
