"""`consent-gateway serve`"""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

import click

from consent_gateway import datafile
from consent_gateway.commands.certificate import BadCertificate, joined
from consent_gateway.commands.listening import is_own, obstacle
from consent_gateway.commands.options import Address, Origin, database, fail, site_file, state, templates
from consent_gateway.database import DatabaseUnavailable
from consent_gateway.private_files import BadState, private_anew
from consent_gateway.proxy.addon import GatewayAddon
from consent_gateway.proxy.master import OLDEST_FOR_PRODUCTION, CannotListen, Listen, is_for_production
from consent_gateway.proxy.master import serve as serve_until
from consent_gateway.running import Running
from consent_gateway.starting import Settings, start


@click.command()
@click.option(
    "--origin",
    required=True,
    type=Origin(),
    envvar="CONSENT_GATEWAY_ORIGIN",
    show_envvar=True,
    help="The site behind the gateway.",
)
@site_file("The site file. Without one the defaults apply.")
@click.option(
    "--listen",
    type=Address(),
    default="127.0.0.1:8080",
    show_default=True,
    envvar="CONSENT_GATEWAY_LISTEN",
    show_envvar=True,
    help="Where visitors come in.",
)
@state
@database
@click.option(
    "--cert",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    metavar="FILE",
    help="A certificate chain (PEM): the gateway then speaks TLS.",
)
@click.option(
    "--key",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    metavar="FILE",
    help="The private key of the certificate.",
)
@templates
@click.option(
    "--outbound-log",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write every request sent to a third party for a visitor, exactly as sent.",
)
@click.option("--verbose", is_flag=True, help="Log every decision (never an address, id or query).")
def serve(
    origin: str,
    site_file: Path | None,
    listen: tuple[str, int],
    state: Path,
    database: str,
    cert: Path | None,
    key: Path | None,
    templates: Path | None,
    outbound_log: Path | None,
    verbose: bool,
) -> None:
    """Stand in front of a site.

    Prints "listening on http://HOST:PORT" once it answers, and ends cleanly on SIGTERM or Ctrl-C.
    Without a site file every known service is held until the visitor agrees, and unknown third
    parties load: nothing of the site breaks. With one, you say what may load and hold the rest.
    """
    if bool(cert) != bool(key):
        fail("--cert and --key go together")
    logging.basicConfig(
        level=logging.DEBUG if verbose else logging.INFO,
        format="%(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
    )
    logging.getLogger("mitmproxy").setLevel(logging.WARNING)
    # All it has to say is that it cannot listen, which comes as CannotListen, too.
    logging.getLogger("mitmproxy.addons.proxyserver").setLevel(logging.CRITICAL)
    settings = Settings(
        origin=origin,
        origin_hosts=(urlsplit(origin).hostname or "",),
        site_file=site_file,
        state=state,
        database=database,
        templates=templates,
        outbound_log=outbound_log,
        default_scheme="https" if cert else "http",
    )
    certificate = _certificate(cert, key) if cert and key else b""
    address = Listen(*listen)
    if is_own(origin, address):
        fail(f"--origin {origin} is where the gateway itself listens; name the site behind it")
    if reason := obstacle(address):
        fail(f"cannot listen on {address}: {reason}")
    running = prepared(settings)
    if not is_for_production():
        click.echo(f"consent-gateway: warning: {shortcoming()}", err=True)
    if running.gateway.site.services is None:
        click.echo(
            "consent-gateway: no [services] in a site file: visitors are asked for each purpose as a whole, not "
            "for services by name. Good for a look; name your services before visitors come.",
            err=True,
        )
    with tempfile.TemporaryDirectory(prefix="consent-gateway-") as confdir:
        kept = _kept(certificate, Path(confdir)) if certificate else ""
        try:
            asyncio.run(_until_stopped(running, origin, address, confdir, kept))
        except CannotListen as error:
            fail(f"cannot listen on {address}: {error}")


def prepared(settings: Settings) -> Running:
    """The gateway put together, or the end of the command with the reason."""
    try:
        return start(settings)
    except datafile.Faulty as error:
        fail(f"does not start:\n{error}")
    except OSError as error:
        fail(
            f"does not start: {error.filename}: {error.strerror}"
            if error.filename
            else f"does not start: {error}"
        )
    except (datafile.Unreadable, BadState, DatabaseUnavailable) as error:
        fail(f"does not start: {error}")


async def _until_stopped(
    running: Running, origin: str, listen: Listen, confdir: str, certificate: str
) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)

    def ready(addresses: list[Listen]) -> None:
        for address in addresses:
            click.echo(f"listening on {'https' if certificate else 'http'}://{address}")
        sys.stdout.flush()

    await serve_until(
        GatewayAddon(running, tls_only=bool(certificate)),
        origin=origin,
        listen=listen,
        confdir=confdir,
        certificate=certificate,
        ready=ready,
        stop=stop,
    )


def _certificate(cert: Path, key: Path) -> bytes:
    try:
        return joined(cert, key)
    except BadCertificate as error:
        fail(str(error))


def _kept(certificate: bytes, folder: Path) -> str:
    """The certificate as mitmproxy's option names it, in a file that we alone may read."""
    path = folder / "certificate.pem"
    with open(path, "wb", opener=private_anew) as file:
        file.write(certificate)
    return f"*={path}"


def shortcoming() -> str:
    """What is wrong with the mitmproxy that is installed, and what to do about it."""
    wanted = ".".join(map(str, OLDEST_FOR_PRODUCTION))
    remedy = (
        f"run the gateway with Python 3.12 or newer, where pip installs mitmproxy {wanted} or newer"
        if sys.version_info < (3, 12)
        else f"run: {sys.executable} -m pip install 'mitmproxy>={wanted}'"
    )
    return f"mitmproxy {version('mitmproxy')} has known security holes; in production {remedy}"
