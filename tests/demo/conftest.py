"""The demo under way, and a browser that looks at it."""

from __future__ import annotations

import asyncio
import http.client
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from consent_gateway.demo.addresses import Addresses, free_port
from consent_gateway.demo.showing import show
from consent_gateway.proxy.master import Listen
from consent_gateway.testing.threads import in_thread
from tests import chromium


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str


@dataclass(frozen=True)
class Demo:
    """A demo under way, as a visit sees it that began after what has the number `since`."""

    addresses: Addresses
    since: int = 0

    @property
    def protected(self) -> str:
        return f"http://{self.addresses.gateway}"

    @property
    def unprotected(self) -> str:
        return f"http://{self.addresses.unprotected}"

    def ask(self, side: str, path: str, method: str = "GET") -> Answer:
        port = self.addresses.gateway.port if side == "protected" else self.addresses.site_port
        return ask(port, path, method)

    def third_party(self, host: str, path: str, *, method: str = "GET", **headers: str) -> Answer:
        """What a third party answers; headers as keywords."""
        named = f"{host}.localhost:{self.addresses.third_parties_port}"
        return ask(self.addresses.third_parties_port, path, method, Host=named, **headers)

    def view(self, side: str) -> Any:
        """What the panel of a side is shown at this moment."""
        connection = http.client.HTTPConnection("127.0.0.1", self.addresses.site_port, timeout=5)
        connection.request("GET", f"/demo/traffic?side={side}&since={self.since}")
        response = connection.getresponse()
        line = response.readline().decode()
        response.close()
        connection.close()
        return json.loads(line.removeprefix("data: "))

    def started_over(self) -> Demo:
        return replace(self, since=int(self.ask("unprotected", "/demo/start-over", "POST").text))


def ask(port: int, path: str, method: str = "GET", **headers: str) -> Answer:
    """The answer of a server on this computer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request(method, path, headers=headers)
    response = connection.getresponse()
    answer = Answer(response.status, response.headers, response.read().decode())
    connection.close()
    return answer


@contextmanager
def under_way(folder: Path) -> Iterator[Demo]:
    """A demo in a thread of its own."""
    found: list[Addresses] = []

    async def run(ready: threading.Event, stop: asyncio.Event) -> None:
        def answering(addresses: Addresses) -> None:
            found.append(addresses)
            ready.set()

        await show(Listen("127.0.0.1", free_port("127.0.0.1")), folder=folder, ready=answering, stop=stop)

    with in_thread(run, "the demo"):
        yield Demo(found[0])


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One demo for all tests."""
    with under_way(tmp_path_factory.mktemp("demo")) as demo:
        yield demo


@pytest.fixture
def demo(running: Demo) -> Demo:
    """The demo at the beginning of a visit."""
    return running.started_over()


@pytest.fixture(scope="module")  # not longer: while Playwright runs, no test can run a loop of its own
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright, chromium.launched(playwright) as started:
        yield started


def embedded(text: str) -> set[tuple[str, str]]:
    """Hosts and paths of the third parties that a file of the demo refers to."""
    return set(re.findall(r"http://([\w.-]+)\.localhost:(?:\{\{port\}\}|\d+)(/[^\"'?`$\s]*)", text))
