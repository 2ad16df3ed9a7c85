"""`serve --workers`: this process opens the port and looks after those that answer on it."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Callable, Sequence

import click

from consent_gateway.commands.administering import Administration, opened
from consent_gateway.proxy.master import Listen
from consent_gateway.starting import Settings
from consent_gateway.workers.supervisor import CannotStart, Supervisor
from consent_gateway.workers.worker_process import WorkerProcess

logger = logging.getLogger(__name__)

LINGER = 2.0  # seconds in which a request may still come that was sent before a new worker took over


async def supervise(settings: Settings, listen: Listen, count: int, admin: Listen | None) -> None:
    """Serves with so many workers until SIGTERM or SIGINT; SIGHUP and SIGUSR2 replace them by new ones, which
    read the site file anew."""
    sockets, operators = opened(listen), opened(admin)
    command = [sys.executable, "-m", "consent_gateway", *sys.argv[1:]]

    stop = asyncio.Event()

    async def spawn(first: bool) -> WorkerProcess:
        if stop.is_set():
            raise ProcessLookupError("no worker is started any more")
        return await WorkerProcess.spawn(command, sockets, first=first)

    supervisor = Supervisor(spawn, count)
    renewals: set[asyncio.Task[object]] = set()

    def renew() -> None:
        task: asyncio.Task[object] = asyncio.get_running_loop().create_task(supervisor.renew())
        renewals.add(task)
        task.add_done_callback(renewals.discard)

    _on_signals((signal.SIGTERM, signal.SIGINT), stop.set)
    starting = asyncio.get_running_loop().create_task(supervisor.start())
    if not await _done_before(starting, stop):
        return
    try:
        starting.result()
    except CannotStart:
        sys.exit(2)  # the worker has said why
    _on_signals((signal.SIGHUP, signal.SIGUSR2), renew)
    administration = Administration(settings, lambda: (supervisor.samples, supervisor.faults))
    async with administration.answering(operators):
        for one in sockets:
            click.echo(f"listening on {settings.default_scheme}://{Listen(*one.getsockname()[:2])}")
        sys.stdout.flush()
        await stop.wait()
    for task in renewals:
        task.cancel()
    for one in sockets:  # while one is open anywhere, visitors are let in whom nobody answers
        one.close()
    await supervisor.stop()


def _on_signals(numbers: Sequence[signal.Signals], act: Callable[[], None]) -> None:
    for number in numbers:
        asyncio.get_running_loop().add_signal_handler(number, act)


async def _done_before(task: asyncio.Task[None], stop: asyncio.Event) -> bool:
    """Whether it has ended; False if it was called off."""
    stopping = asyncio.get_running_loop().create_task(stop.wait())
    await asyncio.wait((task, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not task.done():
        task.cancel()
        await asyncio.wait([task])
        return False
    return True
