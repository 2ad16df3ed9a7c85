"""`consent-gateway audit`"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path

import click

from consent_gateway import datafile
from consent_gateway.audit import baseline as baselines
from consent_gateway.audit.assembling import assembled, hash_of, named_hosts, policy_hash_of
from consent_gateway.audit.baseline import Baseline
from consent_gateway.audit.concluding import Occasion
from consent_gateway.audit.findings import Audit, Side
from consent_gateway.audit.offline import audited
from consent_gateway.audit.reports import FORMATS
from consent_gateway.audit.reports import json as json_report
from consent_gateway.audit.reports import text as text_report
from consent_gateway.audit.reports.json import BadReport
from consent_gateway.audit.reports.manifest import BadManifest, manifest, verified
from consent_gateway.audit.reports.naming import EXIT_CODES
from consent_gateway.audit.states import NoState
from consent_gateway.captures.opening import BadCapture, Capture, opened
from consent_gateway.commands.audit_live import of_addresses
from consent_gateway.commands.options import clock, fail, site_file
from consent_gateway.gateway import Gateway

MANIFEST = ".manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the command line asks for."""

    inputs: tuple[str, ...]
    site_file: Path | None
    planted: bool
    pages: int
    shows_progress: bool


@click.command()
@click.argument("inputs", nargs=-1, metavar="URL|CAPTURE...")
@site_file("The site file; without it nothing is declared, and unknown third parties load.")
@click.option(
    "--format",
    "format",
    type=click.Choice(list(FORMATS)),
    default="text",
    show_default=True,
    help="The report.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help=f"Write the report to a file, and beside it FILE{MANIFEST} with hashes of everything.",
)
@click.option("--through", is_flag=True, help="Judge the site behind the gateway, not the site as it is.")
@click.option(
    "--no-canary", is_flag=True, help="Plant no leaks to be found. The verdict is “not proven” then."
)
@click.option(
    "--baseline",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A JSON report of an earlier audit: hosts and cookies that are not in it are findings.",
)
@click.option(
    "--pages", type=click.IntRange(min=1), metavar="N", help="Look at N pages at most (of addresses: 20)."
)
@click.option(
    "--verify",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="MANIFEST",
    help="Instead of an audit: hash every file that a manifest names once more.",
)
@click.option("--progress/--no-progress", default=None, help="Show progress also where nobody looks on.")
def audit(
    inputs: tuple[str, ...],
    site_file: Path | None,
    format: str,
    output: Path | None,
    through: bool,
    no_canary: bool,
    baseline: Path | None,
    pages: int | None,
    verify: Path | None,
    progress: bool | None,
) -> None:
    """Say what would leave a visitor's browser, in each of ten states of consent, with the gateway and without.

    Takes mitmproxy flow files and HARs with bodies, or addresses, which it opens in Chromium. It judges the site as
    it is; with --through the site behind the gateway. Leaks planted in the same run prove that leaks are found.
    Exit code 0: nothing leaves before consent; 1: something does; 2: could not run, or nothing is proven. Of
    --verify, 0: every file is the same; 1: one is another; 2: the manifest or a file cannot be read.
    """
    if verify:
        if inputs:
            fail("--verify reads a manifest and audits nothing: name either it or what is to be audited")
        sys.exit(_verify(verify))
    if not inputs:
        raise click.MissingParameter(param_hint="'URL|CAPTURE...'", param_type="argument")
    wanted = Wanted(
        inputs=inputs,
        site_file=site_file,
        planted=not no_canary,
        pages=pages or 0,
        shows_progress=sys.stderr.isatty() if progress is None else progress,
    )
    occasion = Occasion(
        started=clock(),
        judged=Side.THROUGH if through else Side.DIRECT,
        command=_command(wanted, format, output, baseline, through=through),
        mitmproxy=metadata.version("mitmproxy"),
        site_file=str(site_file) if site_file else "",
        baseline=(str(baseline), _baseline(baseline)) if baseline else None,
    )
    try:
        found = _audited(wanted, occasion)
    except (BadCapture, datafile.Unreadable, NoState) as error:
        fail(str(error))
    except datafile.Faulty as error:
        fail("\n".join(map(str, error.faults)))
    _write(found, format, output)
    sys.exit(EXIT_CODES[found.verdict])


def _verify(path: Path) -> int:
    """The exit code, and what it is for."""
    try:
        found = verified(path)
    except BadManifest as error:
        fail(str(error))
    for fault in found.faults:
        click.echo(fault, err=True)
    click.echo(f"{found.same} of {found.same + len(found.faults)} files are the same")
    return 1 if found.different else 2 if found.unreadable else 0


def _audited(wanted: Wanted, occasion: Occasion) -> Audit:
    """Of captures or of addresses, and how fast it went."""
    addresses = [one for one in wanted.inputs if one.partition("://")[0].lower() in ("http", "https")]
    if addresses and len(addresses) < len(wanted.inputs):
        fail(
            "either captures or addresses: one of these is judged by what was recorded, the other by what is seen"
        )
    began = time.monotonic()
    if addresses:
        found = of_addresses(
            addresses,
            occasion,
            site_file=wanted.site_file,
            planted=wanted.planted,
            pages=wanted.pages,
            shows_progress=wanted.shows_progress,
        )
    else:
        found = _of_captures(wanted, occasion)
    seconds = max(time.monotonic() - began, 0.001)
    pages = len(found.pages)
    click.echo(
        f"{pages} page{'' if pages == 1 else 's'} in {seconds:.1f} s: {pages / seconds:.1f} pages per second",
        err=True,
    )
    return found


def _of_captures(wanted: Wanted, occasion: Occasion) -> Audit:
    captures = {name: opened(Path(name)) for name in wanted.inputs}
    named = named_hosts(wanted.site_file)

    def assemble(hosts: tuple[str, ...], scheme: str) -> Gateway:
        return assembled(wanted.site_file, hosts, occasion.started, scheme=scheme)

    with _progress(list(captures.values()), shown=wanted.shows_progress) as told:
        return audited(
            captures,
            assemble,
            replace(
                occasion,
                site_sha256=hash_of(wanted.site_file),
                policy_hash=policy_hash_of(wanted.site_file) if wanted.site_file else "",
            ),
            clock=clock,
            named=named,
            planted=wanted.planted,
            most=wanted.pages,
            progress=told,
        )


@contextmanager
def _progress(captures: list[Capture], *, shown: bool) -> Iterator[Callable[[int], None]]:
    """Tells how much is read; each capture is read twice."""
    if not shown:
        yield lambda read: None
        return
    length = 2 * sum(capture.size for capture in captures)
    with click.progressbar(length=length, label="Auditing", file=sys.stderr) as bar:

        def told(read: int) -> None:
            bar.update(max(0, min(read, length) - bar.pos))

        yield told


def _baseline(path: Path) -> Baseline:
    try:
        return baselines.of(json_report.read(path.read_text("utf-8")))
    except OSError as error:
        fail(f"{path}: {error.strerror}")
    except (BadReport, UnicodeDecodeError) as error:
        fail(f"{path}: {error}")


def _write(found: Audit, format: str, output: Path | None) -> None:
    if output is None:
        report = (
            text_report.report(found, coloured=True) if format == "text" else FORMATS[format].report(found)
        )
        click.echo(report, nl=False, color=None if _wants_colours() else False)
        return
    try:
        output.write_text(FORMATS[format].report(found), "utf-8")
        beside = output.with_name(f"{output.name}{MANIFEST}")
        beside.write_text(manifest(found, [output], beside=beside.parent), "utf-8")
    except OSError as error:
        fail(f"{error.filename or output}: {error.strerror}")
    click.echo(f"{found.verdict}: {output} and {beside}", err=True)


def _wants_colours() -> bool:
    return text_report.wants_colours(sys.stdout.isatty(), os.environ)


def _command(
    wanted: Wanted, format: str, output: Path | None, baseline: Path | None, *, through: bool
) -> tuple[str, ...]:
    """The command line again, for the report."""
    given = {
        "--site": wanted.site_file,
        "-o": output,
        "--baseline": baseline,
        "--pages": wanted.pages or None,
    }
    options = [part for name, value in given.items() if value is not None for part in (name, str(value))]
    flags = [*(["--through"] if through else []), *([] if wanted.planted else ["--no-canary"])]
    return ("consent-gateway", "audit", *wanted.inputs, "--format", format, *options, *flags)
