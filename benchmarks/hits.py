"""Hits per second: the filter alone, and through the proxy, each beside handing them on unfiltered.

    python -m benchmarks.hits [HITS]

The hits are those that Google's own script was recorded to send; both ways take turns, and rates through the proxy are by the clock on the
wall. Everything is on this machine; prints two tables and ends.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from urllib.parse import parse_qsl, quote, urlencode

import aiohttp
from aiohttp import web

from benchmarks.pairing import Pair, paired, table
from consent_gateway.analytics import parameters
from consent_gateway.analytics.envelope import outbound
from consent_gateway.analytics.filter import Circumstances, Filter, Own
from consent_gateway.analytics.hits import read
from consent_gateway.analytics.pseudonym import Salt, pseudonyms
from consent_gateway.analytics.session import Session
from consent_gateway.messages import Request
from tests.loopback import Server, serving

RECORDED = Path(__file__).parent.parent / "tests" / "analytics" / "hits.jsonl"
PROPERTY = "G-MM9W5MYTQP"
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"
AT_ONCE = 8
ROUNDS = 5


def recorded() -> list[tuple[str, bytes]]:
    """Query and body of every GA4 hit of the recordings for one property."""
    lines = (json.loads(line) for line in RECORDED.read_text("utf-8").splitlines())
    hits = ((one["q"], one["body"].encode()) for one in lines if one["path"].endswith("/g/collect"))
    return [hit for hit in hits if f"tid={PROPERTY}" in hit[0] and "en=" in hit[0] + hit[1].decode()]


# ---- the filter alone ---------------------------------------------------------------------------------


def filtering() -> Callable[[str, bytes], object]:
    """Reads a hit, makes its pseudonyms, filters it and makes the request."""
    passes = Filter(parameters.load(), parameters.events())
    now = datetime(2026, 11, 24, 10, tzinfo=UTC)
    salt = Salt(now, bytes(32))

    def filtered(query: str, body: bytes) -> object:
        made = pseudonyms(
            handle="handle", site="shop.example", property=PROPERTY, salt=salt, pepper=bytes(32), visitors=10_000
        )  # fmt: skip
        at = Circumstances(
            pseudonyms=made,
            session=Session(start=now, last=now, period=0),
            property=PROPERTY,
            own_hosts=frozenset(("shop.example",)),
            linking=False,
            own=Own(),
            common=lambda kind, value: True,
        )
        return outbound(passes(read(_request(query, body)), at), collect_url="https://x", user_agent="UA")

    return filtered


def unfiltered(query: str, body: bytes) -> object:
    """Reads a hit and writes it again."""
    lines = [urlencode(parse_qsl(line), quote_via=quote) for line in body.decode().splitlines()]
    return urlencode(parse_qsl(query), quote_via=quote), lines


def _request(query: str, body: bytes) -> Request:
    return Request(
        method="POST", scheme="https", host="shop.example", target=f"/g/collect?{query}", body=body
    )


def microseconds(work: Callable[[str, bytes], object], hits: list[tuple[str, bytes]]) -> float:
    """Of processor time, a hit."""
    begun = time.process_time()
    for query, body in hits * 10:
        work(query, body)
    return 1e6 * (time.process_time() - begun) / (10 * len(hits))


# ---- through the proxy ----------------------------------------------------------------------------------


@contextmanager
def gateway(origin: Server, google: Server) -> Iterator[str]:
    """`consent-gateway serve` in a process of its own; yields its address."""
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site.toml"
        site.write_text(f'[analytics]\nproperties = ["{PROPERTY}"]\ncollect_url = "{google.address}"\n')
        command = [sys.executable, "-m", "consent_gateway", "serve", "--origin", origin.address, "--site", str(site)]  # fmt: skip
        process = subprocess.Popen(
            [*command, "--state", f"{folder}/state", "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            assert process.stdout is not None
            found = next(filter(None, (re.search(r"http://\S+", line) for line in process.stdout)))
            yield found[0]
        finally:
            process.terminate()
            process.wait(20)


async def sent(address: str, targets: list[tuple[str, bytes]], cookie: str) -> float:
    """How many of these a second are answered 204."""
    waiting = iter(targets)
    headers = {"User-Agent": AGENT, "Cookie": cookie, "Content-Type": "text/plain"}

    async def send(session: aiohttp.ClientSession) -> None:
        for target, body in waiting:
            async with session.post(address + target, data=body, headers=headers) as response:
                assert response.status == 204, response.status

    begun = time.monotonic()
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        await asyncio.gather(*(send(session) for _ in range(AT_ONCE)))
    return len(targets) / (time.monotonic() - begun)


async def agreed(address: str) -> str:
    """The cookie of a visitor who has agreed to statistics."""
    form = {"decision": "save", "purpose": "analytics"}
    async with aiohttp.ClientSession() as session:
        answer = await session.post(
            f"{address}/.privacy/choice", data=form, headers={"Origin": address}, allow_redirects=False
        )
        return f"privacy={answer.cookies['privacy'].value}"


async def through_the_proxy(number: int) -> tuple[Pair, int]:
    """Hits a second filtered, and handed on as they are to the site behind; how many reached Google."""

    async def nothing(request: web.Request) -> web.StreamResponse:
        return web.Response(status=204)

    chosen = random.Random(1).choices(recorded(), k=number)
    with serving(nothing) as origin, serving(nothing) as google, gateway(origin, google) as address:
        cookie = await agreed(address)
        hits = [(f"/.privacy/ga/g/collect?{query}", body) for query, body in chosen]
        # The same bytes under names by which nobody takes them for a hit.
        others = [
            (f"/count?{query.replace('tid=', 'xid=')}", body.replace(b"tid=", b"xid="))
            for query, body in chosen
        ]
        rates: dict[bool, list[float]] = {True: [], False: []}
        for turn in range(ROUNDS + 1):
            for filtered in (True, False) if turn % 2 else (False, True):
                rates[filtered].append(await sent(address, hits if filtered else others, cookie))
        await asyncio.sleep(3)
        # The first round is to warm up.
        return Pair(rates[True][1:], rates[False][1:]), len(google.requests)


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    hits = recorded()
    passes = filtering()
    alone = paired(lambda: microseconds(passes, hits), lambda: microseconds(unfiltered, hits), ROUNDS)
    print(f"the filter alone, {len(hits)} recorded hits: {1e6 / median(alone.ours):.0f} hits/s of a core\n")
    print(table("µs", ("filtered", "read, written"), [("a hit", alone)]))
    rates, arrived = asyncio.run(through_the_proxy(number))
    print(
        f"\nthrough the proxy, {AT_ONCE} at once, {number} each in turn; {arrived} reached the stand-in for Google\n"
    )
    print(table("", ("filtered", "handed on"), [("hits a second", rates)]))


if __name__ == "__main__":
    main()
