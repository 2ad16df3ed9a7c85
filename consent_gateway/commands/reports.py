"""`consent-gateway reports`"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from consent_gateway import catalogue, datafile, site
from consent_gateway.catalogue import Catalogue
from consent_gateway.commands.opening import site_of, table
from consent_gateway.commands.options import database, fail, named, site_file, state
from consent_gateway.commands.reports_advice import Named, advice, is_unknown_host, opens
from consent_gateway.counting import SECONDS
from consent_gateway.database import DatabaseUnavailable, in_folder
from consent_gateway.private_files import BadState
from consent_gateway.report_counts import MOST_A_DAY, ReportCounts, Total
from consent_gateway.reports import OWN, UNLISTED
from consent_gateway.site import Site
from consent_gateway.state import StateFolder

HEADINGS = ("HOST", "BELONGS TO", "DIRECTIVE", "TIMES", "FIRST", "LAST")
NOTHING = (
    "nothing is counted, or no longer is kept",
    f"(while serve runs, it writes its counts every {SECONDS} seconds; browsers tell theirs some seconds late)",
)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print every row as a line of JSON.")
@site_file("The site file, to tell what it names by now. [default: that of the last serve]")
@state
@database
def reports(as_json: bool, site_file: Path | None, state: Path, database: str) -> None:
    """List what was held because nobody has named it, and what the policy has kept from loading.

    Counted are unknown hosts that were taken out of pages or stopped in scripts, and cookies and storage that nobody
    has declared, all with unlisted = "hold"; and the hosts that the Content-Security-Policy has refused, or, with unlisted =
    "load", would refuse with "hold". Kept are host, directive and day; nothing about pages or visitors. Some of it
    browsers tell: anybody can send reports, and browsers send fewer than there are. Take them as hints.

    While serve runs, it writes its counts every few seconds. What the site file names by now is marked.

    Exit code 1: among them is a known service or tracker. It ought to have been held before, or, once
    released, it needs a host that its entry does not name.
    """
    totals = _totals(state, database)
    named = Named(site_of(site_file) if site_file else _of_last_serve(state))
    services = (named.site or Site()).catalogue(catalogue.load())
    for line in _lines(totals, services, named) if as_json else _table(totals, services, named):
        click.echo(line)
    if any(_is_known(total) for total in totals):
        sys.exit(1)


def _of_last_serve(state: Path) -> Site | None:
    """The site file that the last gateway on this state folder had, if it had one that can be read."""
    try:
        file = StateFolder(state).site_file()
        return site.read(file, catalogue.load()) if file else None
    except (BadState, datafile.Faulty, datafile.Unreadable) as error:
        click.echo(f"consent-gateway: what the site file names by now cannot be told: {error}", err=True)
        return None


def _totals(state: Path, database: str) -> list[Total]:
    try:
        counts = ReportCounts.to_read(database or in_folder(state))
        try:
            return counts.totals()
        finally:
            counts.close()
    except DatabaseUnavailable as error:
        fail(f"{error}; {named('state', 'database')} says where the counts are")


def _lines(totals: list[Total], known: Catalogue, named: Named) -> list[str]:
    rows = [
        {
            **asdict(total),
            "site_file": opens(total, known),
            "only_if_yours": is_unknown_host(total),
            "named_by": named.key_of(total),
        }
        for total in totals
    ]
    return [json.dumps(row, ensure_ascii=False) for row in rows]


def _table(totals: list[Total], known: Catalogue, named: Named) -> list[str]:
    if not totals:
        return list(NOTHING)
    keys = [named.key_of(total) for total in totals]
    rows = [_row(total) for total in totals]
    if any(keys):
        rows = [(*row, key) for row, key in zip(rows, keys, strict=True)]
    lines = table((*HEADINGS, "IN THE SITE FILE") if any(keys) else HEADINGS, rows)
    if any(keys):
        lines += [
            "",
            "What the site file names counts from the next start of serve on; the counts of before stay listed.",
        ]
    return lines + advice([total for total, key in zip(totals, keys, strict=True) if not key], known)


def _row(total: Total) -> tuple[str, ...]:
    if not total.host:
        beyond = f"(more than {MOST_A_DAY} on one day)"
        return beyond, "", "", str(total.number), total.first, total.last
    return total.host, total.owner, total.directive, str(total.number), total.first, total.last


def _is_known(total: Total) -> bool:
    return total.owner not in ("", OWN, UNLISTED)
