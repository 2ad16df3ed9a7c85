"""`consent-gateway requests`"""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from consent_gateway.commands import options
from consent_gateway.commands import requests_opening as opening
from consent_gateway.commands.opening import ring_of, table
from consent_gateway.commands.options import database, fail, state
from consent_gateway.commands.requests_advance import advance_notice, advance_notices
from consent_gateway.commands.requests_answering import answer, extend
from consent_gateway.commands.requests_notices import notices, told
from consent_gateway.commands.requests_taking import add
from consent_gateway.subject_requests.notices import RecipientNotice
from consent_gateway.subject_requests.outbox import Delivery
from consent_gateway.subject_requests.request import KINDS, SubjectRequest
from consent_gateway.subject_requests.webhook import secret_of, secret_text


@click.group()
def requests() -> None:
    """Answer what people ask about their data in your other systems.

    Access, rectification, erasure, restriction, objection (GDPR Art. 15 to 21): requests from the form on the
    website are here, and those that came by post, e-mail or phone once you `add` them. Each has a number and
    a day by which it has to be answered. Everything works while the gateway serves, and needs the keys of
    the state folder, or CONSENT_GATEWAY_KEYS, as serve does. docs/requests.md has the whole story.

    \b
    Every morning:     consent-gateway requests overdue     # exit code 1 if there are any
    What is open:      consent-gateway requests list
    One of them:       consent-gateway requests show 3
    When answered:     consent-gateway requests answer 3 --text-file answer.txt
    """


for command in (add, answer, extend, notices, told, advance_notice, advance_notices):
    requests.add_command(command)

HEADINGS = ("NUMBER", "RECEIVED", "DUE", "DAYS LEFT", "STATUS", "KIND", "CHANNEL")


@requests.command("list")
@click.option("--all", "every", is_flag=True, help="Also those that were answered or refused.")
@opening.form
@state
@database
def list_requests(every: bool, form: str, state: Path, database: str) -> None:
    """List the requests that are open, the most urgent first.

    Nothing of who asked and in which words is printed: `show` has that. Exit code 1: one of them does not
    open, which a line names; the others are listed.
    """
    today = options.clock().date()
    faults: list[str] = []
    with opening.reading(state, database) as book:
        found = book.all(faults) if every else book.open(faults)
    if form == "json":
        click.echo(json.dumps([_line(one, today) for one in found], indent=1))
    elif found:
        _print_table(found, today)
    else:
        click.echo(
            "there are no others" if faults else "there are no requests" if every else "no request is open"
        )
    if faults:
        fail("\n".join(faults), 1)


@requests.command()
@opening.form
@state
@database
def overdue(form: str, state: Path, database: str) -> None:
    """Name the requests that should have been answered before today.

    Exit code 1: there are some, or one does not open, which a line names. 0: there are none. For a daily job
    that raises an alarm.
    """
    today = options.clock().date()
    faults: list[str] = []
    with opening.reading(state, database) as book:
        still_open = book.open(faults)
    late = [one for one in still_open if one.is_overdue(today)]
    if form == "json":
        click.echo(json.dumps([_line(one, today) for one in late], indent=1))
    elif late:
        _print_table(late, today)
    else:
        next_day = f", the next to be answered by {still_open[0].due}" if still_open else ""
        click.echo(f"no request is overdue; {len(still_open)} open{next_day}")
    if faults:
        fail("\n".join(faults), 1)
    if late:
        sys.exit(1)


@requests.command()
@click.argument("number", type=int)
@click.option("--check", is_flag=True, help="Compare it with the ledger; exit code 1 if it differs.")
@opening.form
@state
@database
def show(number: int, check: bool, form: str, state: Path, database: str) -> None:
    """Show a request: who asked what, what was done, where it was sent on to, who is to be told.

    Each step has the number of its record in the ledger and a digest. With --check the chain of the ledger
    is followed to its end, and the digests are compared: what is shown was written then and not changed since.
    """
    with opening.reading(state, database) as book:
        found = book.of(number)
        if found is None:
            fail(f"there is no request {number}", 1)
        sent = book.outbox.of(number)
        to_tell = book.notices.of(number)
    today = options.clock().date()
    if form == "json":
        click.echo(json.dumps(_whole(found, sent, to_tell, today), ensure_ascii=False, indent=1))
    else:
        for line in _description(found, sent, to_tell, today):
            click.echo(line)
    if check:
        opening.check_in_ledger(state, database, {step.record: found.digest(step) for step in found.steps})


@requests.command("webhook-secret")
@state
def webhook_secret(state: Path) -> None:
    """Print the secret by which your system checks who has sent a request.

    It is made from the root of the keys, stays when keys are rotated, and is printed as Standard Webhooks
    libraries take it. Give it to the receiver of [notify] webhook and to nobody else.
    """
    click.echo(secret_text(secret_of(ring_of(state))))


def _print_table(found: list[SubjectRequest], today: date) -> None:
    for line in table(HEADINGS, [_row(one, today) for one in found]):
        click.echo(line)


def _row(one: SubjectRequest, today: date) -> tuple[str, ...]:
    left = str(one.days_left(today)) if one.is_open else ""
    received, due = one.received.date().isoformat(), one.due.isoformat()
    return str(one.number), received, due, left, one.status, one.kind, one.channel


def _line(one: SubjectRequest, today: date) -> dict[str, Any]:
    return {
        "number": one.number,
        "received": one.received.isoformat(timespec="seconds"),
        "due": one.due.isoformat(),
        "days_left": one.days_left(today) if one.is_open else None,
        "overdue": one.is_overdue(today),
        "status": one.status,
        "kind": one.kind,
        "channel": one.channel,
    }


def _whole(
    one: SubjectRequest, sent: list[Delivery], to_tell: list[RecipientNotice], today: date
) -> dict[str, Any]:
    told = ("host", "language", "reply_to", "message")
    steps = [
        {
            "time": step.time.isoformat(timespec="seconds"),
            "what": step.what,
            "text": step.text,
            "record": step.record,
            "digest": one.digest(step),
        }
        for step in one.steps
    ]
    return {
        **_line(one, today),
        **{name: getattr(one, name) for name in told},
        "steps": steps,
        "sent_on": [_plain(asdict(delivery)) for delivery in sent],
        "recipients": [_plain(asdict(notice)) for notice in to_tell],
    }


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat(timespec="seconds") if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def _description(
    one: SubjectRequest, sent: list[Delivery], to_tell: list[RecipientNotice], today: date
) -> Iterator[str]:
    left = f", {one.days_left(today)} days left" if one.is_open else ""
    yield f"request {one.number}: {one.kind} (GDPR {KINDS[one.kind]})"
    yield f"received   {opening.minute(one.received)} by {one.channel}"
    yield f"due        {one.due}{left}"
    yield f"status     {one.status}"
    if one.host or one.language:
        yield f"page       {' '.join(filter(None, (one.host, one.language)))}"
    yield f"reply to   {one.reply_to}"
    yield "message"
    yield textwrap.indent(one.message or "(none)", "    ")
    yield "steps"
    for step in one.steps:
        yield f"    {opening.minute(step.time)}  {step.what}  (ledger {step.record}, digest {one.digest(step)})"
        if step.text:
            yield textwrap.indent(step.text, "        ")
    for delivery in sent:
        yield f"sent on    {delivery.route}: {_state_of(delivery)}"
    for notice in to_tell:
        yield f"recipient  {notice.name} (notice {notice.number}): {_told(notice)}"
    yield opening.HOW_TO_CHECK


def _state_of(delivery: Delivery) -> str:
    if delivery.done:
        return f"accepted {opening.minute(delivery.done)}"
    again = opening.minute(delivery.next_attempt)
    if not delivery.attempts:
        return f"waiting since {again}"
    return f"attempt {delivery.attempts} failed ({delivery.last_error or 'under way'}), again {again}"


def _told(notice: RecipientNotice) -> str:
    return f"{notice.said}, {opening.minute(notice.closed)}" if notice.closed else "to be told"
