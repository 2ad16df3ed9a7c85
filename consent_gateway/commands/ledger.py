"""`consent-gateway ledger`"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import click

from consent_gateway.commands.opening import counted, looking, output
from consent_gateway.commands.options import clock, database, fail, state
from consent_gateway.commands.proving import prove
from consent_gateway.commands.purging import purge
from consent_gateway.ledger import LedgerBroken
from consent_gateway.ledger.checks import check
from consent_gateway.ledger.entries import Entry
from consent_gateway.record import Record


@click.group()
def ledger() -> None:
    """Look at the proof of every choice, prove one, remove what has served its time.

    Reading works while the gateway serves. The contents are encrypted: the commands need the keys of the
    state folder, or CONSENT_GATEWAY_KEYS, as serve does. docs/ledger.md says what is kept and what a
    proof is worth.
    """


ledger.add_command(prove)
ledger.add_command(purge)


@ledger.command()
@click.option(
    "--noted", default="", metavar="CHAIN", help="A chain value noted earlier: the chain must have it."
)
@click.option("--without-keys", is_flag=True, help="Check only what can be checked without the keys.")
@state
@database
def verify(noted: str, without_keys: bool, state: Path, database: str) -> None:
    """Check that no record was changed, inserted, moved or removed, and that no text is missing.

    Exit code 1 names the first record at fault. The last line is the end of the chain: note it somewhere
    else. Who can write the database but does not have the keys cannot cut records off unnoticed, but can
    put a whole older copy back; --noted with a value of yours finds that, too.
    """
    value = re.search(r"(?:^|\s)([0-9a-f]{64})$", noted.strip())  # the whole line will do
    if noted and not value:
        fail("--noted: not a chain value: 64 of the digits 0 to 9 and a to f, as verify prints them")
    noted = value[1] if value else ""
    with looking(state, database, keys=not without_keys) as view:
        try:
            entries = counted(view.entries(), view.count(), "verifying")
            today = clock().date().isoformat()
            found = check(view, today=today, opened=not without_keys, noted=noted, entries=entries)
        except LedgerBroken as error:
            click.echo(f"broken: {error}")
            sys.exit(1)
    click.echo(f"{_number(found.records + len(found.erased))}, unbroken")
    if found.erased:
        click.echo(f"{_number(len(found.erased))} whose content has been erased")
    if without_keys:
        click.echo("not checked without the keys: what is in the records, their texts, the end of the chain")
    if found.chain:
        click.echo(f"end: {found.number} {found.chain}")


def _number(number: int) -> str:
    return f"{number} record{'' if number == 1 else 's'}"


@ledger.command()
@click.option("--texts", is_flag=True, help="Print the text that was shown, too.")
@click.option("--text", "hash", default="", metavar="HASH", help="Print this text only, byte for byte.")
@state
@database
def show(texts: bool, hash: str, state: Path, database: str) -> None:
    """Print every record as a line of JSON.

    `shown` is the hash of the text a choice was made on, `policy` that of the privacy policy then in force: --text
    prints either as it was, whatever has become of the site file and the templates since.
    """
    with looking(state, database, keys=not hash) as view:
        if hash:
            text = view.text(hash)
            if text is None:
                fail(f"there is no text {hash} in the ledger", 1)
            click.echo(text.encode(), nl=False)
            return
        restricted = view.restricted()
        for entry in view.entries():
            line = _line(entry, restricted)
            if texts and entry.record:
                line["text"] = view.text(entry.record.shown)
            click.echo(json.dumps(line, ensure_ascii=False))


def _line(entry: Entry, restricted: frozenset[str]) -> dict[str, Any]:
    if entry.record:
        marked = {"restricted": True} if entry.key in restricted else {}
        return {"number": entry.number, **asdict(entry.record), **marked}
    return {"number": entry.number, **(entry.event or {"erased": True})}


COLUMNS = ("number", *(field.name for field in fields(Record)), "restricted")
FORMULAS = tuple("=+-@\t\r")  # https://owasp.org/www-community/attacks/CSV_Injection


@ledger.command()
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True, help="Lines of JSON, or a table.")  # fmt: skip
@click.option("-o", "--output", "to", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Instead of standard output.")  # fmt: skip
@state
@database
def export(form: str, to: Path | None, state: Path, database: str) -> None:
    """Write every record in the clear: a line of JSON or a row of CSV each.

    What was erased has no content and is left out; so are the events of the ledger itself. The file holds
    personal data (numbers of receipts): it is readable by you only, and yours to delete. In a table an
    apostrophe stands before what a spreadsheet would take for a formula (cells that begin with = + - @, a
    tab or a carriage return); JSON has everything as it is.
    """
    with looking(state, database) as view, output(to) as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
        if form == "csv":
            table.writeheader()
        restricted = view.restricted()
        for entry in counted(view.entries(), view.count(), "exporting"):
            if entry.record and form == "csv":
                table.writerow({key: _cell(value) for key, value in _line(entry, restricted).items()})
            elif entry.record:
                file.write(json.dumps(_line(entry, restricted), ensure_ascii=False) + "\n")


def _cell(value: object) -> object:
    if isinstance(value, Mapping):
        value = " ".join(f"{key}={revision}" for key, revision in value.items())
    elif isinstance(value, list):
        value = " ".join(value)
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULAS) else value
