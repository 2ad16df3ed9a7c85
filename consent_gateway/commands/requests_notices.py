"""`consent-gateway requests notices`, `told`, `advance-notice` and `advance-notices`"""

from __future__ import annotations

import json
import textwrap
from datetime import date
from pathlib import Path

import click

from consent_gateway.commands import requests_opening as opening
from consent_gateway.commands.options import database, fail, state
from consent_gateway.commands.requests_words import recorded, words
from consent_gateway.subject_requests.notices import NewAdvanceNotice
from consent_gateway.subject_requests.request import Unacceptable

HEADINGS = ("NOTICE", "SINCE", "RECIPIENT", "RIGHT", "REQUEST", "TOLD")


@click.command()
@click.option("--all", "every", is_flag=True, help="Also those that were told.")
@opening.form
@state
@database
def notices(every: bool, form: str, state: Path, database: str) -> None:
    """List the recipients who are to be told that data were corrected, erased or restricted.

    GDPR Art. 19: each recipient who was given the data, unless that is impossible or involves
    disproportionate effort. Without the number of a request the right was exercised at the gateway itself.
    """
    with opening.reading(state, database) as book:
        found = book.notices.all() if every else book.notices.open()
    rows = [
        (
            str(one.number),
            one.time.date().isoformat(),
            one.name,
            one.right,
            str(one.request or ""),
            f"{one.told.date()}{' (not possible)' if one.impossible else ''}" if one.told else "",
        )
        for one in found
    ]
    if form == "json":
        names = [heading.lower() for heading in HEADINGS]
        click.echo(json.dumps([dict(zip(names, row, strict=True)) for row in rows], indent=1))
    elif rows:
        for line in opening.table(HEADINGS, rows):
            click.echo(line)
    else:
        click.echo("there are no notices" if every else "no recipient is to be told anything")


@click.command()
@click.argument("notice", type=int)
@click.option("--impossible", default="", metavar="REASON", help="It is not possible, or would take disproportionate effort, and why. Name nobody.")  # fmt: skip
@state
@database
def told(notice: int, impossible: str, state: Path, database: str) -> None:
    """Note that a recipient was told, or why that is not possible.

    NOTICE is a number that `notices` prints.
    """
    with opening.writing(state, database) as book:
        done = book.notices.told(notice, opening.clock(), impossible=impossible)
    click.echo(f"notice {notice}: {done.name} {'cannot be told' if impossible else 'was told'}")


@click.command("advance-notice")
@click.option("--who", required=True, metavar="TEXT", help="Who was told: name and customer number, for example. Kept encrypted.")  # fmt: skip
@click.option("--recipient", required=True, metavar="NAME", help="The collection service that is to get the data.")  # fmt: skip
@click.option("--planned", required=True, type=opening.Day(), help="The day of the transfer, later than today.")  # fmt: skip
@words("text", "The notice as it was sent")
@state
@database
def advance_notice(who: str, recipient: str, planned: date, text: str, state: Path, database: str) -> None:
    """Record that somebody was told before their data go to a collection service.

    Your privacy policy may promise that in advance. Recorded are whom you told, when, in which words and
    for which day, encrypted; the ledger has time and digest. That proves later that the notice, in these
    words, came before the transfer. This sends nothing.
    """
    try:
        new = NewAdvanceNotice(who=who, recipient=recipient, planned=planned, text=text, now=opening.clock())
    except Unacceptable as error:
        fail(f"--{error.field}: {error.reason}")
    with opening.writing(state, database) as book:
        kept = book.notices.record_advance(new)
    click.echo(f"advance notice {kept.number} (ledger {kept.record}, digest {kept.digest})")
    click.echo(recorded(kept.text))


@click.command("advance-notices")
@click.option("--check", is_flag=True, help="Compare them with the ledger; exit code 1 if one differs.")
@opening.form
@state
@database
def advance_notices(check: bool, form: str, state: Path, database: str) -> None:
    """Print every advance notice: who was told what, when, and the number and digest in the ledger.

    With --check the chain of the ledger is followed to its end, and the digests are compared: these words
    were recorded before everything that follows them there.
    """
    with opening.reading(state, database) as book:
        found = book.notices.advance()
    if form == "json":
        names = ("number", "who", "recipient", "text", "record", "digest")
        lines = [
            {name: getattr(one, name) for name in names}
            | {"time": one.time.isoformat(timespec="seconds"), "planned": one.planned.isoformat()}
            for one in found
        ]
        click.echo(json.dumps(lines, ensure_ascii=False, indent=1))
    elif not found:
        click.echo("there are no advance notices")
    else:
        for one in found:
            click.echo(f"advance notice {one.number}: {one.who}, told {opening.minute(one.time)}")
            click.echo(f"    data go to {one.recipient} on {one.planned}")
            click.echo(f"    ledger {one.record}, digest {one.digest}")
            click.echo(textwrap.indent(one.text, "        "))
        click.echo(opening.HOW_TO_CHECK)
    if check:
        opening.check_in_ledger(state, database, {one.record: one.digest for one in found})
