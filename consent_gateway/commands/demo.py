"""`consent-gateway demo`"""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
from pathlib import Path

import click

from consent_gateway.commands.here import USUAL, here, told_to_end
from consent_gateway.commands.options import Address, clock, fail
from consent_gateway.demo.addresses import Addresses
from consent_gateway.demo.embeds import Document, OwnFile
from consent_gateway.demo.examining import HOST, left_over, recognised, strict_gateway
from consent_gateway.demo.report import text
from consent_gateway.demo.showing import show, show_file
from consent_gateway.page.charset import Undecodable
from consent_gateway.proxy.master import CannotListen, Listen

READY = """\
Open it: the website of a fictional company, unchanged, with the gateway in front of it.
Beside it you see live what leaves your browser; the same site without the gateway is one click away
(http://{unprotected}). All third parties are stand-ins on this computer. Ctrl-C ends the demo.
Every service of the catalogue, held and loaded side by side: http://{catalogue}"""
READY_FOR_PAGE = """\
Open it: {page} without the gateway and through it, and what is recognised in it and why.
Reload after a change of the file. All third parties are stand-ins on this computer. Ctrl-C ends it."""


@click.command()
@click.option(
    "--listen",
    type=Address(),
    default=USUAL,
    show_default=True,
    help="Where you want to look at it, on this computer.",
)
@click.option(
    "--page",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Show a page or snippet of your own, without the gateway and through it.",
)
@click.option("--report", is_flag=True, help="With --page: print what is recognised in it, and end.")
@click.pass_context
def demo(ctx: click.Context, listen: tuple[str, int], page: Path | None, report: bool) -> None:
    """See what the gateway does, on a site that comes with it or on a page of your own.

    A fictional company's website with five plug-ins and two trackers, shown with the gateway in front of it
    and without; and a page for each service of the catalogue, held and loaded. Needs no network: whoever is
    asked for is a stand-in on this computer.

    With --page, a file of yours instead: what is recognised in it, by which rule and where, what stands in its
    place, and what comes back. Unknown third parties are held, too. With --report the same as text, with exit
    code 0 if nothing is recognised or all of it is held, 1 if something is not, 2 if the file cannot be read.
    """
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    # It would name what the privacy policy of these pages lacks.
    logging.getLogger("consent_gateway.starting").setLevel(logging.ERROR)
    if report and page is None:
        fail("--report says what is in a page: it needs --page FILE")
    if page is not None:
        document = _document(page)
        if report:
            sys.exit(_reported(document, page))
    given = ctx.get_parameter_source("listen") is not click.core.ParameterSource.DEFAULT
    address = here(*listen, given=given, what="the demo")
    with tempfile.TemporaryDirectory(prefix="consent-gateway-demo-") as folder:
        try:
            asyncio.run(_until_stopped(address, Path(folder), page))
        except CannotListen as error:
            fail(f"cannot listen on {address}: {error}")


def _document(page: Path) -> Document:
    try:
        return OwnFile(page, 0).document()
    except OSError as error:
        fail(f"{page}: {error.strerror}")


def _reported(document: Document, page: Path) -> int:
    """Prints what is recognised in a document. Returns the exit code."""
    gateway, now = strict_gateway(), clock()
    try:
        found = recognised(gateway, document, HOST, now)
        left = left_over(gateway, document, HOST, now)
    except Undecodable as error:
        fail(f"{page}: {error}")
    click.echo(text(found, gateway.catalogue, str(page)), nl=False)
    if left:
        click.echo(
            f"\nStill there when the gateway holds everything:\n\n{text(left, gateway.catalogue, str(page))}",
            nl=False,
        )
    return 0 if not left and all(one.is_held for one in found) else 1


async def _until_stopped(listen: Listen, folder: Path, page: Path | None) -> None:
    stop = told_to_end()

    def ready(addresses: Addresses) -> None:
        click.echo(f"listening on http://{addresses.gateway}")
        click.echo(READY.format(unprotected=addresses.unprotected, catalogue=addresses.catalogue))
        sys.stdout.flush()

    def ready_for_page() -> None:
        click.echo(f"listening on http://{listen}")
        click.echo(READY_FOR_PAGE.format(page=page))
        sys.stdout.flush()

    if page is None:
        await show(listen, folder=folder, ready=ready, stop=stop)
    else:
        await show_file(page, listen, folder=folder, ready=ready_for_page, stop=stop)
