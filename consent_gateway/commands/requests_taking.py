"""`consent-gateway requests add`"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

import click

from consent_gateway.commands import options
from consent_gateway.commands import requests_opening as opening
from consent_gateway.commands.opening import site_of
from consent_gateway.commands.options import database, fail, site_file, state
from consent_gateway.commands.requests_words import recorded, words
from consent_gateway.site import Site
from consent_gateway.site_tables import SiteTable
from consent_gateway.subject_requests.notices import to_tell
from consent_gateway.subject_requests.request import (
    CHANNELS,
    KINDS,
    NewRequest,
    SubjectRequest,
    address,
)


@click.command()
@click.option("--kind", required=True, type=click.Choice(list(KINDS)), help="What is asked for.")
@click.option("--reply-to", required=True, metavar="TEXT", help="Where to answer: a mail or postal address, a number.")  # fmt: skip
@words("message", "What was said")
@click.option("--received", type=opening.Day(), help="The day it reached you; today if left out. The due date counts from it.")  # fmt: skip
@click.option("--by", "channel", type=click.Choice([one for one in CHANNELS if one != "form"]), default="post", show_default=True, help="How it came.")  # fmt: skip
@click.option("--language", default="", metavar="CODE", help="In which language to answer.")
@click.option("--recipient", "recipients", multiple=True, metavar="NAME", help="Who was given the data and has to be told (GDPR Art. 19), beside those of the site file; may be repeated.")  # fmt: skip
@site_file("The site file, as serve takes it.")
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

    With --site it is as if it had come by the form: it is sent on as [notify] says, the recipients of the
    site file are to be told of a rectification, an erasure or a restriction (GDPR Art. 19), and the address
    at which the person can look is printed whole.

    \b
        consent-gateway requests add --kind access --reply-to "Anna Muster, Weg 1, 12345 Ort" \\
            --message-file letter.txt --received 2026-11-20 --by post
    """
    now = options.clock()
    site = site_of(site_file) if site_file else None
    routes = site.notify.routes if site else ()
    with opening.failing():
        new = NewRequest(
            kind=kind,
            reply_to=reply_to,
            message=message,
            language=language,
            channel=channel,
            received=_moment(received, now),
        )
    with opening.writing(state, database, routes) as book:
        request = book.receive(new, now, _recipients(kind, recipients, site))
    click.echo(f"request {request.number}, to be answered by {request.due}")
    click.echo(recorded(request.message))
    if routes:
        click.echo(f"goes to {' and '.join(routes)} as soon as the gateway runs")
    click.echo("whoever made it can look at it, and whoever else has this address:")
    click.echo(f"    {_where(request, site)}")


def _moment(day: date | None, now: datetime) -> datetime:
    if day is None or day == now.date():
        return now
    if day > now.date():
        fail(f"--received: {day} is still to come")
    return datetime.combine(day, time(), UTC)


def _recipients(kind: str, named: tuple[str, ...], site: Site | None) -> list[tuple[str, str]]:
    """Those of the site file, as for the form, and those that were named beside them."""
    known = to_tell(kind, site.recipients) if site else ()
    return [*known, *((name, name) for name in named if name not in {word for one in known for word in one})]


def _where(request: SubjectRequest, site: Site | None) -> str:
    """The address of its page: whole where the site file says under which host."""
    if site is None:
        return address(SiteTable().prefix, request)
    host = f"{site.site.scheme or 'https'}://{site.site.hosts[0]}" if site.site.hosts else ""
    return host + address(site.prefix, request)
