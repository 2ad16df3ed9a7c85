"""A wheel at work where it has been installed: it says its version, and holds a service on a page it serves."""

from __future__ import annotations

import re
import signal
import subprocess
import tempfile
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from release.build import Failed, run

PAGE = b'<!doctype html><title>Page</title><iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>'
SECONDS = 60


def tried(python: Path) -> str:
    """The version, once it has served a page with a service held. Raises Failed."""
    program = python.with_name("consent-gateway")
    version = run(program, "--version").split()[-1]
    with tempfile.TemporaryDirectory() as folder, _website() as origin:
        command = [
            str(program),
            "serve",
            "--origin",
            origin,
            "--listen",
            "127.0.0.1:0",
            "--state",
            f"{folder}/state",
        ]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        watch = threading.Timer(SECONDS, process.kill)  # or it would be waited for without end
        watch.start()
        try:
            assert process.stdout and process.stderr
            found = re.search(r"http://\S+", process.stdout.readline())
            if not found:
                raise Failed(f"{program} serve did not start:\n{process.stderr.read()}")
            with urllib.request.urlopen(found[0], timeout=SECONDS) as answer:
                page = answer.read()
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate()
            watch.cancel()
    if not holds(page):
        raise Failed(f"{program} serve let a page through with a service that is held")
    if process.returncode:
        raise Failed(f"{program} serve ended with {process.returncode} on SIGTERM")
    return version


def holds(page: bytes) -> bool:
    """Whether the frame of PAGE does not load, and something stands in its place."""
    return b'src="https://www.youtube.com' not in page and b"data-privacy" in page


@contextmanager
def _website() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Page) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: only the gateway asks."""
