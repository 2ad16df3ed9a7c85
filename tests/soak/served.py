"""The gateway as an init system runs it: on one port, and started again when it has died."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.crowd import KEYS
from tests.started import PLAIN

SECONDS = 60
WORKERS = 2
_COMMAND = (*PLAIN, "serve", "--workers", str(WORKERS))


class DidNotStart(Exception):
    """The gateway did not start: what it wrote."""


@dataclass
class Served:
    """A gateway that is started again whenever it ends before it is told to."""

    origin: str
    state: Path
    database: str
    log: Path
    port: int = 0
    starts: int = 0
    _process: subprocess.Popen[str] | None = None
    _ending: bool = False
    _watch: threading.Thread | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def begin(self) -> None:
        """Raises DidNotStart."""
        if not self._start():
            raise DidNotStart(self.log.read_text())
        self._watch = threading.Thread(target=self._keep, daemon=True)
        self._watch.start()

    def kill(self) -> None:
        """Ends without a word the worker that was started last, so that others get old; where there are none, the
        whole process."""
        assert self._process
        workers = psutil.Process(self._process.pid).children()
        victim = max(workers, key=psutil.Process.create_time, default=self._process)
        os.kill(victim.pid, signal.SIGKILL)

    def end(self) -> int:
        """Tells it to end; its exit code."""
        self._ending = True
        assert self._process
        self._process.send_signal(signal.SIGTERM)
        code = self._process.wait(SECONDS)
        if self._watch:
            self._watch.join()
        return code

    def memory(self) -> dict[int, int]:
        """Bytes that each process has for itself, by its number."""
        assert self._process
        found: dict[int, int] = {}
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(self._process.pid)
            for one in (process, *process.children(recursive=True)):
                with suppress(psutil.NoSuchProcess):  # it has just been killed
                    found[one.pid] = one.memory_full_info().uss
        return found

    def _keep(self) -> None:
        while not self._ending:
            assert self._process
            self._process.wait()
            if self._process.stdout:
                self._process.stdout.close()
            if self._ending:
                return
            if not self._start():
                time.sleep(0.5)

    def _start(self) -> bool:
        options = ["--origin", self.origin, "--state", str(self.state), "--database", self.database]
        command = [*_COMMAND, *options, "--listen", f"127.0.0.1:{self.port}"]
        with self.log.open("a") as log:
            self._process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=log, text=True, env=os.environ | KEYS
            )
        assert self._process.stdout
        found = re.search(r"http://127\.0\.0\.1:(\d+)", self._process.stdout.readline())
        if not found:
            self._process.communicate()
            return False
        self.port = int(found[1])
        self.starts += 1
        return True
