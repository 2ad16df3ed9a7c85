"""`consent-gateway requests advance-notice` and `advance-notices`"""

from __future__ import annotations

import json
import textwrap
from datetime import date
from pathlib import Path

import click

from consent_gateway.commands import options
from consent_gateway.commands import requests_opening as opening
from consent_gateway.commands.opening import site_of
from consent_gateway.commands.options import database, fail, site_file, state
from consent_gateway.commands.requests_words import recorded, words
from consent_gateway.site import Site
from consent_gateway.subject_requests.notices import NewAdvanceNotice


@click.command("advance-notice")
@click.option("--who", required=True, metavar="TEXT", help="Who was told: name and customer number, for example. Kept encrypted.")  # fmt: skip
@click.option("--recipient", required=True, metavar="NAME", help="The collection service that is to get the data; with --site its id or name there.")  # fmt: skip
@site_file("The site file, as serve takes it.")
@click.option("--planned", required=True, type=opening.Day(), help="The day of the transfer, later than today.")  # fmt: skip
@words("text", "The notice as it was sent")
@state
@database
def advance_notice(
    who: str, recipient: str, site_file: Path | None, planned: date, text: str, state: Path, database: str
) -> None:
    """Record that somebody was told before their data go to a collection service.

    Your privacy policy may promise that in advance. Recorded are whom you told, when, in which words and
    for which day, encrypted; the ledger has time and digest. That proves later that the notice, in these
    words, came before the transfer. This sends nothing.

    With --site the recipient has to be a collection service of your privacy policy ([recipients] with the
    kind "collection"), and is recorded under its name there; without it is taken as you write it.
    """
    if site_file:
        recipient = _collection_service(site_of(site_file), recipient)
    with opening.failing():
        new = NewAdvanceNotice(who=who, recipient=recipient, planned=planned, text=text, now=options.clock())
    with opening.writing(state, database) as book:
        kept = book.advance_notices.record(new)
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
        found = book.advance_notices.all()
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


def _collection_service(site: Site, wanted: str) -> str:
    """The name of the recipient that has this id or name, or the end of the command."""
    known = {id: one.name or id for id, one in site.recipients.items() if one.kind == "collection"}
    found = [name for id, name in known.items() if wanted in (id, name)]
    if not found:
        there = ", ".join(id if id == name else f"{id} ({name})" for id, name in known.items())
        said = f"there are: {there}" if there else "it has none"
        fail(f'--recipient: {wanted!r} is no recipient of kind "collection" in the site file; {said}')
    return found[0]
