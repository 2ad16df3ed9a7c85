"""A crowd that decides at once, at real processes, and what of it has to be in the ledger."""

from __future__ import annotations

import asyncio
import base64
import itertools
import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import sqlalchemy as sa

from consent_gateway.cookies import ConsentCookie
from consent_gateway.keys import Key, KeyRing
from consent_gateway.ledger import Ledger
from consent_gateway.messages import Headers, Request
from consent_gateway.record import Record
from tests import started
from tests.loopback import Server
from tests.recorded import checked

SECRET = b"0123456789abcdef" * 2
RING = KeyRing((Key("test", SECRET),))
KEYS = {"CONSENT_GATEWAY_KEYS": f"test:{base64.b64encode(SECRET).decode()}"}
PURPOSES = ("media", "analytics", "webinars")


@contextmanager
def served(
    origin: Server,
    state: Path,
    url: str = "",
    *,
    site: Path | None = None,
    environment: Mapping[str, str] = KEYS,
    program: Sequence[str] = (),
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [*(program or started.command()), "serve", "--origin", origin.address,
               "--listen", "127.0.0.1:0", "--state", str(state), *(["--database", url] if url else []), *(["--site", str(site)] if site else [])]  # fmt: skip
    log = state.parent / f"log-{time.monotonic_ns()}"
    with log.open("w") as errors:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, env={**os.environ, **environment}
        )
    try:
        assert process.stdout
        line = process.stdout.readline()
        assert line.startswith("listening on "), log.read_text()
        yield process, line.removeprefix("listening on ").strip()
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=30) == 0
            assert "Traceback" not in log.read_text()
    finally:
        process.kill()
        process.communicate()


def kill(process: subprocess.Popen[str]) -> None:
    """Ends it without a word; comes back when nothing of it is left, not even one that still has its output."""
    process.kill()
    process.wait()
    assert process.stdout
    process.stdout.read()


@dataclass
class Answered:
    """What a crowd was answered: the receipts of those who agreed, and how many refused."""

    receipts: dict[str, str] = field(default_factory=dict)
    refusals: int = 0
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def number(self) -> int:
        return sum(self.statuses.values())


def receipt_in(cookie: str, host: str, scheme: str = "http") -> str:
    request = Request(
        method="GET", scheme=scheme, host=host, target="/", headers=Headers((("Cookie", cookie),))
    )
    return ConsentCookie(RING).read(request, datetime.now(UTC)).receipt


async def decide(client: aiohttp.ClientSession, address: str, number: int, answered: Answered) -> None:
    """One of a crowd: every second refuses, the others agree to one purpose."""
    purpose = PURPOSES[number % 3]
    form = {"decision": "reject_all"} if number % 2 else {"decision": "save", "purpose": purpose}
    try:
        async with client.post(
            f"{address}/.privacy/choice", data=form, headers={"Origin": address}, allow_redirects=False
        ) as response:
            answered.statuses[response.status] += 1
            if response.status == 303 and number % 2:
                answered.refusals += 1
            elif response.status == 303:
                cookie = response.headers["Set-Cookie"].partition(";")[0]
                answered.receipts[receipt_in(cookie, address.removeprefix("http://"))] = purpose
    except aiohttp.ClientError:
        pass  # the process was killed


async def crowd(
    addresses: list[str], size: int, answered: Answered, then: Callable[[], bool] = lambda: False
) -> None:
    """Many decisions at once; `then` is asked after each whether that is enough."""
    timeout = aiohttp.ClientTimeout(total=120)
    enough = False

    async def one(client: aiohttp.ClientSession, address: str, number: int) -> None:
        nonlocal enough
        await decide(client, address, number, answered)
        enough = enough or then()

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=timeout) as client:
        turns = zip(range(size), itertools.cycle(addresses), strict=False)
        await asyncio.gather(*(one(client, address, number) for number, address in turns))


def records(url: str | sa.URL) -> list[Record]:
    ledger = Ledger.to_read(url, RING)
    found = [one for _, one in ledger.records()]
    ledger.close()
    return found


def assert_all_recorded(url: str | sa.URL, answered: Answered) -> None:
    checked(url, RING)
    found = records(url)
    granted = {one.receipt: set(one.granted) for one in found if one.kind == "grant"}
    missing = [receipt for receipt, purpose in answered.receipts.items() if granted.get(receipt) != {purpose}]
    assert not missing
    assert sum(one.kind == "refusal" for one in found) >= answered.refusals
