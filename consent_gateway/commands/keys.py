"""`consent-gateway keys`"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from consent_gateway.commands.options import fail, state
from consent_gateway.key_entries import SETTLES, in_order
from consent_gateway.key_file import KEYS_VARIABLE, NoKeys, for_environment
from consent_gateway.private_files import BadState
from consent_gateway.state import StateFolder


@click.group()
def keys() -> None:
    """Look after the keys that sign consent cookies.

    The newest key signs, the others verify what they have signed: a rotation loses no consent. Running
    gateways see a change of the file within ten seconds. Where the keys are in CONSENT_GATEWAY_KEYS they
    are changed there: docs/consent.md says in which order.
    """


@keys.command("list")
@state
def list_(state: Path) -> None:
    """Print the id of each key, oldest first, when it was made and what it is for. Never prints a secret."""
    with _told():
        entries, _ = StateFolder(state).keys.entries(os.environ)
    signing = in_order(entries, datetime.now(UTC))[-1]
    for entry in entries:
        made = entry.created.strftime("%Y-%m-%d %H:%M") if entry.created else "-"
        click.echo(f"{entry.key.id}\t{made}\t{'signs' if entry.key == signing else 'verifies'}")


@keys.command()
@state
@click.option(
    "--print", "printed", is_flag=True, help=f"Print a value for {KEYS_VARIABLE} instead of keeping it."
)
def new(state: Path, printed: bool) -> None:
    """Make the first key of a state folder; serve does it, too, if there is none. With it comes a root, from
    which other secrets are derived: it stays when keys come and go."""
    if printed:
        click.echo(for_environment(first=True))
        return
    folder = StateFolder(state)
    with _told():
        folder.prepare()
        click.echo(f"{folder.keys.new()} is in {folder.keys.path}")


@keys.command()
@state
@click.option(
    "--print", "printed", is_flag=True, help=f"Print a key to add to {KEYS_VARIABLE} instead of keeping it."
)
def rotate(state: Path, printed: bool) -> None:
    """Add a key that signs from now on; the old ones go on verifying.

    Run it as often as you like, once a month for example. A key is removed once the next one is
    fourteen months old: nothing it signed is valid then.
    """
    if printed:
        click.echo(for_environment(first=False))
        return
    with _told():
        _in_file()
        done = StateFolder(state).keys.rotate()
    click.echo(f"{done.added} signs in {SETTLES.seconds} seconds, when every running gateway knows it")
    for id in done.removed:
        click.echo(f"{id} is removed: no cookie it has signed is valid any more")


@keys.command()
@state
@click.argument("id")
def remove(state: Path, id: str) -> None:
    """Remove a key that somebody else may know. Whoever has a cookie signed with it is asked again.

    Pseudonyms and what is encrypted do not depend on it, unless it was the first key of a file that had no
    root of its own, as versions before this one made them: the command says so then.
    """
    with _told():
        _in_file()
        is_root = StateFolder(state).keys.remove(id)
    click.echo(f"{id} is removed; what it has signed counts for nothing from now on")
    if is_root:
        click.echo(
            f"what is encrypted is still derived from it: who knows {id} and has the data can read them"
        )


def _in_file() -> None:
    if os.environ.get(KEYS_VARIABLE):
        raise BadState(
            f"the keys are in {KEYS_VARIABLE}: change them there, with consent-gateway keys rotate --print,"
            " as docs/consent.md says"
        )


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except NoKeys as error:
        fail(f"{error}; consent-gateway serve makes the first")
    except BadState as error:
        fail(str(error))
