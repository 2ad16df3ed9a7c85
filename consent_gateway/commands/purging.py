"""`consent-gateway ledger purge`"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from consent_gateway.commands.opening import counted, ledger_at, ring_of, site_of
from consent_gateway.commands.options import clock, database, fail, site_file, state
from consent_gateway.database import DatabaseUnavailable
from consent_gateway.purging import Purging
from consent_gateway.retention import gateways
from consent_gateway.site import Site

AFTER = {"consent": "the end of the consent", "requests": "the answer", "reports": "the day"}


@click.command()
@site_file("The site file: [retention.…] says how long what is kept, and why.", required=True)
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@state
@database
def purge(site_file: Path, dry_run: bool, state: Path, database: str) -> None:
    """Remove what has served its time, of everything that the gateway keeps.

    The period of [retention.consent] counts from the end of what a record proves: from the next decision
    under the same receipt, or six months after its own. Contents and keys are destroyed, the links of the
    chain stay, so that verify finds it whole; the purge is itself recorded. That of [retention.requests]
    counts from the answer to a request, that of [retention.reports] from the day of a count. A running
    gateway does the same once a day.

    Exit code 1: one of the three could not be looked at or removed, for a record is broken for example, and a
    line says so; the others are removed. Or it is removed, but not out of the files of the database yet, for
    somebody is reading them: an export, a backup. The next purge takes it out.

    Backups hold what they held: keep them no longer than that, and purge again after restoring one.
    """
    own = site_of(site_file)
    now = clock()
    try:
        with closing(_purging(own, state, database, only_look=dry_run)) as purging:
            over = purging.over(now, lambda records, count: counted(records, count, "looking"))
            done = over if dry_run else purging.remove(over, now)
    except DatabaseUnavailable as error:
        fail(str(error))
    for kept in gateways(own):
        click.echo(f"{kept.id}: kept for {kept.rule.period} after {AFTER[kept.id]} ({kept.rule.ground})")
    verb = "would be removed" if dry_run else "removed"
    click.echo(f"{done} {verb}" if str(done) else "nothing has served its time")
    faults = done.faults
    if done.left:
        faults.append(
            f"what was removed is not out of the files of the database yet: {done.left}; purge again later"
        )
    if faults:
        fail("\n".join(faults), 1)


def _purging(own: Site, state: Path, database: str, *, only_look: bool) -> Purging:
    url = ledger_at(state, database)  # where there is none, none is made
    return (Purging.to_read if only_look else Purging.of)(url, ring_of(state), own)
