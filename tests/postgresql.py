"""A PostgreSQL of the tests' own, from Debian's package, on a loopback port; where there is none, a reason."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ACCOUNT = "postgres"  # the server does not run as root


def programs() -> Path | None:
    """The folder of the newest installed server."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    return found[-1].parent if found else None


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """A fresh server with its files in a folder; yields its URL. Skips the test where none can run."""
    place = programs()
    if place is None:
        pytest.skip("PostgreSQL is not installed")
    as_root = os.geteuid() == 0
    account = pwd.getpwnam(ACCOUNT).pw_uid if as_root else os.geteuid()
    folder.mkdir()
    if as_root:
        _open_to(account, folder)
    who = {"user": account, "group": pwd.getpwuid(account).pw_gid, "extra_groups": []} if as_root else {}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"
    made = [place / "initdb", "--pgdata", data, "--username", "tests", "--auth", "trust", "--no-sync"]
    subprocess.run(made, check=True, capture_output=True, cwd=folder, **who)  # type: ignore[call-overload]
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= -c fsync=off"
    control = [place / "pg_ctl", "--pgdata", data, "--wait"]
    started = [*control, "--options", options, "--log", folder / "log", "start"]
    subprocess.run(started, check=True, capture_output=True, cwd=folder, **who)  # type: ignore[call-overload]
    try:
        yield f"postgresql://tests@127.0.0.1:{port}/postgres"
    finally:
        stopped = [*control, "--mode", "immediate", "stop"]
        subprocess.run(stopped, check=True, capture_output=True, cwd=folder, **who)  # type: ignore[call-overload]


def _open_to(account: int, folder: Path) -> None:
    """Gives a folder to an account, and lets it through those above that pytest has made."""
    shutil.chown(folder, account)
    ends = Path(tempfile.gettempdir())
    for above in folder.parents:
        if above == ends or not above.is_relative_to(ends):
            break
        above.chmod(above.stat().st_mode | 0o011)
