"""Decisions against a real process: none that was answered is lost, whatever happens to its disk and database."""

from __future__ import annotations

import asyncio
import base64
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import pytest
import sqlalchemy as sa

from consent_gateway.database import WRITERS, in_folder
from tests import postgresql, small_disk
from tests.crowd import RING, Answered, crowd, kill, records, served
from tests.loopback import Server, showing
from tests.recorded import checked

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def origin() -> Iterator[Server]:
    with showing("<!doctype html><head></head><body><p>A page.</p></body>") as server:
        yield server


async def one_decision(address: str, number: int) -> tuple[int, bool, str]:
    """Status, whether a cookie was set, and the text of the answer."""
    form = {"decision": "reject_all" if number % 2 else "accept_all", "language": "en"}
    async with (
        aiohttp.ClientSession() as client,
        client.post(
            f"{address}/.privacy/choice", data=form, headers={"Origin": address}, allow_redirects=False
        ) as response,
    ):
        return response.status, "Set-Cookie" in response.headers, await response.text()


async def page(address: str) -> float:
    """How long a page takes."""
    began = time.monotonic()
    async with aiohttp.ClientSession() as client, client.get(address) as response:
        assert response.status == 200 and "A page." in await response.text()
    return time.monotonic() - began


async def until(look: Callable[[], object], wanted: object, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and look() != wanted:  # noqa: ASYNC110 - it is another process
        await asyncio.sleep(0.1)
    assert look() == wanted


def kinds(url: str | sa.URL) -> list[str]:
    return [one.kind for one in records(url)]


@contextmanager
def write_lock(url: str) -> Iterator[None]:
    """Somebody who keeps everybody else from writing."""
    address = sa.make_url(url)
    if address.get_backend_name() == "sqlite":
        connection = sqlite3.connect(address.database or "", isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.close()
    else:
        engine = sa.create_engine(address.set(drivername="postgresql+psycopg"))
        with engine.begin() as holding:
            holding.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITERS)))
            yield
        engine.dispose()


async def test_a_database_that_does_not_answer_keeps_no_page_and_no_refusal_waiting(
    origin: Server, state: Path, database_url: str
) -> None:
    with served(origin, state, database_url) as (_, address):
        with write_lock(database_url):
            began = time.monotonic()
            waiting = [asyncio.create_task(one_decision(address, number)) for number in range(8)]
            await asyncio.sleep(0.3)
            assert max([await page(address) for _ in range(5)]) < 2
            answers = await asyncio.gather(*waiting)
            assert time.monotonic() - began < 10
        assert [(status, cookie) for status, cookie, _ in answers] == [(503, False), (303, True)] * 4
        assert "could not be recorded" in answers[0][2]
        await until(lambda: kinds(database_url), ["refusal"] * 4)
    checked(database_url, RING)


async def test_a_lost_server_means_no_grant_and_loses_no_refusal(origin: Server, state: Path) -> None:
    with postgresql.server() as server, served(origin, state, server.url) as (_, address):
        assert (await one_decision(address, 0))[:2] == (303, True)
        server.stop()
        try:
            assert (await one_decision(address, 0))[:2] == (503, False)
            assert (await one_decision(address, 1))[:2] == (303, True)
            assert await page(address) < 2
        finally:
            server.start()
        await until(lambda: kinds(server.url), ["grant", "refusal"])
        assert (await one_decision(address, 0))[:2] == (303, True)
        assert checked(server.url, RING).records == 3


async def test_a_full_disk_means_no_grant_and_loses_no_refusal_even_if_the_process_is_killed(
    origin: Server, tmp_path: Path
) -> None:
    with small_disk.mounted(tmp_path / "small", "2m") as state:
        url = in_folder(state)
        with served(origin, state) as (process, address):
            assert (await one_decision(address, 0))[:2] == (303, True)
            await until((state / "unwritten").exists, True)
            filler = small_disk.fill(state)
            statuses: Counter[int] = Counter()
            for number in range(60):
                statuses[(await one_decision(address, 0))[0]] += 1
                assert (await one_decision(address, 1))[:2] == (303, True), number
            assert await page(address) < 2
            assert statuses[503] > 30
            kill(process)
        filler.unlink()
        with served(origin, state):
            await until(lambda: Counter(kinds(url)), Counter(refusal=60, grant=1 + statuses[303]))
        checked(url, RING)


async def test_a_folder_that_is_gone_means_no_grant_and_no_effect_on_pages(
    origin: Server, state: Path
) -> None:
    with served(origin, state) as (_, address):
        assert (await one_decision(address, 0))[:2] == (303, True)
        shutil.rmtree(state)
        assert (await one_decision(address, 0))[:2] == (503, False)
        assert (await one_decision(address, 1))[:2] == (303, True)
        assert await page(address) < 2


async def test_a_backup_made_while_serving_can_be_restored(
    origin: Server, state: Path, tmp_path: Path
) -> None:
    """CON-07"""
    answered = Answered()
    restored = tmp_path / "restored"
    restored.mkdir()
    with served(origin, state) as (_, address):

        def back_up() -> bool:
            if answered.number < 50:
                return False
            command = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).backup(sqlite3.connect(sys.argv[2]))"
            files = [str(state / "ledger.sqlite3"), str(restored / "ledger.sqlite3")]
            subprocess.run([sys.executable, "-c", command, *files], check=True)
            return True

        await crowd([address], 300, answered, back_up)
    backed_up = checked(in_folder(restored), RING)
    assert 0 < backed_up.records <= checked(in_folder(state), RING).records
    with served(origin, restored) as (_, again):
        await crowd([again], 10, Answered())
    assert checked(in_folder(restored), RING).records == backed_up.records + 10


async def test_nothing_about_a_visitor_gets_into_database_or_log(
    origin: Server, state: Path, database_url: str
) -> None:
    """SEC-09, CON-05 CON-06"""
    marks = {
        "User-Agent": "Marked-Browser/7",
        "Referer": "http://{host}/marked-page",
        "X-Forwarded-For": "203.0.113.77",
    }
    with served(origin, state, database_url) as (_, address):
        headers = {name: value.format(host=address.removeprefix("http://")) for name, value in marks.items()}
        async with aiohttp.ClientSession(headers={**headers, "Origin": address}) as client:
            for decision in ("accept_all", "reject_all"):
                form = {"decision": decision, "return": "/marked-path"}
                answer = await client.post(f"{address}/.privacy/choice", data=form, allow_redirects=False)
                assert answer.status == 303
    found = records(database_url)
    texts = repr(found) + "".join(path.read_text() for path in state.parent.glob("log-*"))
    for mark in ("Marked-Browser", "marked-page", "marked-path", "203.0.113.77", "127.0.0.1:"):
        assert mark not in texts.replace(f"listening on {address}", "")
    logs = "".join(path.read_text() for path in state.parent.glob("log-*"))
    assert found[0].receipt and found[0].receipt not in logs
    assert len(base64.urlsafe_b64decode(f"{found[0].receipt}==")) * 8 >= 128
