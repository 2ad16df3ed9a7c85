"""`consent-gateway audit` of addresses: Chromium opens them in each state, at the site and through the gateway."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from consent_gateway.audit.assembling import hash_of, policy_hash_of
from consent_gateway.audit.concluding import Occasion, concluded
from consent_gateway.audit.findings import Audit
from consent_gateway.audit.states import visitors
from consent_gateway.audit.watching import Progress, watched
from consent_gateway.captures.browser import NoBrowser
from consent_gateway.captures.crawling import BadAddress
from consent_gateway.captures.website import Look
from consent_gateway.commands.options import clock, fail
from consent_gateway.database import DatabaseUnavailable
from consent_gateway.private_files import BadState
from consent_gateway.proxy.master import CannotListen

MOST_PAGES = 20


def of_addresses(
    addresses: Sequence[str],
    occasion: Occasion,
    *,
    site_file: Path | None,
    planted: bool,
    pages: int,
    shows_progress: bool = False,
) -> Audit:
    """The audit of what a browser does. Ends the command where it cannot run."""
    look = Look(most=pages or MOST_PAGES)
    logging.getLogger("consent_gateway").setLevel(logging.ERROR)  # its warnings are for who runs a gateway
    try:
        with _progress(shown=shows_progress) as progress:
            found = asyncio.run(
                watched(
                    addresses,
                    look,
                    visitors,
                    site_file=site_file,
                    plants=planted,
                    told=_said,
                    progress=progress,
                )
            )
    except (NoBrowser, BadAddress, CannotListen, BadState, DatabaseUnavailable) as error:
        fail(str(error))
    assert found.gateway is not None, "every address has a first page"
    told = replace(
        occasion,
        browser=found.browser,
        site_sha256=hash_of(site_file),
        policy_hash=policy_hash_of(site_file) if site_file else "",
        conditions=(
            *occasion.conditions,
            f"{found.browser}, which calls itself {found.agent}",
            *look.guise.conditions,
        ),
    )
    return concluded(found.results, told, found.gateway, found.inputs, found.canary, clock())


def _said(sentence: str) -> None:
    click.echo(f"consent-gateway: {sentence}", err=True)


@contextmanager
def _progress(*, shown: bool) -> Iterator[Progress]:
    """Tells how many visits are done; how many there are is known once the pages are."""
    if not shown:
        yield lambda done, of: None
        return
    click.echo("Looking for pages …", err=True)
    with click.progressbar(length=1, label="Opening them", file=sys.stderr) as bar:

        def told(done: int, of: int) -> None:
            bar.length = of
            bar.update(max(0, done - bar.pos))

        yield told
