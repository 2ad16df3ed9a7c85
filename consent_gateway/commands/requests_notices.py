"""`consent-gateway requests notices` and `told`"""

from __future__ import annotations

import json
from pathlib import Path

import click

from consent_gateway.commands import options
from consent_gateway.commands import requests_opening as opening
from consent_gateway.commands.opening import table
from consent_gateway.commands.options import database, fail, state
from consent_gateway.subject_requests.notices import RecipientNotice

HEADINGS = ("NOTICE", "SINCE", "LATEST", "TIMES", "RECIPIENT", "RIGHT", "REQUEST", "DONE")


@click.command()
@click.option("--all", "every", is_flag=True, help="Also those that are done.")
@opening.form
@state
@database
def notices(every: bool, form: str, state: Path, database: str) -> None:
    """List the recipients who are to be told that data were corrected, erased or restricted.

    GDPR Art. 19: each recipient who was given the data, unless that is impossible or involves
    disproportionate effort. Without the number of a request the right was exercised at the gateway itself:
    so many times, since the one day and at the latest on the other.
    """
    with opening.reading(state, database) as book:
        found = book.notices.all() if every else book.notices.open()
    if form == "json":
        click.echo(json.dumps([_line(one) for one in found], ensure_ascii=False, indent=1))
    elif found:
        for line in table(HEADINGS, [_row(one) for one in found]):
            click.echo(line)
    else:
        click.echo("there are no notices" if every else "no recipient is to be told anything")


@click.command()
@click.argument("numbers", type=int, nargs=-1, metavar="[NOTICE]...")
@click.option("--all-of", "recipient", default="", metavar="RECIPIENT", help="Instead of numbers: every open notice to this recipient, by the name that `notices` prints, or its id.")  # fmt: skip
@click.option("--impossible", metavar="REASON", help="It is not possible, or would take disproportionate effort, and why. Name nobody.")  # fmt: skip
@click.option("--never-had", is_flag=True, help="The recipient was never given the data.")
@state
@database
def told(
    numbers: tuple[int, ...],
    recipient: str,
    impossible: str | None,
    never_had: bool,
    state: Path,
    database: str,
) -> None:
    """Note that recipients were told, or why not.

    NOTICE is a number that `notices` prints, or several: all of them are noted, or none. It cannot be taken
    back. A right that is exercised at the gateway after this makes a new notice.

    \b
        consent-gateway requests told 3 4 7
        consent-gateway requests told --all-of "Mailing service"
        consent-gateway requests told 5 --never-had
    """
    if bool(numbers) == bool(recipient):
        fail("exactly one of the numbers of notices and --all-of RECIPIENT is needed")
    if impossible is not None and never_had:
        fail("--impossible and --never-had: at most one of them can be so")
    if impossible is not None and not impossible.strip():
        fail("--impossible: must not be empty")
    outcome = "never_had" if never_had else "told" if impossible is None else "impossible"
    with opening.writing(state, database) as book:
        chosen = numbers or _open_to(recipient, book.notices.open())
        done = book.notices.close(chosen, options.clock(), outcome, impossible or "")
    for notice in done:
        click.echo(
            f"notice {notice.number}: {notice.name}, {notice.right}{_how_often(notice)}: {notice.said}"
        )


def _open_to(recipient: str, found: list[RecipientNotice]) -> list[int]:
    """The numbers of what is open to a recipient, or the end of the command."""
    numbers = [one.number for one in found if recipient in (one.recipient, one.name)]
    if not numbers:
        names = ", ".join(dict.fromkeys(one.name for one in found)) or "nobody"
        fail(f"{recipient!r} is not to be told anything; to be told are: {names}", 1)
    return numbers


def _how_often(notice: RecipientNotice) -> str:
    return f", {notice.count} times until {opening.minute(notice.latest)}" if notice.count > 1 else ""


def _row(one: RecipientNotice) -> tuple[str, ...]:
    since, latest = (moment.date().isoformat() for moment in (one.time, one.latest))
    done = f"{one.closed.date()} {one.said}" if one.closed else ""
    request = "" if one.request is None else str(one.request)
    return str(one.number), since, latest, str(one.count), one.name, one.right, request, done


def _line(one: RecipientNotice) -> dict[str, str | int | None]:
    return {
        "notice": one.number,
        "since": one.time.isoformat(timespec="seconds"),
        "latest": one.latest.isoformat(timespec="seconds"),
        "times": one.count,
        "recipient": one.recipient,
        "name": one.name,
        "right": one.right,
        "request": one.request,
        "done": one.closed.isoformat(timespec="seconds") if one.closed else None,
        "outcome": one.outcome,
        "reason": one.reason,
    }
