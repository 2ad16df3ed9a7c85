"""A PostgreSQL of the tests' own, from Debian's package, on a loopback port; where there is none, a reason."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ACCOUNT = "postgres"  # the server does not run as root


def programs() -> Path | None:
    """The folder of the newest installed server."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    return found[-1].parent if found else None


@dataclass(frozen=True)
class Server:
    """A server that can be stopped and started again."""

    folder: Path
    port: int
    account: Mapping[str, Any]

    @property
    def url(self) -> str:
        return f"postgresql://tests@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        options = (
            f"-c listen_addresses=127.0.0.1 -c port={self.port} -c unix_socket_directories= -c fsync=off"
        )
        self._control("--options", options, "--log", str(self.folder / "log"), "start")

    def stop(self) -> None:
        self._control("--mode", "immediate", "stop")

    def run(self, program: str, *arguments: str) -> None:
        place = programs()
        assert place
        command = [str(place / program), "--pgdata", str(self.folder / "data"), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder, **self.account)
        assert done.returncode == 0, f"{program}: {done.stdout}{done.stderr}"

    def _control(self, *arguments: str) -> None:
        self.run("pg_ctl", "--wait", *arguments)


@contextmanager
def server() -> Iterator[Server]:
    """A fresh server. Skips the test where none can run."""
    if programs() is None:
        pytest.skip("PostgreSQL is not installed")
    # Not below pytest's own folder: whoever starts another run takes from others the way into that.
    with tempfile.TemporaryDirectory(prefix="postgresql-") as folder:
        yield from _served(Path(folder))


def _served(folder: Path) -> Iterator[Server]:
    as_root = os.geteuid() == 0
    account = pwd.getpwnam(ACCOUNT).pw_uid if as_root else os.geteuid()
    if as_root:
        shutil.chown(folder, account)
    who = {"user": account, "group": pwd.getpwuid(account).pw_gid, "extra_groups": []} if as_root else {}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        made = Server(folder, free.getsockname()[1], who)
    made.run("initdb", "--username", "tests", "--auth", "trust", "--no-sync")
    made.start()
    try:
        yield made
    finally:
        made.stop()


@contextmanager
def serving() -> Iterator[str]:
    """The same by its URL."""
    with server() as made:
        yield made.url
