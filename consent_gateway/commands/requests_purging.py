"""`consent-gateway requests purge`"""

from __future__ import annotations

from pathlib import Path

import click

from consent_gateway import catalogue
from consent_gateway import site as site_module
from consent_gateway.commands import requests_opening as opening
from consent_gateway.commands.options import database, fail, state
from consent_gateway.datafile import Faulty, Unreadable
from consent_gateway.site_tables import Retention
from consent_gateway.subject_requests.retention import retention


@click.command()
@click.option("--site", "site_file", required=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="The site file: [retention.requests] says how long they are kept, and why.")  # fmt: skip
@state
@database
def purge(site_file: Path, state: Path, database: str) -> None:
    """Remove the requests that have served their time.

    The period of [retention.requests] counts from the day a request was answered or refused, a recipient was
    told, a transfer was planned for. What is open is never removed. The ledger keeps the events, in which
    there is nothing of who asked what, and records the purge.
    """
    rule, now = _rule(site_file), opening.clock()
    click.echo(f"kept for {rule.period} after they are closed ({rule.ground})")
    with opening.writing(state, database) as book:
        purged = book.purge(rule.period.before(now), now)
    click.echo(
        f"removed: {opening.number_of(purged.requests, 'request')}, "
        f"{opening.number_of(purged.recipient_notices, 'recipient notice')}, "
        f"{opening.number_of(purged.advance_notices, 'advance notice')}"
    )


def _rule(site_file: Path) -> Retention:
    try:
        return retention(site_module.read(site_file, catalogue.load()))
    except Faulty as error:
        fail(f"the site file has faults:\n{error}")
    except Unreadable as error:
        fail(str(error))
