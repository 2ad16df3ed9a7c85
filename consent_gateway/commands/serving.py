"""One process that answers until it is told to stop."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import sys

import click

from consent_gateway.commands.administering import Administration, opened
from consent_gateway.commands.supervising import LINGER
from consent_gateway.figures import together
from consent_gateway.proxy.addon import GatewayAddon
from consent_gateway.proxy.master import Listen
from consent_gateway.proxy.master import serve as serve_until
from consent_gateway.running import Running
from consent_gateway.starting import Settings
from consent_gateway.workers.handover import Handover
from consent_gateway.workers.worker import Line

logger = logging.getLogger(__name__)


async def until_stopped(
    running: Running,
    settings: Settings,
    listen: Listen,
    confdir: str,
    certificate: str,
    handover: Handover | None,
    operators: Listen | None,
) -> None:
    """Answers until SIGTERM or SIGINT, or as a worker until nobody looks after it. Raises CannotListen."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    for number in (signal.SIGHUP, signal.SIGUSR2):
        asyncio.get_running_loop().add_signal_handler(number, _not_renewed if handover is None else _nothing)
    line = Line(handover.line) if handover else None
    if line:
        await line.open(stop)

    def ready(addresses: list[Listen]) -> None:
        # Catalogue, sentences and modules last as long as the process: the garbage collector need not look through
        # them each time, and so gets to what requests leave behind sooner (Python library, gc.freeze).
        gc.collect()
        gc.freeze()
        if line:
            line.ready(lambda: {"samples": running.samples, "faults": running.faults})
            return
        for address in addresses:
            click.echo(f"listening on {'https' if certificate else 'http'}://{address}")
        sys.stdout.flush()

    administration = Administration(
        settings, lambda: (together([running.samples, {"workers_up": 1}]), running.faults)
    )
    async with administration.answering([] if handover else opened(operators)):
        await serve_until(
            GatewayAddon(running, tls_only=bool(certificate)),
            origin=settings.origin,
            listen=listen,
            confdir=confdir,
            certificate=certificate,
            ready=ready,
            stop=stop,
            sockets=handover.sockets() if handover else (),
            linger=LINGER if handover else 0,
        )
    if line:
        await line.close()


def _not_renewed() -> None:
    logger.warning("nothing is read anew: that takes --workers, of which one is enough")


def _nothing() -> None:
    """The process that looks after the workers acts on this signal."""
