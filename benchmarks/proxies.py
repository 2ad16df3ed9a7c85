"""The gateway, bare mitmdump and nginx as reverse proxies in processes of their own, and what these use."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.fronts import find

SECONDS = 30
NGINX = """
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log stderr crit;
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  upstream origin {{ server {origin}; keepalive 16; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{ proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host; }}
  }}
}}
"""


class NotInstalled(Exception):
    """A program to compare with is not there."""


@dataclass(frozen=True)
class Proxy:
    """A proxy under way: its address, and the process that was started."""

    address: str
    process: psutil.Process

    def cpu(self) -> float:
        """Seconds of processor time so far, of its workers, too: as the scheduler counts (nanoseconds), where the
        clock of `/proc/PID/stat` ticks a hundred times a second."""
        return sum(_scheduled(one.pid) for one in self._all())

    def memory(self) -> int:
        """Bytes that it and its workers alone hold (unique set size)."""
        return sum(one.memory_full_info().uss for one in self._all())

    def _all(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


@contextmanager
def gateway(origin: str, folder: Path, *options: str) -> Iterator[Proxy]:
    """`consent-gateway serve` as an operator starts it."""
    command = [
        sys.executable,
        "-m",
        "consent_gateway",
        "serve",
        "--origin",
        origin,
        "--listen",
        "127.0.0.1:0",
    ]
    with _started([*command, "--state", str(folder / "state"), *options], subprocess.PIPE) as process:
        assert process.stdout is not None
        found = re.search(rb"http://\S+", process.stdout.readline())
        assert found, "the gateway did not start"
        yield Proxy(found[0].decode(), psutil.Process(process.pid))


@contextmanager
def mitmdump(origin: str, folder: Path) -> Iterator[Proxy]:
    """mitmdump without an addon of anybody's, as it comes. Raises NotInstalled."""
    program = shutil.which("mitmdump", path=str(Path(sys.executable).parent)) or shutil.which("mitmdump")
    if program is None:
        raise NotInstalled("mitmdump")
    port = free_port()
    command = [program, "--quiet", "--mode", f"reverse:{origin}@127.0.0.1:{port}"]
    with _started([*command, "--set", f"confdir={folder / 'mitmdump'}"], subprocess.DEVNULL) as process:
        yield _answering(process, port)


@contextmanager
def nginx(origin: str, folder: Path) -> Iterator[Proxy]:
    """nginx with one worker and connections kept open, like the others. Raises NotInstalled."""
    program = find("nginx")
    if program is None:
        raise NotInstalled("nginx")
    port, own = free_port(), folder / "nginx"
    own.mkdir(exist_ok=True)
    own.chmod(0o755)  # its worker is another user where root starts it
    configuration = own / "nginx.conf"
    configuration.write_text(
        NGINX.format(folder=own, origin=origin.removeprefix("http://"), port=port), "utf-8"
    )
    with _started([program, "-p", str(own), "-c", str(configuration)], subprocess.DEVNULL) as process:
        yield _answering(process, port)


def _scheduled(process: int) -> float:
    """https://docs.kernel.org/scheduler/sched-stats.html: the first number is time on a processor. Linux only."""
    tasks = Path(f"/proc/{process}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


Start = Callable[[str, Path], AbstractContextManager[Proxy]]
OTHERS: dict[str, Start] = {"mitmdump": mitmdump, "nginx": nginx}


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def _started(command: list[str], output: int) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, stdout=output, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


def _answering(process: subprocess.Popen[bytes], port: int) -> Proxy:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return Proxy(f"http://127.0.0.1:{port}", psutil.Process(process.pid))
    raise RuntimeError(f"{process.args!r} does not listen on {port}")
