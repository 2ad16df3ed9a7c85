"""`consent-gateway ledger`"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from consent_gateway.commands.options import database, fail, state
from consent_gateway.ledger import Ledger, LedgerBroken, LedgerUnavailable


@click.group()
def ledger() -> None:
    """Look at the proof of every choice."""


@ledger.command()
@state
@database
def verify(state: Path, database: str) -> None:
    """Check that no record was changed, removed or inserted. Exit code 1 names the first that was."""
    book = _opened(state, database)
    try:
        number = sum(1 for _ in book.records())
    except LedgerBroken as error:
        click.echo(f"broken: {error}")
        sys.exit(1)
    except LedgerUnavailable as error:
        fail(str(error))
    click.echo(f"{number} record{'' if number == 1 else 's'}, unbroken")


@ledger.command()
@click.option("--texts", is_flag=True, help="Print the text that was shown, too.")
@state
@database
def show(texts: bool, state: Path, database: str) -> None:
    """Print every record as a line of JSON."""
    book = _opened(state, database)
    try:
        for number, record in book.records():
            line = {"number": number, **asdict(record)}
            if texts:
                line["text"] = book.text(record.shown)
            click.echo(json.dumps(line, ensure_ascii=False))
    except LedgerBroken as error:
        fail(f"broken: {error}", 1)
    except LedgerUnavailable as error:
        fail(str(error))


def _opened(state: Path, database: str) -> Ledger:
    if database:
        try:
            return Ledger(database)
        except LedgerUnavailable as error:
            fail(str(error))
    if not (state / "ledger.sqlite3").exists():
        fail(f"there is no ledger in {state}; name the folder with --state")
    return Ledger.in_folder(state)
