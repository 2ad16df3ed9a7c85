"""`consent-gateway keys`"""

from __future__ import annotations

import os
from pathlib import Path

import click

from consent_gateway.commands.options import fail, state
from consent_gateway.state import BadState, StateFolder


@click.group()
def keys() -> None:
    """Look after the keys that sign consent cookies."""


@keys.command("list")
@state
def list_(state: Path) -> None:
    """Print the ids of the keys, oldest first; the last one signs. Never prints a secret."""
    try:
        ring = StateFolder(state).kept_ring(os.environ)
    except BadState as error:
        fail(str(error))
    for key in ring.keys:
        click.echo(key.id)
