"""`consent-gateway ledger prove`"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from consent_gateway import verify_receipt
from consent_gateway.commands.opening import counted, looking, output
from consent_gateway.commands.options import clock, database, fail, state
from consent_gateway.commands.requests_opening import reading
from consent_gateway.ledger.proof import Chosen, bundle, choose, event_bundle, in_force
from consent_gateway.ledger.view import View
from consent_gateway.record import Record
from consent_gateway.subject_requests.evidence import opening


class Moment(click.ParamType[datetime]):
    """A time as ISO 8601 writes it; without a zone it is UTC."""

    name = "TIME"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no time such as 2026-11-24T10:30:00", param, ctx)
        return found if found.tzinfo else found.replace(tzinfo=UTC)


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("what", metavar="RECEIPT|NUMBER", default="")
@click.option("--at", type=Moment(), help="Say what was in force then (UTC, such as 2026-11-24T10:30:00).")
@click.option("-o", "--output", "to", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Instead of standard output.")  # fmt: skip
@click.option("--verifier", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write the script that checks bundles.")  # fmt: skip
@state
@database
def prove(
    what: str, at: datetime | None, to: Path | None, verifier: Path | None, state: Path, database: str
) -> None:
    """Prove a consent, or what was done with a request: write a bundle that anybody can check offline.

    RECEIPT is the number a visitor finds under "your data"; NUMBER is that of a record: --at then looks at
    all records of its receipt. It may also be that of an event: a step of a request, a recipient who was
    told, an advance notice. The bundle then has what was said, with the names and words in it, and the salt
    that opens its digest in the ledger; give it only to who may read that. The bundle is a receipt after ISO/IEC TS 27560 with the records, the texts
    that were shown, and the links from there to the end of the chain: of others' records only hashes. A
    script without dependencies checks it against a chain value that verify printed after the records were
    written; without one it shows only that the bundle fits together:

    \b
        consent-gateway ledger prove RECEIPT -o bundle.json --verifier verify_receipt.py
        python verify_receipt.py bundle.json --head CHAIN

    Exit code 1: there is no such record, or with --at nothing was granted then.
    """
    if verifier:
        with output(verifier) as file:
            file.write(Path(verify_receipt.__file__).read_text("utf-8"))
    if not what:
        if not verifier:
            fail("name the RECEIPT or the NUMBER of a record; consent-gateway ledger show lists them")
        return
    is_number = what.isascii() and what.isdigit() and len(what) < 12
    with looking(state, database) as view:
        if not view.is_current:
            fail("this ledger is of an earlier version; consent-gateway serve takes it over when it starts")
        entries = counted(view.entries(), view.count(), "looking")
        chosen = choose(entries, number=int(what)) if is_number else choose(entries, receipt=what)
        if not chosen.entries:
            fail("there is no such record, or it was erased", 1)
        if event := chosen.entries[0].event:
            if at:
                fail("--at says what was granted: that is a question about a consent")
            with reading(state, database) as book:
                opened = opening(book, chosen.entries[0].number, event)
            made = event_bundle(chosen, opened, clock())
        else:
            made = bundle(view, chosen, clock())
        data = verify_receipt.written(made)
        history = _history(view, chosen) if at and is_number else chosen.records
    with output(to) as file:
        file.write(data.decode())
    if at:
        _say(history, at)


def _history(view: View, chosen: Chosen) -> list[tuple[int, Record]]:
    """All records of the receipt that the chosen one has: what follows may have ended it."""
    receipt = chosen.records[0][1].receipt
    if not receipt:
        return chosen.records
    entries = counted(view.entries(), view.count(), "looking")
    return choose(entries, receipt=receipt).records


def _say(records: list[tuple[int, Record]], at: datetime) -> None:
    """What was in force, or the end of the command."""
    when = at.isoformat()
    kept = in_force(records, at)
    if kept is None:
        fail(f"at {when} nothing was granted under this", 1)
    granted = ", ".join([*kept.record.granted, *kept.record.services])
    until = f"until {kept.end.isoformat()} at the latest"
    click.echo(f"at {when} record {kept.number} was in force, {until}: {granted}", err=True)
