"""Who is connected when a gateway ends is answered; what is under way is seen in workers/test_supervisor.py."""

from __future__ import annotations

import asyncio
import socket
from contextlib import ExitStack

import pytest

from consent_gateway.proxy import draining

MANY = 30


@pytest.mark.parametrize("backlog", [1, 100], ids=["as workers let in", "as one process does"])
async def test_whoever_waits_when_a_socket_is_closed_is_let_in_before(backlog: int) -> None:
    came, everybody = 0, asyncio.Event()

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal came
        came += 1
        if came == MANY:
            everybody.set()
        writer.close()

    listening = socket.create_server(("127.0.0.1", 0), backlog=MANY)
    server = await asyncio.start_server(meet, sock=listening, backlog=backlog)
    listening.listen(MANY)  # asyncio has made the queue as long as `backlog`
    with ExitStack() as stack:
        for _ in range(MANY):  # the kernel lets them in, and nobody has looked yet
            stack.enter_context(socket.create_connection(listening.getsockname(), timeout=5))
        await draining.all_let_in(server.sockets)
        server.close()
        async with asyncio.timeout(5):
            await everybody.wait()


async def test_a_crowd_that_does_not_end_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draining, "QUEUE_SECONDS", 0.05)
    with (
        socket.create_server(("127.0.0.1", 0)) as nobody_looks_after,
        socket.create_connection(nobody_looks_after.getsockname(), timeout=5),
    ):
        async with asyncio.timeout(5):
            await draining.all_let_in([nobody_looks_after])


async def test_without_sockets_there_is_nothing_to_wait_for() -> None:
    await draining.all_let_in([])
