"""`consent-gateway replay`"""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from consent_gateway import datafile
from consent_gateway.captures.opening import BadCapture, Capture, opened
from consent_gateway.captures.reading import nothing
from consent_gateway.commands.here import USUAL, here, told_to_end
from consent_gateway.commands.options import Address, fail, site_file
from consent_gateway.proxy.master import CannotListen, Listen
from consent_gateway.replay.showing import Addresses, Recorded, read, show
from consent_gateway.replay.shown_site import NotTheSite

MOST_NAMED = 5  # of what could not be read
READY = """\
That is the recorded site behind the gateway; without it: http://{unprotected}
Both side by side, with the state of consent to choose and who was contacted: http://{panel}/
Nothing leaves this computer. Ctrl-C ends the replay."""


@click.command()
@click.argument("capture", type=click.Path(path_type=Path))
@site_file("The site file. Without one the defaults apply, and the site is whose pages are recorded.")
@click.option(
    "--listen",
    type=Address(),
    default=USUAL,
    show_default=True,
    help="Where you want to look at it, on this computer.",
)
@click.option("--progress", is_flag=True, help="Show how much is read, also where nobody looks on.")
@click.pass_context
def replay(
    ctx: click.Context, capture: Path, site_file: Path | None, listen: tuple[str, int], progress: bool
) -> None:
    """Click through a recorded site behind the gateway, without a network.

    CAPTURE is a flow file of mitmproxy or a HAR. Whatever is asked for comes from the recording, third
    parties included; a panel shows before and after side by side, for a visitor in any state of consent.
    """
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    # What a policy page still lacks, or who has closed a page before it was there, is no matter of a replay.
    for name in ("consent_gateway.starting", "consent_gateway.proxy.addon"):
        logging.getLogger(name).setLevel(logging.ERROR)
    if ":" in listen[0]:
        fail(f"the policy that keeps a replay here has no name for IPv6: --listen takes one such as {USUAL}")
    given = ctx.get_parameter_source("listen") is not click.core.ParameterSource.DEFAULT
    address = here(*listen, given=given, what="a replay")
    with tempfile.TemporaryDirectory(prefix="consent-gateway-replay-") as folder:
        recorded = _read(capture, site_file, Path(folder), progress=progress)
        try:
            asyncio.run(_until_stopped(recorded, address, Path(folder)))
        except CannotListen as error:
            fail(f"cannot listen on {address}: {error}")
        except datafile.Faulty as error:
            fail(f"does not start:\n{error}")
        finally:
            recorded.recording.bodies.close()


def _read(path: Path, site_file: Path | None, folder: Path, *, progress: bool) -> Recorded:
    try:
        capture = opened(path)
        with _progress(capture, shown=progress or sys.stderr.isatty()) as read_so_far:
            recorded = read(path.name, lambda: capture.exchanges(read_so_far), site_file, folder)
    except BadCapture as error:
        fail(str(error))
    except NotTheSite as error:
        fail(f"{path}: {error}")
    except datafile.Faulty as error:
        fail(f"does not start:\n{error}")
    except datafile.Unreadable as error:
        fail(f"does not start: {error}")
    for sentence in capture.skipped[:MOST_NAMED]:
        click.echo(f"consent-gateway: not read: {sentence}", err=True)
    if (more := len(capture.skipped) - MOST_NAMED) > 0:
        click.echo(f"consent-gateway: and {more} more like that", err=True)
    return recorded


@contextmanager
def _progress(capture: Capture, *, shown: bool) -> Iterator[Callable[[int], None]]:
    """Says how much is read. It is read twice: for its answers, and for whose they are."""
    if not shown:
        yield nothing
        return
    label = f"Reading {capture.path.name}"
    with click.progressbar(length=2 * capture.size, label=label, file=sys.stderr) as bar:
        last = 0

        def read_so_far(size: int) -> None:
            nonlocal last
            bar.update(size - last if size > last else size)
            last = 0 if size >= capture.size else size

        yield read_so_far


async def _until_stopped(recorded: Recorded, listen: Listen, folder: Path) -> None:
    stop = told_to_end()

    def ready(addresses: Addresses) -> None:
        click.echo(f"listening on http://{addresses.gateway}")
        click.echo(READY.format(unprotected=addresses.unprotected, panel=addresses.panel))
        sys.stdout.flush()

    await show(recorded, listen, folder=folder, ready=ready, stop=stop)
