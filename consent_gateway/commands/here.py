"""The address of what is shown on this computer, and to nobody else."""

from __future__ import annotations

import asyncio
import ipaddress
import signal

import click

from consent_gateway.commands.options import fail
from consent_gateway.demo.addresses import free_port, obstacle
from consent_gateway.proxy.master import Listen

USUAL = "127.0.0.1:8080"


def here(host: str, port: int, *, given: bool, what: str) -> Listen:
    """The address to listen on: as given, or near the usual one where that is taken."""
    number = "127.0.0.1" if host == "localhost" else host
    try:
        loopback = ipaddress.ip_address(number).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        fail(f"{what} is for this computer only: --listen takes a loopback address such as {USUAL}")
    asked = Listen(number, port or free_port(number))
    if not (reason := obstacle(asked)):
        return asked
    if given:
        fail(f"cannot listen on {asked}: {reason}")
    click.echo(f"consent-gateway: {asked} is taken, so another port is used", err=True)
    return Listen(number, free_port(number))


def told_to_end() -> asyncio.Event:
    """Set when the program is ended, by Ctrl-C or because its terminal is gone."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop
