"""Packages of npm that tests and benchmarks need: fetched once, each alone, into `build/npm`.

`python -m tests.npm` is a step of `make test`. It always ends well: where there is no npm, or no way to
its registry, it says so, and the tests that need it are skipped.
"""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent.parent / "build" / "npm"
AUTOCONSENT = "@duckduckgo/autoconsent@16.23.0"


class NotFetched(Exception):
    """A package that cannot be had, and why."""


def fetch(package: str, folder: Path = FOLDER) -> Path:
    """Where a package `name@version` lies, without what it depends on. Raises NotFetched."""
    target = folder / package.replace("/", "+")
    if target.is_dir():
        return target
    if shutil.which("npm") is None:
        raise NotFetched("there is no npm on this machine (Debian: apt-get install npm)")
    folder.mkdir(parents=True, exist_ok=True)
    found = subprocess.run(
        ["npm", "pack", package, "--silent", "--pack-destination", str(folder)],
        capture_output=True, text=True, check=False, cwd=folder,
    )  # fmt: skip
    if found.returncode:
        raise NotFetched(f"npm pack {package}: {found.stderr.strip() or found.returncode}")
    archive = folder / found.stdout.split()[-1]
    with tarfile.open(archive) as packed:
        if hasattr(tarfile, "data_filter"):  # Python 3.11.4
            packed.extraction_filter = tarfile.data_filter
        packed.extractall(folder / f"{target.name}.part")
    (folder / f"{target.name}.part" / "package").rename(target)
    (folder / f"{target.name}.part").rmdir()
    archive.unlink()
    return target


def needed(package: str) -> Path:
    """The same for a test, which is skipped where the package cannot be had."""
    try:
        return fetch(package)
    except NotFetched as reason:
        pytest.skip(str(reason))


if __name__ == "__main__":
    try:
        print(f"autoconsent: {fetch(AUTOCONSENT)}", flush=True)
    except NotFetched as reason:
        print(f"{reason}: the tests with autoconsent are skipped.", flush=True)
