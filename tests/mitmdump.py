"""A real mitmdump under way."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

PROGRAM = shutil.which("mitmdump", path=str(Path(sys.executable).parent)) or "mitmdump"


@contextmanager
def running(
    options: Callable[[int], Sequence[str]], environment: Mapping[str, str] | None = None
) -> Iterator[int]:
    """With the options for a port that is free; yields the port once it answers. When it has ended, its files are
    complete."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    process = subprocess.Popen(
        [PROGRAM, *options(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **(environment or {})},
    )
    try:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                break
            except OSError:
                assert process.poll() is None, process.stdout and process.stdout.read()
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.communicate(timeout=20)
