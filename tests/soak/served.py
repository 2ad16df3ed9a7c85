"""The gateway as an init system runs it: on one port, and started again when it has died."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field
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
    _chance: random.Random = field(default_factory=lambda: random.Random(1))

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
        """Ends a worker without a word; where there are none, the whole process."""
        assert self._process
        workers = psutil.Process(self._process.pid).children()
        victim = self._chance.choice(workers).pid if workers else self._process.pid
        os.kill(victim, signal.SIGKILL)

    def end(self) -> int:
        """Tells it to end; its exit code."""
        self._ending = True
        assert self._process
        self._process.send_signal(signal.SIGTERM)
        code = self._process.wait(SECONDS)
        if self._watch:
            self._watch.join()
        return code

    def memory(self) -> int:
        """Bytes, of the workers, too."""
        assert self._process
        process = psutil.Process(self._process.pid)
        return sum(one.memory_full_info().uss for one in (process, *process.children(recursive=True)))

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
