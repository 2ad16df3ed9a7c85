"""`consent-gateway requests add`"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

import click

from consent_gateway import catalogue
from consent_gateway import site as site_module
from consent_gateway.commands import requests_opening as opening
from consent_gateway.commands.options import database, fail, state
from consent_gateway.commands.requests_words import recorded, words
from consent_gateway.datafile import Faulty, Unreadable
from consent_gateway.subject_requests.request import CHANNELS, KINDS, NewRequest, Unacceptable


@click.command()
@click.option("--kind", required=True, type=click.Choice(list(KINDS)), help="What is asked for.")
@click.option("--reply-to", required=True, metavar="TEXT", help="Where to answer: a mail or postal address, a number.")  # fmt: skip
@words("message", "What was said")
@click.option("--received", type=opening.Day(), help="The day it reached you; today if left out. The due date counts from it.")  # fmt: skip
@click.option("--by", "channel", type=click.Choice([one for one in CHANNELS if one != "form"]), default="post", show_default=True, help="How it came.")  # fmt: skip
@click.option("--language", default="", metavar="CODE", help="In which language to answer.")
@click.option("--recipient", "recipients", multiple=True, metavar="NAME", help="Who was given the data and has to be told (GDPR Art. 19); may be repeated.")  # fmt: skip
@click.option("--site", "site_file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Send it on as the site file's [notify] says, as those from the form are.")  # fmt: skip
@state
@database
def add(
    kind: str,
    reply_to: str,
    message: str,
    received: date | None,
    channel: str,
    language: str,
    recipients: tuple[str, ...],
    site_file: Path | None,
    state: Path,
    database: str,
) -> None:
    """Take in a request that came by post, e-mail or phone.

    It gets a number and a due date like those from the form: one calendar month after the day it reached
    you (GDPR Art. 12(3)). There has to be a ledger, which consent-gateway serve makes when it starts.

    \b
        consent-gateway requests add --kind access --reply-to "Anna Muster, Weg 1, 12345 Ort" \\
            --message-file letter.txt --received 2026-11-20 --by post
    """
    now = opening.clock()
    routes = _routes(site_file) if site_file else ()
    try:
        new = NewRequest(
            kind=kind,
            reply_to=reply_to,
            message=message,
            language=language,
            channel=channel,
            received=_moment(received, now),
        )
    except Unacceptable as error:
        fail(f"--{error.field.replace('_', '-')}: {error.reason}")
    with opening.writing(state, database, routes) as book:
        request = book.receive(new, now, [(name, name) for name in recipients])
    click.echo(f"request {request.number}, to be answered by {request.due}")
    click.echo(recorded(request.message))
    if routes:
        click.echo(f"goes to {' and '.join(routes)} as soon as the gateway runs")
    click.echo(f"whoever made it can look at it with its number and the key {request.key}")


def _moment(day: date | None, now: datetime) -> datetime:
    if day is None or day == now.date():
        return now
    if day > now.date():
        fail(f"--received: {day} is still to come")
    return datetime.combine(day, time(), UTC)


def _routes(site_file: Path) -> tuple[str, ...]:
    try:
        return site_module.read(site_file, catalogue.load()).notify.routes
    except Faulty as error:
        fail(f"the site file has faults:\n{error}")
    except Unreadable as error:
        fail(str(error))
