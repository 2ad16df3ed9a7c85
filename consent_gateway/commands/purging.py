"""`consent-gateway ledger purge`"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import click

from consent_gateway import catalogue, site
from consent_gateway.commands.opening import counted, looking, ring_of
from consent_gateway.commands.options import database, fail, state
from consent_gateway.database import DatabaseUnavailable, in_folder
from consent_gateway.datafile import Faulty, Unreadable
from consent_gateway.ledger import Ledger
from consent_gateway.ledger.entries import PURGE
from consent_gateway.retention import Kept, due, retention
from consent_gateway.site_tables import Retention

AT_A_TIME = 500  # in one transaction: the gateway waits for it


def clock() -> datetime:
    return datetime.now(UTC)


@click.command()
@click.option(
    "--site",
    "site_file",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The site file: [retention.consent] says how long records are kept, and why.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@state
@database
def purge(site_file: Path, dry_run: bool, state: Path, database: str) -> None:
    """Remove the records that have served their time.

    The period of [retention.consent] counts from the end of what a record proves: from the next decision
    under the same receipt, or six months after its own. Contents and keys are destroyed, the links of the
    chain stay, so that verify finds it whole; the purge is itself recorded. The gateway may go on serving.

    Backups hold what they held: keep them no longer than that, and purge again after restoring one.
    """
    rule = _rule(site_file)
    now = clock()
    with looking(state, database) as view:
        over = due(counted(view.records(), view.count(), "looking"), rule.period, now)
    click.echo(f"kept for {rule.period} after the end of the consent ({rule.ground})")
    if over and not dry_run:
        _remove(over, rule, now, state, database)
    click.echo(
        f"{_report(over)}{' would be' if dry_run else ''} removed" if over else "nothing has served its time"
    )


def _rule(site_file: Path) -> Retention:
    try:
        return retention(site.read(site_file, catalogue.load()))
    except Faulty as error:
        fail(f"the site file has faults:\n{error}")
    except Unreadable as error:
        fail(str(error))


def _remove(over: list[Kept], rule: Retention, now: datetime, state: Path, database: str) -> None:
    book = Ledger(database or in_folder(state), ring_of(state))
    event = {
        "event": PURGE,
        "time": now.isoformat(timespec="seconds"),
        "period": str(rule.period),
        "ground": rule.ground,
    }
    try:
        book.prepare()
        chunks = range(0, len(over), AT_A_TIME)
        for start in counted(chunks, len(chunks), "removing"):
            book.erase([kept.number for kept in over[start : start + AT_A_TIME]], event)
    except DatabaseUnavailable as error:
        fail(str(error))
    finally:
        book.close()


def _report(over: list[Kept]) -> str:
    kinds = Counter(kept.record.kind for kept in over)
    days = sorted(kept.record.time[:10] for kept in over)
    listed = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
    return f"{len(over)} record{'' if len(over) == 1 else 's'} of {days[0]} to {days[-1]} ({listed})"
