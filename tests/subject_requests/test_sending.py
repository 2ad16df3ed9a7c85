"""Requests are sent on until they are accepted: through failures, restarts and several processes."""

from __future__ import annotations

import asyncio
import logging
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta

import pytest
from aiohttp import web

from consent_gateway.database import DatabaseUnavailable
from consent_gateway.datafile import parse
from consent_gateway.keys import KeyRing
from consent_gateway.rendering import templates_folder
from consent_gateway.site import Site
from consent_gateway.subject_requests import sending
from consent_gateway.subject_requests.book import Requests
from consent_gateway.subject_requests.delivering import delivery_routes
from consent_gateway.subject_requests.outbox import LEASE
from consent_gateway.subject_requests.request import SubjectRequest
from consent_gateway.subject_requests.sending import Sender
from consent_gateway.wording import load
from tests.conftest import ROOT
from tests.loopback import serving
from tests.mailbox import free_port, receiving
from tests.received import NOW, WORDS, again, new
from tests.recorded import checked

MINUTE = timedelta(minutes=1)


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, step: timedelta) -> None:
        self.now += step


class Accepting:
    """A way that takes everything, slowly enough for another one to come between."""

    name = "smtp"

    def __init__(self) -> None:
        self.sent: list[int] = []

    async def send(self, request: SubjectRequest, now: datetime) -> None:
        self.sent.append(request.number)
        await asyncio.sleep(0.01)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def sender(book: Requests, ring: KeyRing, clock: Clock, *, mail: int = 0, webhook: str = "") -> Sender:
    """What sends on to a mail server at a port and to a webhook."""
    text = f'smtp = "smtp://127.0.0.1:{mail}"\nto = "privacy@example.com"\n' if mail else ""
    site = parse(f'[notify]\n{text}webhook = "{webhook}"', Site, file="f")
    wording = load([templates_folder()], ("de",))["de"]
    return Sender(book, delivery_routes(site.notify, ring, wording, {}, None), clock)


async def test_a_mailbox_and_a_webhook_have_the_request(book: Requests, ring: KeyRing, clock: Clock) -> None:
    """PRC-09"""

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=202)

    request = book.receive(new(), NOW)
    with receiving() as box, serving(answer) as server:
        assert await sender(book, ring, clock, mail=box.port, webhook=server.address).send_due() == 2
        assert WORDS in box.messages[0].get_content() and WORDS in server.requests[0].body
        assert "24. Dezember 2026" in box.messages[0]["Subject"]
    assert [one.done for one in book.outbox.of(request.number)] == [NOW, NOW]


async def test_a_server_that_is_down_at_first_gets_it_once_after_the_pause(
    book: Requests, ring: KeyRing, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    book.receive(new(), NOW)
    port = free_port()
    going = sender(book, ring, clock, mail=port)
    with caplog.at_level(logging.WARNING):
        assert (await going.send_due(), await going.send_due()) == (1, 0)
        clock.forward(MINUTE)
        assert await going.send_due() == 1
    reason = "ConnectionRefusedError: Connection refused"
    assert [one.getMessage() for one in caplog.records] == [
        f"request 1 was not accepted by smtp (attempt {attempt}): {reason}; again at 2026-11-24T{at}:00+00:00"
        for attempt, at in ((1, "10:31"), (2, "10:36"))
    ]
    assert "anna" not in caplog.text and "erase" not in caplog.text
    with receiving(port=port) as box:
        clock.forward(4 * MINUTE)
        assert await going.send_due() == 0
        clock.forward(MINUTE)
        assert (await going.send_due(), await going.send_due()) == (1, 0)
        assert len(box.messages) == 1


async def test_a_restart_in_between_loses_nothing_and_the_message_is_the_same(
    book: Requests, database_url: str, ring: KeyRing, clock: Clock
) -> None:
    request = book.receive(new(), NOW)
    with receiving() as box:
        box.answers.append("451 later")
        await sender(book, ring, clock, mail=box.port).send_due()
        book.close()
        clock.forward(MINUTE)
        with again(database_url, ring) as later:
            await sender(later, ring, clock, mail=box.port).send_due()
        assert [one["Message-ID"] for one in box.messages] == [f"<{request.id}@example.com>"]


async def test_one_way_that_fails_does_not_keep_back_the_other(
    book: Requests, ring: KeyRing, clock: Clock
) -> None:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=410)

    book.receive(new(), NOW)
    with receiving() as box, serving(answer) as server:
        await sender(book, ring, clock, mail=box.port, webhook=server.address).send_due()
        assert (len(box.messages), len(server.requests)) == (1, 1)
    smtp, webhook = book.outbox.of(1)
    assert smtp.done == NOW and (webhook.done, webhook.last_error) == (None, "answered 410")


async def test_two_processes_send_each_request_once(
    book: Requests, database_url: str, ring: KeyRing, clock: Clock
) -> None:
    for _ in range(25):
        book.receive(new(), NOW)
    ways = [Accepting(), Accepting()]
    with ExitStack() as opened:
        books = [opened.enter_context(again(database_url, ring)) for _ in ways]
        await asyncio.gather(*(Sender(one, [way], clock).send_due() for one, way in zip(books, ways, strict=True)))  # fmt: skip
    assert sorted(ways[0].sent + ways[1].sent) == list(range(1, 26))


async def test_one_that_cannot_be_read_does_not_keep_back_the_others(
    book: Requests, ring: KeyRing, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        book.receive(new(), NOW)
    read: Callable[[int], SubjectRequest | None] = book.of

    def damaged(number: int) -> SubjectRequest | None:
        if number == 1:
            raise DatabaseUnavailable("request 1 does not open")
        return read(number)

    monkeypatch.setattr(book, "of", damaged)
    way = Accepting()
    await Sender(book, [way], clock).send_due()
    assert way.sent == [2, 3] and book.outbox.of(1)[0].last_error == "DatabaseUnavailable"


async def test_it_goes_on_by_itself_and_ends_with_what_is_under_way(
    book: Requests, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "LOOK_SECONDS", 0.01)
    way = Accepting()
    going = Sender(book, [way], clock)
    going.begin()
    for number in (1, 2):
        await asyncio.to_thread(book.receive, new(), NOW)
        for _ in range(500):
            if len(way.sent) == number:
                break
            await asyncio.sleep(0.01)
    await going.close()
    assert way.sent == [1, 2] and book.outbox.of(2)[0].done == NOW


async def test_a_database_that_is_gone_is_waited_for(
    book: Requests, clock: Clock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def gone(*_: object) -> None:
        raise DatabaseUnavailable("gone")

    way = Accepting()
    going = Sender(book, [way], clock)
    book.receive(new(), NOW)
    caplog.set_level(logging.INFO)
    with monkeypatch.context() as broken:
        broken.setattr(book.outbox, "claim", gone)
        assert await going._look() == sending.UNAVAILABLE_SECONDS
    assert "requests cannot be sent on now: gone" in caplog.messages and way.sent == []
    assert await going._look() == sending.LOOK_SECONDS and way.sent == [1]
    assert "requests are sent on again" in caplog.messages


async def test_what_waits_for_a_way_that_is_gone_is_said_once(
    book: Requests, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        book.receive(new(), NOW)
    going = Sender(book, [Accepting()], clock)
    with caplog.at_level(logging.WARNING):
        await going._look()
        await going._look()
    assert [one.getMessage() for one in caplog.records] == [
        "2 requests wait for webhook, which [notify] does not name"
    ]


KILLED = """
import asyncio, os, signal, sys
from consent_gateway.subject_requests.book import Requests
from consent_gateway.subject_requests.sending import Sender
from consent_gateway.keys import Key, KeyRing
from tests.received import NOW, new

class Killing:
    name = "smtp"
    async def send(self, request, now):
        os.kill(os.getpid(), signal.SIGKILL)

book = Requests(sys.argv[1], KeyRing((Key("test", b"k" * 32),)), ("smtp",))
book.receive(new(), NOW)
asyncio.run(Sender(book, [Killing()], lambda: NOW).send_due())
"""


async def test_a_process_that_is_killed_while_it_sends_loses_nothing(
    book: Requests, database_url: str, ring: KeyRing, clock: Clock
) -> None:
    done = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", KILLED, database_url], cwd=ROOT)
    assert done.returncode == -signal.SIGKILL
    assert [one.number for one in book.open()] == [1] and checked(database_url, ring).events == 1
    way = Accepting()
    later = Sender(book, [way], clock)
    clock.forward(LEASE - timedelta(seconds=1))
    assert (await later.send_due(), way.sent) == (0, [])
    clock.forward(timedelta(seconds=1))
    assert (await later.send_due(), await later.send_due(), way.sent) == (1, 0, [1])
