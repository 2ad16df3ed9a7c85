"""`consent-gateway check`"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from consent_gateway import catalogue, datafile
from consent_gateway import site as site_module
from consent_gateway.commands.options import fail


@click.command()
@click.argument("site", type=click.Path(dir_okay=False, path_type=Path), metavar="site.toml")
def check(site: Path) -> None:
    """Check a site file.

    Names every fault with its line, key and reason. Exit code 0: nothing found; 1: faults; 2: the
    file cannot be read as TOML.
    """
    try:
        found = site_module.read(site, catalogue.load())
    except datafile.Unreadable as error:
        fail(str(error))
    except datafile.Faulty as error:
        for fault in error.faults:
            click.echo(str(fault))
        click.echo(f"{len(error.faults)} fault{'s' if len(error.faults) > 1 else ''} in {site}")
        sys.exit(1)
    listed = "every known service" if found.services is None else f"{len(found.services)} services"
    click.echo(f"{site}: no faults; {listed}, unlisted third parties: {found.third_parties.unlisted}")
