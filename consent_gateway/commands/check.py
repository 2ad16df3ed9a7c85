"""`consent-gateway check`"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

import click

from consent_gateway import catalogue, datafile
from consent_gateway import site as site_module
from consent_gateway.commands.options import fail, templates
from consent_gateway.completeness import gaps
from consent_gateway.lists import files
from consent_gateway.offer import offer
from consent_gateway.references import Wrong
from consent_gateway.site import Site
from consent_gateway.starting import Settings, start
from consent_gateway.subject_requests.mail_server import PASSWORD_VARIABLE


@click.command()
@click.argument("site", type=click.Path(dir_okay=False, path_type=Path), metavar="site.toml")
@templates
def check(site: Path, templates: Path | None) -> None:
    """Check a site file, the lists it names, and templates of your own.

    Names every fault with its line, key and reason, and what of each list is not used. Colours that
    cannot be read are faults, so are templates with which refusing is harder than agreeing, and so is
    everything that the privacy policy must say (GDPR Art. 13, 14) and the file does not. Exit code 0:
    nothing found; 1: faults; 2: the file cannot be read as TOML.
    """
    try:
        found = site_module.parsed(site, catalogue.load())
        lists = files.of_site(found, site)
        wrong = site_module.contradictions(found)
        faults = site_module.faults_at(site, [*wrong, *_missing(found)])
        if templates and not wrong:
            faults += _of_templates(site, templates)
        if faults:
            raise datafile.Faulty(faults)
    except datafile.Unreadable as error:
        fail(str(error))
    except datafile.Faulty as error:
        for fault in error.faults:
            click.echo(str(fault))
        where = f"{site} and {templates}" if templates else site
        click.echo(f"{len(error.faults)} fault{'s' if len(error.faults) > 1 else ''} in {where}")
        sys.exit(1)
    listed = "every known service" if found.services is None else f"{len(found.services)} services"
    click.echo(f"{site}: no faults; {listed}, unlisted third parties: {found.third_parties.unlisted}")
    for one in lists.read:
        click.echo(f"{one.name}: {_count(len(one.rules), 'rule')}, {one.exceptions} of them exceptions")
        for left in one.left:
            click.echo(f"  {_count(left.count, 'line')} not used, from line {left.line} on: {left.reason}")


def _missing(found: Site) -> list[Wrong]:
    """Everything that the privacy policy does not say yet."""
    known = catalogue.load()
    return [(gap.key, f"missing: {gap.reason}") for gap in gaps(found, offer(found, known))]


def _of_templates(site: Path, templates: Path) -> tuple[datafile.Fault, ...]:
    """Puts a gateway together as `serve` does, which refuses the same."""
    with tempfile.TemporaryDirectory(prefix="consent-gateway-") as state:
        settings = Settings(
            origin="http://127.0.0.1",
            origin_hosts=("127.0.0.1",),
            site_file=site,
            state=Path(state),
            templates=templates,
            environment={PASSWORD_VARIABLE: "of no use here"},
        )
        try:
            running = start(settings)
        except datafile.Faulty as error:
            return error.faults
        asyncio.run(running.close())
    return ()


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number != 1 else ''}"
