"""Pages side by side, under way in a thread of their own."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from consent_gateway.demo.addresses import loopback
from consent_gateway.demo.stage import SHELL, Side, host_of
from consent_gateway.demo.staging import staged
from tests.demo.conftest import Answer


@dataclass(frozen=True)
class Staged:
    """Where pages stand side by side: the port of theirs, and that of the stand-ins."""

    port: int
    companies: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, host: str, path: str = "/", **headers: str) -> Answer:
        """What is answered to a browser at a host; names of headers with underscores for hyphens."""
        port = self.companies if host.endswith(f":{self.companies}") else self.port
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers={"Host": host, **named})
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read().decode())
        connection.close()
        return answer

    def shell(self, path: str = "/") -> Answer:
        return self.ask(f"{SHELL}:{self.port}", path)

    def page(self, name: str, side: Side, path: str = "/", **headers: str) -> Answer:
        return self.ask(f"{host_of(name, side)}:{self.port}", path, **headers)

    def asked(self, page: str, since: int = 0) -> Any:
        """What each side of a page has asked of others, as the page around it is told."""
        return json.loads(self.shell(f"/asked?page={page}&since={since}").text)


@contextmanager
def staging(folder: Path, file: Path | None = None) -> Iterator[Staged]:
    """Shows the catalogue, or a file, until the end of the block."""
    sockets, companies = loopback(), loopback()
    loops: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []
    ready = threading.Event()

    async def main() -> None:
        stop = asyncio.Event()
        async with staged(sockets, companies, folder, file):
            loops.append((asyncio.get_running_loop(), stop))
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(main()), daemon=True)
    thread.start()
    assert ready.wait(30)
    yield Staged(sockets[0].getsockname()[1], companies[0].getsockname()[1])
    loop, stop = loops[0]
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)
    assert not thread.is_alive()
