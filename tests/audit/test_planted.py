"""The leaks that are planted for a watched browser, and what it takes to find them."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

import pytest

from consent_gateway.audit import planted
from consent_gateway.audit.findings import Carrier, Side
from consent_gateway.audit.sighting import Sighting
from consent_gateway.captures.browser import Guise, NoBrowser, opened
from tests import chromium


async def seen(now: datetime) -> Sighting:
    """What a real browser does with them."""
    try:
        async with planted.planted() as trap, opened(led_to=trap.led_to) as found:
            visited = await found.look(trap.address, Guise(bodies=True))
    except NoBrowser:
        pytest.skip(chromium.NONE)
    return Sighting(
        page=trap.address, state="", side=Side.DIRECT, fields=(), time=now, exchanges=visited.exchanges
    )


@pytest.mark.browser
async def test_each_is_found_for_what_it_is_and_only_if_the_browser_tells_of_it(now: datetime) -> None:
    sighting = await seen(now)
    assert planted.found(sighting) == set(planted.LEAKS)
    for carrier in planted.LEAKS:
        host = f"{carrier.value.replace(' ', '-')}.{planted.HOST}"
        silent = [one for one in sighting.exchanges if one.request.hostname != host]
        assert planted.found(replace(sighting, exchanges=tuple(silent))) == set(planted.LEAKS) - {carrier}
    confused = tuple(replace(one, destination="image", by_code=False) for one in sighting.exchanges)
    assert Carrier.SCRIPT not in planted.found(replace(sighting, exchanges=confused))
    assert planted.found(replace(sighting, exchanges=())) == set()


async def test_whoever_does_not_speak_http_is_hung_up_on() -> None:
    async with planted.planted() as trap:
        host, _, port = trap.led_to[planted.HOST].partition(":")
        for said in (b"", b"GET /\r\n", b"x" * (2 * planted.LARGEST_HEAD), b"\r\n\r\n"):
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(said)
            writer.write_eof()
            with suppress(ConnectionResetError):
                assert not (await reader.read()).startswith(b"HTTP/1.1 302")
            writer.close()
