"""`consent-gateway reports`"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import asdict
from pathlib import Path

import click

from consent_gateway import catalogue
from consent_gateway.catalogue import Catalogue
from consent_gateway.commands.opening import site_of, table
from consent_gateway.commands.options import database, fail, site_file, state
from consent_gateway.database import DatabaseUnavailable, in_folder
from consent_gateway.report_counts import MOST_A_DAY, ReportCounts, Total
from consent_gateway.reports import COOKIE, OWN, UNLISTED
from consent_gateway.site import Site

DECLARATION = (
    'purpose = ""            # what visitors are asked about, such as "functional"; "necessary" only without which nothing works',
    'reason = ""             # what it is needed for: visitors read this',
    'duration = ""           # "session", or a period such as "1 year"',
)
HEADINGS = ("HOST", "BELONGS TO", "DIRECTIVE", "TIMES", "FIRST", "LAST")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print every row as a line of JSON.")
@site_file("The site file, where it adds services to the catalogue.")
@state
@database
def reports(as_json: bool, site_file: Path | None, state: Path, database: str) -> None:
    """List what the policy has kept from loading.

    Browsers report which hosts the Content-Security-Policy has refused, or, with unlisted = "load",
    would refuse with "hold". Counted are host, directive and day; nothing about pages or visitors.
    Cookies that unlisted = "hold" keeps from the site because nobody has declared them are listed, too.
    Anybody can send reports, and browsers send fewer than there are: take them as hints.

    Exit code 1: among them is a known service or tracker. It ought to have been held before, or, once
    released, it needs a host that its entry does not name.
    """
    totals = _totals(state, database)
    own = site_of(site_file) if site_file else Site()
    services = own.catalogue(catalogue.load())
    for line in _lines(totals, services) if as_json else _table(totals, services):
        click.echo(line)
    if any(_is_known(total) for total in totals):
        sys.exit(1)


def _totals(state: Path, database: str) -> list[Total]:
    try:
        counts = ReportCounts.to_read(database or in_folder(state))
        try:
            return counts.totals()
        finally:
            counts.close()
    except DatabaseUnavailable as error:
        fail(str(error))


def _lines(totals: list[Total], known: Catalogue) -> list[str]:
    rows = [{**asdict(total), "site_file": _opens(total, known)} for total in totals]
    return [json.dumps(row, ensure_ascii=False) for row in rows]


def _table(totals: list[Total], known: Catalogue) -> list[str]:
    if not totals:
        return ["nothing was reported, or no longer is kept"]
    lines = table(HEADINGS, map(_row, totals))
    unlisted = list(dict.fromkeys(total.host for total in totals if _is_host(total)))
    if unlisted:
        named = ", ".join(f'"{host}"' for host in sorted(unlisted))
        lines += [
            "",
            "What of this the site needs, in the site file:",
            "",
            "[third_parties]",
            f"first_party = [{named}]",
            "",
            f"What is somebody else's is a service to be asked about: consent-gateway services --new {sorted(unlisted)[0]}",
        ]
    cookies = list(dict.fromkeys(total.host for total in totals if total.directive == COOKIE))
    if cookies:
        lines += ["", "Cookies that nobody has declared; what the site needs of them, in the site file:"]
        lines += [line for name in cookies for line in ("", _table_of(name), *DECLARATION)]
    services = sorted({total.owner for total in totals if total.owner in known.services})
    if services:
        lines += ["", "Loads once visitors agree, if the site file has it:", ""]
        lines += [f"[services.{id}]" for id in services]
    return lines


def _row(total: Total) -> tuple[str, ...]:
    if not total.host:
        beyond = f"(more than {MOST_A_DAY} on one day)"
        return beyond, "", "", str(total.number), total.first, total.last
    return total.host, total.owner, total.directive, str(total.number), total.first, total.last


def _opens(total: Total, known: Catalogue) -> str:
    """The line of a site file that lets it load, after consent where it is a service; empty if none does."""
    if total.owner in known.services:
        return f"[services.{total.owner}]"
    if total.directive == COOKIE:
        return _table_of(total.host)
    return f'first_party = ["{total.host}"]' if _is_host(total) else ""


def _table_of(cookie: str) -> str:
    """The head of its table; a name that TOML would read otherwise is quoted."""
    return f"[cookies.{cookie if re.fullmatch(r'[A-Za-z0-9_-]+', cookie) else json.dumps(cookie)}]"


def _is_host(total: Total) -> bool:
    return total.owner == UNLISTED and total.directive != COOKIE


def _is_known(total: Total) -> bool:
    return total.owner not in ("", OWN, UNLISTED)
