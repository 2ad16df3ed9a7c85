"""Sdist and wheel, the same bytes from the same commit, and an environment for each Python to try the wheel in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

TIMEOUT = 900  # seconds: an empty pip cache loads some hundred megabytes


class Failed(Exception):
    """A program that a release needs ended with an error: what it wrote."""


def run(*command: str | Path, cwd: Path | None = None, made: int | None = None) -> str:
    """What a program writes. Raises Failed with its last lines."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    if made is not None:
        environment["SOURCE_DATE_EPOCH"] = str(made)
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=cwd, env=environment, capture_output=True, text=True, timeout=TIMEOUT)
    if done.returncode:
        last = "\n".join((done.stdout + done.stderr).splitlines()[-15:])
        raise Failed(f"{' '.join(words)} ended with {done.returncode}:\n{last}")
    return done.stdout


def committed(source: Path) -> int:
    """When the last commit was made, in seconds since 1970; where there is no Git, SOURCE_DATE_EPOCH.

    Raises Failed. (https://reproducible-builds.org/specs/source-date-epoch/)"""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    return int(run("git", "log", "-1", "--format=%ct", cwd=source))


def built(source: Path, folder: Path, made: int) -> tuple[Path, Path]:
    """The sdist, and the wheel made of the sdist. Raises Failed."""
    build = (sys.executable, "-m", "build", "--no-isolation", "--outdir", folder)
    run(*build, "--sdist", source, made=made)
    (sdist,) = folder.glob("*.tar.gz")
    unpacked = folder / "unpacked"
    with tarfile.open(sdist) as archive:
        # Python 3.11 has had filters since 3.11.4 only (Library reference, tarfile, "Supporting older Python versions").
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(unpacked)
    (root,) = unpacked.iterdir()
    run(*build, "--wheel", root, made=made)
    shutil.rmtree(unpacked)
    (wheel,) = folder.glob("*.whl")
    return sdist, wheel


def installed(wheel: Path, python: Path, folder: Path) -> Path:
    """The Python of a new environment with nothing in it but the wheel and what it needs. Raises Failed."""
    shutil.rmtree(folder, ignore_errors=True)
    run(python, "-m", "venv", "--without-pip", folder)
    inside = folder / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", inside, "install", "--quiet", wheel)
    return inside


def libraries(python: Path) -> Path:
    """Where an environment has its libraries."""
    return Path(run(python, "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])").strip())
