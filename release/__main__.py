"""Makes a release: `python -m release`, which is `make dist`.

Exit codes: 0 all of it is there, 1 a licence is not permitted or a Python was not tried, 2 could not be made."""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from release.bill import NotValid, bill, licence_texts
from release.build import Failed, built, committed, installed, libraries
from release.closure import NotInstalled, needed
from release.licences import UnknownLicence, licence, not_permitted
from release.trying import tried

SOURCE = Path(__file__).parent.parent
NAME = "consent-gateway"
PYTHONS = ("3.11", "3.12", "3.13")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--dir", "folder", type=click.Path(path_type=Path), default=SOURCE / "dist", show_default="dist"
)
@click.option("--python", "pythons", multiple=True, default=PYTHONS, show_default=True, metavar="VERSION",
              help="A Python to install and try the wheel on; more than once for several.")  # fmt: skip
def main(folder: Path, pythons: Sequence[str]) -> None:
    """Build sdist and wheel, try the wheel on every Python, and write what it is made of."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        faults = _release(folder, pythons)
    except (Failed, NotInstalled, NotValid, UnknownLicence) as reason:
        click.echo(reason, err=True)
        sys.exit(2)
    for fault in faults:
        click.echo(fault, err=True)
    sys.exit(1 if faults else 0)


def _release(folder: Path, pythons: Sequence[str]) -> list[str]:
    made = committed(SOURCE)
    _, wheel = built(SOURCE, folder, made)
    stem = f"{NAME}-{wheel.name.split('-')[1]}"
    faults: list[str] = []
    for python in pythons:
        if (program := found(python)) is None:
            faults.append(f"Python {python} is not installed: the wheel was not tried on it")
            continue
        inside = installed(wheel, program, SOURCE / "build" / "release" / python)
        version = tried(inside)
        needs = needed(NAME, (libraries(inside),), python)
        (folder / f"{stem}-py{python}.cdx.json").write_text(bill(needs, NAME, python, made), "utf-8")
        (folder / f"{stem}-py{python}-licences.txt").write_text(licence_texts(needs), "utf-8")
        refused = [
            f"{one.name} {one.distribution.version}: {', '.join(sorted(names))} is not permitted"
            for one in needs.values()
            if (names := not_permitted(licence(one.distribution)))
        ]
        faults += refused
        click.echo(f"Python {python}: {version} installed and run; {len(needs)} distributions, {len(refused)} of a licence that is not permitted")  # fmt: skip
    _hashes(folder)
    click.echo(f"{folder}: {', '.join(sorted(path.name for path in folder.iterdir()))}")
    return faults


def found(version: str) -> Path | None:
    """A Python of this version that runs: on the path, or of pyenv."""
    name = f"python{version}"
    own = sorted(Path.home().glob(f".pyenv/versions/{version}*/bin/{name}"))
    if own:
        return own[-1]
    on_path = shutil.which(name)
    return Path(on_path) if on_path else None


def _hashes(folder: Path) -> None:
    """SHA256SUMS, as `sha256sum --check` reads it."""
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(folder.iterdir())
    ]
    (folder / "SHA256SUMS").write_text("".join(lines), "utf-8")


if __name__ == "__main__":
    main()
