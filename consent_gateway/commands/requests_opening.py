"""The requests opened for a command, and what several of its commands take and print."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from consent_gateway.commands.opening import ledger_at, looking, ring_of
from consent_gateway.commands.options import fail
from consent_gateway.database import DatabaseUnavailable, in_folder
from consent_gateway.ledger.entries import Entry
from consent_gateway.subject_requests.book import NoSuchRequest, Requests
from consent_gateway.subject_requests.notice_book import NoSuchNotice
from consent_gateway.subject_requests.request import NotPossible, Unacceptable

HOW_TO_CHECK = "--check compares the digests with the ledger; `consent-gateway ledger show` prints its events"


class Day(click.ParamType[date]):
    """A day as ISO 8601 writes it."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day such as 2026-11-24", param, ctx)


form = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people or programs.",
)


@contextmanager
def reading(state: Path, database: str) -> Iterator[Requests]:
    """The requests while they are looked at; the end of the command with the reason if that fails."""
    url = ledger_at(state, database)  # first: where there is none, nobody is interested in keys
    with failing():
        opened = Requests.to_read(url, ring_of(state))
        try:
            yield opened
        finally:
            opened.close()


@contextmanager
def writing(state: Path, database: str, routes: Sequence[str] = ()) -> Iterator[Requests]:
    """The requests while something is done with them, beside a ledger that is there."""
    with looking(state, database) as view:
        if not view.is_begun:
            fail("there is no ledger in it yet; consent-gateway serve makes it when it starts")
    with failing():
        opened = Requests(database or in_folder(state), ring_of(state), routes)
        try:
            opened.prepare()
            yield opened
        finally:
            opened.close()


@contextmanager
def failing() -> Iterator[None]:
    """The end of the command with the reason where something is refused, or is not there."""
    try:
        yield
    except (NoSuchRequest, NoSuchNotice) as error:
        fail(str(error), 1)
    except (DatabaseUnavailable, NotPossible) as error:
        fail(str(error))
    except Unacceptable as error:
        fail(f"--{error.field.replace('_', '-')}: {error.reason}")


def check_in_ledger(state: Path, database: str, wanted: dict[int, str]) -> None:
    """Compares digests with those of the ledger's events, by their numbers there. Ends with exit code 1 where
    one is another, or the chain is broken."""
    with looking(state, database) as view:
        faults = list(_differing(view.entries(), dict(wanted)))
    for fault in faults:
        click.echo(fault)
    if faults:
        sys.exit(1)
    click.echo("the ledger is unbroken and has these digests: what is shown is what was recorded", err=True)


def _differing(entries: Iterator[Entry], wanted: dict[int, str]) -> Iterator[str]:
    for entry in entries:
        digest = wanted.pop(entry.number, None)
        if digest is not None and (entry.event or {}).get("digest") != digest:
            yield f"broken: record {entry.number} of the ledger has another digest"
    yield from (f"broken: record {number} of the ledger is missing" for number in wanted)


def minute(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
