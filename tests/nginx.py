"""An nginx of a test's own, with directives of its own, on a loopback port."""

from __future__ import annotations

import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.fronts import NGINX, program

# Everything it writes is below its own folder, and it stays in the foreground as a child of the test.
FRAME = """
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log notice;
events {{ worker_connections 128; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  {http}
  server {{
    listen 127.0.0.1:{port};
    {server}
  }}
}}
"""


@contextmanager
def serving(server: str, *, http: str = "") -> Iterator[str]:
    """An nginx with these directives in `server` and `http`; `{folder}` in them is a folder of its own. Yields its
    address. Skips the test where there is none."""
    path = program(NGINX)
    with tempfile.TemporaryDirectory(prefix="nginx-") as name, socket.socket() as free:
        folder = Path(name)
        folder.chmod(0o755)  # its workers are another account's where it is started by root
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        inner = {"http": http.replace("{folder}", name), "server": server.replace("{folder}", name)}
        configuration = folder / "nginx.conf"
        configuration.write_text(FRAME.format(folder=name, port=port, **inner), "utf-8")
        command = [path, "-e", f"{name}/error.log", "-p", name, "-c", str(configuration)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                _wait(port, process, folder)
                yield f"http://127.0.0.1:{port}"
            finally:
                process.terminate()


def _wait(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    for _ in range(200):
        if process.poll() is not None:
            pytest.fail(f"nginx ended: {(folder / 'error.log').read_text('utf-8')}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("nginx does not listen")
