"""`consent-gateway init`"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

import click

from consent_gateway import catalogue, datafile
from consent_gateway.captures.crawling import BadAddress
from consent_gateway.captures.opening import BadCapture
from consent_gateway.commands.init_looking import Looked, at_capture, at_site
from consent_gateway.commands.options import clock, fail
from consent_gateway.completeness import Gap
from consent_gateway.lists import files
from consent_gateway.lists.matching import Lists
from consent_gateway.policy_tables import PolicyTable
from consent_gateway.site import Site
from consent_gateway.site_tables import ThirdParties
from consent_gateway.survey.sightings import Survey
from consent_gateway.survey.site_file import Told, Unwritable, counted, own_page, written
from consent_gateway.survey.toml_text import comment, text
from consent_gateway.urls import resolve


@click.command()
@click.argument("source", metavar="URL|CAPTURE")
@click.option("-o", "--output", "target", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Instead of standard output.")  # fmt: skip
@click.option("--force", is_flag=True, help="Overwrite a file that is there.")
@click.option("--pages", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many pages of the site are looked at.")  # fmt: skip
@click.option("--plain", is_flag=True, help="By plain HTTP also where there is a browser.")
@click.option("--lists", "lists", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE", help="A list in EasyPrivacy format, whose verdict on what is unknown is told; may be given again.")  # fmt: skip
@click.option("--policy", default="", metavar="ADDRESS", help="The site's own privacy policy, a path or an https address, where no link leads to it.")  # fmt: skip
@click.option("--controller", default="", metavar="NAME", help="Who runs the website.")
@click.option("--contact", default="", metavar="ADDRESS", help="How to get in touch.")
def init(
    source: str,
    target: Path | None,
    force: bool,
    pages: int,
    plain: bool,
    lists: tuple[Path, ...],
    policy: str,
    controller: str,
    contact: str,
) -> None:
    """Look at a site and write its site file.

    URL is visited, page after page, by Chromium where it is installed, else by plain HTTP, which does not see what
    scripts do; CAPTURE is a flow file of mitmproxy or a HAR. The file names the services that were recognised and
    the cookies that are as a rule necessary, holds everything else, and lists in comments what is unknown and where
    it was seen. What only the operator knows is left to the privacy policy that the site has.

    Where it has none the file is a draft, and says at its top what is missing.

    Exit code 0: it is written, and consent-gateway check passes it; 2: nothing could be seen, or written.
    """
    if target and target.exists() and not force:
        fail(f"{target} is there already; --force overwrites it")
    _expect_page(policy)
    known = catalogue.load()
    looked = _looked(source, known, _lists(lists), pages=pages, plain=plain)
    survey = looked.surveyor.survey()
    if not survey.hosts or not survey.pages:
        _nothing(source, looked)
    told = Told(
        policy=policy,
        controller=controller,
        contact=contact,
        source=_shown(source),
        by=looked.by,
        on=clock().date(),
    )
    if not own_page(survey, told) and not controller and sys.stdin.isatty() and sys.stderr.isatty():
        told = _asked(told)
    try:
        content, missing = written(survey, told, known)
    except Unwritable as error:
        fail(f"the file would have a fault, so it is not written: {error}")
    _write(content, target, force)
    _summary(survey, looked, target, missing)


def _shown(source: str) -> str:
    """What was looked at, without what may be a password or about a person."""
    address = resolve(source, source) if "://" in source else None
    return address._replace(rest=address.rest.partition("?")[0]).url if address else Path(source).name


def _looked(source: str, known: catalogue.Catalogue, lists: Lists, *, pages: int, plain: bool) -> Looked:
    try:
        if "://" in source:
            return at_site(source, pages=pages, plain=plain, catalogue=known, lists=lists)
        return at_capture(Path(source), known, lists)
    except (BadAddress, BadCapture) as error:
        fail(str(error))


def _lists(paths: tuple[Path, ...]) -> Lists:
    site = Site(third_parties=ThirdParties(lists=tuple(str(path.resolve()) for path in paths)))
    try:
        return files.of_site(site, None)
    except datafile.Faulty as error:
        fail("; ".join(fault.reason for fault in error.faults))


def _expect_page(policy: str) -> None:
    if not policy:
        return
    try:
        datafile.parse(f"own_page = {text(policy)}", PolicyTable, file="--policy")
    except datafile.Faulty as error:
        fail(f"--policy: {error.faults[0].reason}")


def _asked(told: Told) -> Told:
    """Whoever sits there is asked for what was not found; an empty answer leaves it open."""
    click.echo("No privacy policy was found on the site. It says what init cannot know.", err=True)
    page = click.prompt(
        "Its address, such as /privacy (empty: there is none)", default="", show_default=False, err=True
    )
    _expect_page(page)
    return Told(
        policy=page,
        controller=told.controller,
        contact=told.contact,
        source=told.source,
        by=told.by,
        on=told.on,
    )


def _nothing(source: str, looked: Looked) -> NoReturn:
    reasons = "; ".join(comment(reason) for reason in looked.failures[:3])
    fail(f"{comment(_shown(source))}: no page of a website was seen{reasons and f': {reasons}'}")


def _write(content: str, target: Path | None, force: bool) -> None:
    """Whole or not at all, and never over a file that came about meanwhile."""
    if target is None:
        click.echo(content, nl=False)
        return
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="\n", dir=target.parent, prefix=f".{target.name}.", delete=False
        ) as file:
            try:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                os.fchmod(file.fileno(), 0o644)
                if force:
                    Path(file.name).replace(target)
                else:
                    os.link(file.name, target)
            finally:
                Path(file.name).unlink(missing_ok=True)
    except FileExistsError:
        fail(f"{target} is there already; --force overwrites it")
    except OSError as error:
        fail(f"{target}: {error.strerror or error}")


def _summary(survey: Survey, looked: Looked, target: Path | None, missing: list[Gap]) -> None:
    """What a reader of the terminal needs to know; the file itself may be going to standard output."""
    own = sum(seen.by_site for seen in survey.services.values())
    found = [
        counted(own, "service"),
        f"{len(survey.unknown)} unknown third part{'y' if len(survey.unknown) == 1 else 'ies'}",
        f"{len(survey.trackers)} known hosts of trackers",
        counted(len(survey.cookies), "cookie"),
    ]
    looked_at = f"{counted(survey.pages, 'page')} of {', '.join(survey.hosts[:3])}, {comment(looked.by)}"
    click.echo(f"consent-gateway: {looked_at}: {', '.join(found)}", err=True)
    if survey.consent_tools:
        click.echo(
            f"consent-gateway: the site asks by itself ({comment(', '.join(survey.consent_tools))}): what loads only after "
            "agreeing is seen in a capture in which somebody did, and visitors would be asked twice",
            err=True,
        )
    for reason in [*looked.failures, *survey.unread][:10]:
        click.echo(f"consent-gateway: not seen: {comment(reason)}", err=True)
    name = target or "the file"
    if not missing:
        click.echo(
            f"consent-gateway: {name} passes consent-gateway check; look through its comments", err=True
        )
        return
    click.echo(
        f"consent-gateway: {name} is a draft: no privacy policy was found on the site, and init invents no facts. "
        "Name it with --policy, or say in the file:",
        err=True,
    )
    for gap in missing:
        click.echo(f"consent-gateway: missing: {'.'.join(gap.key)}: {gap}", err=True)
