"""`consent-gateway ledger`"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click

from consent_gateway.commands.options import database, fail, state
from consent_gateway.database import DatabaseUnavailable, in_folder
from consent_gateway.ledger import Ledger, LedgerBroken


@click.group()
def ledger() -> None:
    """Look at the proof of every choice."""


@ledger.command()
@state
@database
def verify(state: Path, database: str) -> None:
    """Check that no record was changed, inserted, or removed from among the others.

    Exit code 1 names the first that was. Records cut off at the end cannot be seen yet: compare the
    number that is printed with one you noted before. Read access to the ledger is enough.
    """
    with _opened(state, database) as book:
        try:
            number = sum(1 for _ in book.records())
        except LedgerBroken as error:
            click.echo(f"broken: {error}")
            sys.exit(1)
    click.echo(f"{number} record{'' if number == 1 else 's'}, unbroken")


@ledger.command()
@click.option("--texts", is_flag=True, help="Print the text that was shown, too.")
@state
@database
def show(texts: bool, state: Path, database: str) -> None:
    """Print every record as a line of JSON."""
    with _opened(state, database) as book:
        try:
            for number, record in book.records():
                line = {"number": number, **asdict(record)}
                if texts:
                    line["text"] = book.text(record.shown)
                click.echo(json.dumps(line, ensure_ascii=False))
        except LedgerBroken as error:
            fail(f"broken: {error}", 1)


@contextmanager
def _opened(state: Path, database: str) -> Iterator[Ledger]:
    """The ledger while it is looked at; the end of the command with the reason if that fails."""
    try:
        book = Ledger.to_read(database or in_folder(state))
        try:
            yield book
        finally:
            book.close()
    except DatabaseUnavailable as error:
        fail(str(error))
