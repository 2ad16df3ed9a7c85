"""`consent-gateway serve`"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

import click

from consent_gateway import datafile
from consent_gateway.commands.certificate import BadCertificate, joined
from consent_gateway.commands.listening import is_loopback, is_own, is_same, obstacle
from consent_gateway.commands.logged import Logged, log
from consent_gateway.commands.options import (
    Address,
    Loopback,
    Origin,
    database,
    fail,
    is_shown,
    site_file,
    state,
    templates,
)
from consent_gateway.commands.serving import until_stopped
from consent_gateway.commands.supervising import supervise
from consent_gateway.database import DatabaseUnavailable
from consent_gateway.private_files import BadState, private_anew
from consent_gateway.proxy.master import OLDEST_FOR_PRODUCTION, CannotListen, Listen, is_for_production
from consent_gateway.running import Running
from consent_gateway.starting import Settings, start
from consent_gateway.workers.handover import Handover


@click.command(cls=Logged)
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
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    envvar="CONSENT_GATEWAY_WORKERS",
    show_envvar=True,
    metavar="N",
    help="So many processes on the one port, for as many cores. One that dies is replaced; SIGHUP reads the site file "
    "anew, SIGUSR2 restarts them, and no request is lost by either.",
)
@click.option(
    "--admin",
    type=Loopback(),
    envvar="CONSENT_GATEWAY_ADMIN",
    show_envvar=True,
    help="Where you see /metrics (Prometheus) and /status (what is wrong, JSON); nobody else should reach it.",
)
@click.option(
    "--log-format",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    envvar="CONSENT_GATEWAY_LOG_FORMAT",
    show_envvar=True,
    help="json: an object a line.",
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
    workers: int | None,
    admin: tuple[str, int] | None,
    log_format: str,
    verbose: bool,
) -> None:
    """Stand in front of a site.

    Prints "listening on http://HOST:PORT" once it answers, and ends cleanly on SIGTERM or Ctrl-C.
    Without a site file every known service is held until the visitor agrees, and unknown third
    parties load: nothing of the site breaks. With one, you say what may load and hold the rest.
    """
    warn = log(log_format, verbose=verbose)
    if bool(cert) != bool(key):
        fail("--cert and --key go together")
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
    operators = Listen(*admin) if admin else None
    handover = Handover.of(os.environ)
    if not handover:
        if is_own(origin, address):
            fail(f"--origin {origin} is where the gateway itself listens; name the site behind it")
        if reason := obstacle(address):
            fail(f"cannot listen on {address}: {reason}")
        if is_shown("database", database):
            warn(
                "warning: the password in --database stands in the list of processes; "
                "CONSENT_GATEWAY_DATABASE does not"
            )
        if operators:
            _see_to(operators, address, warn)
        if workers:
            asyncio.run(supervise(settings, address, workers, operators))
            return
    running = prepared(settings)
    speaks = handover is None or handover.first
    if speaks and not is_for_production():
        warn(f"warning: {shortcoming()}")
    if speaks and site_file is None:
        warn(
            "warning: there is no site file: known services are held, and third parties that nobody has listed LOAD. "
            "Good for a look; before visitors come: consent-gateway init"
        )
    elif speaks and running.gateway.site.services is None:
        warn(
            "no [services] in a site file: visitors are asked for each purpose as a whole, not "
            "for services by name. Good for a look; name your services before visitors come."
        )
    with tempfile.TemporaryDirectory(prefix="consent-gateway-") as confdir:
        kept = _kept(certificate, Path(confdir)) if certificate else ""
        try:
            asyncio.run(until_stopped(running, settings, address, confdir, kept, handover, operators))
        except CannotListen as error:
            fail(f"cannot listen on {address}: {error}")


def _see_to(operators: Listen, visitors: Listen, warn: Callable[[str], None]) -> None:
    """The end of the command where the operator's address cannot be his; a warning where others may reach it."""
    if is_same(operators, visitors):
        fail(f"--admin {operators} is where visitors come in; give it a port of its own")
    if reason := obstacle(operators):
        fail(f"--admin: cannot listen on {operators}: {reason}")
    if not is_loopback(operators):
        warn(
            f"warning: --admin {operators} can be reached from other computers, and asks for no password: "
            "let only your monitoring through"
        )


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
