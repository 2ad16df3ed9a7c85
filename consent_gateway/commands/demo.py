"""`consent-gateway demo`"""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import tempfile
from pathlib import Path

import click

from consent_gateway.commands.here import USUAL, here
from consent_gateway.commands.options import Address, fail
from consent_gateway.demo.addresses import Addresses
from consent_gateway.demo.showing import show
from consent_gateway.proxy.master import CannotListen, Listen

READY = """\
Open it: the website of a fictional company, unchanged, with the gateway in front of it.
Beside it you see live what leaves your browser; the same site without the gateway is one click away
(http://{unprotected}). All third parties are stand-ins on this computer. Ctrl-C ends the demo."""


@click.command()
@click.option(
    "--listen",
    type=Address(),
    default=USUAL,
    show_default=True,
    help="Where you want to look at it, on this computer.",
)
@click.pass_context
def demo(ctx: click.Context, listen: tuple[str, int]) -> None:
    """See what the gateway does, on a site that comes with it.

    A fictional company's website with five plug-ins and two trackers, shown with the gateway in front of it
    and without. Needs no network: LinkedIn, Google, YouTube and Zoom are stand-ins on this computer.
    """
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    given = ctx.get_parameter_source("listen") is not click.core.ParameterSource.DEFAULT
    address = here(*listen, given=given, what="the demo")
    with tempfile.TemporaryDirectory(prefix="consent-gateway-demo-") as folder:
        try:
            asyncio.run(_until_stopped(address, Path(folder)))
        except CannotListen as error:
            fail(f"cannot listen on {address}: {error}")


async def _until_stopped(listen: Listen, folder: Path) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)

    def ready(addresses: Addresses) -> None:
        click.echo(f"listening on http://{addresses.gateway}")
        click.echo(READY.format(unprotected=addresses.unprotected))
        sys.stdout.flush()

    await show(listen, folder=folder, ready=ready, stop=stop)
